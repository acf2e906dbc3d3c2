"""A published folder in place of a site: it answers for its own addresses and for nothing outside itself."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta

import pytest

from testamur.errors import EvidenceUnusable, OperatorError
from testamur.fetch import SITE, Mirror, NoNetwork
from tests.town import Web

URL = "https://diplomas.valdoria.example/uni"
AT = datetime(2026, 9, 1, 12, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "public"
    (place / "status").mkdir(parents=True)
    (place / "status/1.json").write_text("{}")
    (place / "ሰላም.jwt").write_text("a.b.c")
    (place / SITE).write_text(json.dumps({"url": URL + "/", "published": "2026-09-01T12:00:00Z"}))
    (tmp_path / "secret.txt").write_text("secret")
    return place


def mirror(folder, *, now=AT, **options) -> Mirror:
    return Mirror(folder, NoNetwork(), clock=lambda: now, **options)


def test_a_file_of_the_folder_is_given_for_its_address_with_the_day_it_was_published(folder):
    fetched = mirror(folder).get(f"{URL}/status/1.json")
    assert (fetched.body, fetched.media_type, fetched.at) == (b"{}", "application/json", AT)


def test_an_address_in_another_script_is_found(folder):
    assert mirror(folder).get(f"{URL}/%E1%88%B0%E1%88%8B%E1%88%9D.jwt").media_type == "application/jwt"


def test_what_stands_behind_the_question_mark_or_the_hash_is_not_part_of_a_files_name(folder):
    assert mirror(folder).get(f"{URL}/status/1.json?x=../y#list").body == b"{}"


@pytest.mark.parametrize(
    "path",
    ["/../secret.txt", "/%2e%2e/secret.txt", "/status/../../secret.txt", "//etc/hostname", "/%2fetc/hostname",
     "/status/%00", "/", ""],
)  # fmt: skip
def test_no_address_leaves_the_folder(folder, path):
    with pytest.raises(EvidenceUnusable):
        mirror(folder).get(URL + path)


def test_a_link_out_of_the_folder_is_not_followed(folder):
    (folder / "link.txt").symlink_to(folder.parent / "secret.txt")
    with pytest.raises(EvidenceUnusable, match="leaves the folder"):
        mirror(folder).get(f"{URL}/link.txt")


def test_a_pipe_or_a_folder_is_no_file(folder):
    os.mkfifo(folder / "pipe.json")
    for path in ("pipe.json", "status", "none.json"):
        with pytest.raises(EvidenceUnusable, match="holds no"):
            mirror(folder).get(f"{URL}/{path}")


def test_another_site_is_asked_for_behind_it_also_one_whose_name_begins_alike(folder):
    for other in (
        "https://other.example/1.json",
        f"{URL}versity/1.json",
        URL.replace("https", "http") + "/1.json",
    ):
        behind = Web({other: b"behind"})
        assert Mirror(folder, behind).get(other).body == b"behind"


def test_a_file_longer_than_asked_for_is_refused(folder):
    with pytest.raises(EvidenceUnusable, match="longer than 1 bytes"):
        mirror(folder).get(f"{URL}/status/1.json", max_bytes=1)


def test_a_copy_that_is_too_old_is_no_evidence(folder):
    month = timedelta(days=30)
    assert mirror(folder, now=AT + month, max_age=month).get(f"{URL}/status/1.json").body == b"{}"
    with pytest.raises(EvidenceUnusable, match="too long ago"):
        mirror(folder, now=AT + month + timedelta(seconds=1), max_age=month).get(f"{URL}/status/1.json")


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"{}", b'{"url":"https://x.example"}', b'{"url":1,"published":2}', b"\xff", b"[" * 50_000],
    ids=len,
)  # fmt: skip
def test_a_folder_that_was_not_published_is_told_to_the_operator(folder, content):
    (folder / SITE).write_bytes(content)
    with pytest.raises(OperatorError, match="no published folder"):
        mirror(folder)


def test_a_folder_without_its_summary_is_told_to_the_operator(tmp_path):
    with pytest.raises(OperatorError, match="no published folder"):
        mirror(tmp_path)
