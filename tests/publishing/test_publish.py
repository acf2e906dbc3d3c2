"""The public folder: what is in it, what is not, and that it is never there by half."""

from __future__ import annotations

import base64
import gzip
import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from testamur.checks import Policy
from testamur.credentials import STATUS_CLAIM, StatusEntry
from testamur.did import DidDocument, Resolver
from testamur.errors import OperatorError
from testamur.fetch import SITE, Mirror, NoNetwork
from testamur.jsontext import parse_object
from testamur.proofs import FORMATS, decode
from testamur.publishing import GOOD_FOR, publish
from testamur.status import decode_list, look_up, open_list_token, value_at
from testamur.trust import PinnedTrust, entry_from_document
from testamur.verifying import Verifier
from tests.publishing.conftest import AT, NAMES, School

LATER = AT + timedelta(hours=1)


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def published(school: School, folder: Path, at=AT):
    return publish(school.site, school.ledger, school.status, folder, at=at)


def layers(data: bytes) -> list[bytes]:
    """The bytes, and whatever is wrapped in them: JSON text, parts of tokens, compressed lists."""
    found = [data]
    for part in data.replace(b'"', b".").replace(b"~", b".").split(b"."):
        text = part.removeprefix(b"u")
        try:
            inner = base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4)) if len(text) > 15 else b""
        except ValueError:
            continue
        if inner[:2] == b"\x1f\x8b":
            inner = gzip.decompress(inner)
        found += layers(inner) if inner.startswith((b"{", b"[")) else [inner]
    return found


def spellings(words: str) -> list[bytes]:
    """The ways in which words could stand in a file."""
    plain = words.encode()
    escaped = json.dumps(words)[1:-1].encode()
    encoded = [base64.b64encode(b" " * shift + plain)[4:-4] for shift in range(3)]
    return [
        plain,
        escaped,
        words.encode("utf-16-le"),
        words.encode("utf-16-be"),
        plain.hex().encode(),
        *encoded,
    ]


def test_no_byte_of_the_folder_names_a_graduate_a_number_or_an_award(school, tmp_path):
    records = [school.issue(number) for number in range(len(NAMES))]
    school.ledger.set_status(records[0].id, "revocation", True, reason="she copied chapter 3", at=AT)
    school.issue(1, replaces=records[1].id)
    published(school, tmp_path / "public")
    secrets = [*NAMES, "SECRET-", "Apicultura", "2022-00", "chapter 3", "achievements/bees"]
    secrets += [record.id.removeprefix("urn:uuid:") for record in records]
    contents = files(tmp_path / "public")
    assert len(contents) > 9
    for path, data in contents.items():
        for layer in layers(data):
            for secret in secrets:
                assert not any(spelling in layer for spelling in spellings(secret)), (path, secret)


def test_the_search_for_names_finds_one_that_is_wrapped(school):
    record = school.issue(1)
    text = record.forms[0].text
    token = b".".join(
        base64.urlsafe_b64encode(part).rstrip(b"=") for part in (b"{}", text.encode(), b"x" * 64)
    )
    listed = b'{"encodedList":"u' + base64.urlsafe_b64encode(gzip.compress(text.encode())) + b'"}'
    for data in (text.encode(), token, listed, json.dumps(text).encode()):
        assert any(spelling in layer for layer in layers(data) for spelling in spellings(NAMES[1]))


def test_a_bit_is_set_for_each_record_that_was_revoked_or_replaced_and_for_no_other(school, tmp_path):
    records = [school.issue(number) for number in range(5)]
    school.ledger.set_status(records[0].id, "revocation", True, reason="withdrawn", at=AT)
    school.issue(1, replaces=records[1].id)
    published(school, tmp_path / "public")
    subject = parse_object((tmp_path / "public/status/1.json").read_bytes())["credentialSubject"]
    bits = decode_list(subject["encodedList"])
    assert [value_at(bits, record.slots[0].index) for record in records] == [1, 1, 0, 0, 0]
    assert sum(map(int.bit_count, bits)) == 2


def test_a_token_list_says_of_one_index_whether_it_is_revoked_or_suspended(school, tmp_path):
    school.site = replace(school.site, token_lists=("jwt", "cwt"))
    records = [school.issue(number, suspendable=True) for number in range(4)]
    for record, purpose in ((0, "revocation"), (1, "suspension"), (2, "suspension"), (2, "revocation")):
        school.ledger.set_status(records[record].id, purpose, True, reason="withdrawn", at=AT)
    done = published(school, tmp_path / "public")
    assert [path for path in done.written if ".token." in path] == [
        "status/1.token.jwt",
        "status/1.token.cwt",
    ]
    resolver = Resolver(Mirror(tmp_path / "public", NoNetwork()))
    for path in ("status/1.token.jwt", "status/1.token.cwt"):
        body = (tmp_path / "public" / path).read_bytes()
        for record, value in zip(records, (1, 2, 1, 0), strict=True):
            entry = StatusEntry(STATUS_CLAIM, index=record.slots[0].index, list_url=school.site.at(path))
            claims = open_list_token(body, entry, resolver.method, school.site.did)
            assert look_up(entry, claims, AT).value == value


def test_the_digests_are_those_of_every_form_sorted(school, tmp_path):
    records = [school.issue(number) for number in range(4)]
    published(school, tmp_path / "public")
    expected = sorted(sha256(form.text.encode()).digest() for record in records for form in record.forms)
    assert (tmp_path / "public/digests.bin").read_bytes() == b"".join(expected)


def verifier(school: School, folder: Path, at) -> Verifier:
    fetch = Mirror(folder, NoNetwork(), clock=lambda: at)
    entry = entry_from_document(Resolver(fetch).resolve(school.site.did).document, "Valdoria", at)
    return Verifier(Resolver(fetch), fetch, [PinnedTrust.of([entry])], Policy(max_age=GOOD_FOR * 2))


def test_what_is_published_decides_over_what_was_issued(school, tmp_path):
    good, bad, old = (school.issue(number) for number in range(3))
    school.ledger.set_status(bad.id, "revocation", True, reason="issued_in_error", at=AT)
    new = school.issue(2, replaces=old.id)
    published(school, tmp_path / "public")
    checker = verifier(school, tmp_path / "public", LATER)
    answers = [
        checker.verify(decode(record.forms[0].text), at=LATER).headline for record in (good, bad, old, new)
    ]
    assert answers == ["genuine", "revoked", "replaced", "genuine"]


def test_the_published_lists_are_signed_by_the_status_key_in_both_forms(school, tmp_path):
    school.issue(3)
    published(school, tmp_path / "public")
    find_key = Resolver(Mirror(tmp_path / "public", NoNetwork(), clock=lambda: LATER)).method
    for name in ("status/1.json", "status/1.jwt"):
        document = decode((tmp_path / "public" / name).read_text())
        opened = FORMATS[document.format].open(document, find_key)
        assert [signature.holds for signature in opened.signatures] == [True], name
        assert opened.signatures[0].verification_method == f"{school.site.did}#status-1"


def test_lists_run_out_ninety_days_after_they_were_published(school, tmp_path):
    record = school.issue(4)
    published(school, tmp_path / "public")
    checker = verifier(school, tmp_path / "public", AT)
    assert (
        checker.verify(decode(record.forms[0].text), at=AT + GOOD_FOR - timedelta(days=1)).headline
        == "genuine"
    )
    assert (
        checker.verify(decode(record.forms[0].text), at=AT + GOOD_FOR + timedelta(days=1)).headline
        == "cannot_tell"
    )


def test_the_did_document_lists_every_key_the_school_ever_had_with_its_window(school, tmp_path):
    school.ledger.retire_key(school.site.did, "key-1", at=LATER)
    published(school, tmp_path / "public", LATER)
    document = DidDocument.parse(parse_object((tmp_path / "public/.well-known/did.json").read_bytes()))
    members = document.document
    assert document.id == school.site.did
    assert [method["id"].partition("#")[2] for method in members["verificationMethod"]] == [
        "key-1",
        "status-1",
    ]
    assert members["verificationMethod"][0]["expires"] == "2026-09-01T13:00:00Z"
    assert all(method["controller"] == school.site.did for method in members["verificationMethod"])
    assert members["assertionMethod"] == [f"{school.site.did}#key-1", f"{school.site.did}#status-1"]
    assert members["authentication"] == [f"{school.site.did}#key-1"]
    assert {service["serviceEndpoint"].rpartition("/")[2] for service in members["service"]} == {
        "digests.jwt", "trust.json",
    }  # fmt: skip


def test_publishing_again_at_the_same_moment_changes_nothing(school, tmp_path):
    school.issue(0)
    first, before = published(school, tmp_path / "public"), files(tmp_path / "public")
    again = published(school, tmp_path / "public")
    assert first.unchanged == again.written == ()
    assert set(again.unchanged) == set(first.written)
    assert files(tmp_path / "public") == before


def test_a_file_that_is_published_no_more_is_removed_and_a_strangers_file_is_left(school, tmp_path):
    folder = tmp_path / "public"
    published(school, folder)
    (folder / "old.json").write_text("{}")
    (folder / "mine.txt").write_text("a note")
    site = parse_object((folder / SITE).read_bytes())
    listed = [*site["files"], "old.json", "../ledger.sqlite", "/etc/hostname", ""]
    (folder / SITE).write_text(json.dumps(site | {"files": listed}))
    assert published(school, folder, LATER).removed == ("old.json",)
    assert not (folder / "old.json").exists()
    assert (folder / "mine.txt").exists()
    assert (tmp_path / "ledger.sqlite").exists()


def test_what_a_killed_run_left_unfinished_is_swept_away_and_a_running_one_left_alone(school, tmp_path):
    folder = tmp_path / "public"
    published(school, folder)
    stale, fresh = folder / "status" / ".0011223344556677.part", folder / ".8899aabbccddeeff.part"
    stale.parent.mkdir(exist_ok=True)
    stale.touch()
    fresh.touch()
    os.utime(stale, (0, 0))
    published(school, folder, LATER)
    assert not stale.exists()
    assert fresh.exists()


@pytest.mark.parametrize(
    "content", ["{", '{"did":"did:web:other.example","url":"https://other.example"}', "[]"]
)
def test_a_folder_of_another_site_is_refused_and_left_as_it_was(school, tmp_path, content):
    folder = tmp_path / "public"
    folder.mkdir()
    (folder / SITE).write_text(content)
    with pytest.raises(OperatorError):
        published(school, folder)
    assert files(folder) == {SITE: content.encode()}


def test_a_folder_that_holds_other_things_is_refused(school, tmp_path):
    (tmp_path / "public").mkdir()
    (tmp_path / "public/thesis.odt").touch()
    with pytest.raises(OperatorError, match="did not publish"):
        published(school, tmp_path / "public")


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from testamur.keys import LocalSigner
from testamur.publishing import Site, publish
from testamur.store import Ledger
from tests.town import key
folder, ledger, renames = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
rename = Path.replace
def counted(self, target):
    global renames
    if renames == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    renames -= 1
    return rename(self, target)
Path.replace = counted
site = Site("Universidad de Valdoria", "https://diplomas.valdoria.example",
            "did:web:diplomas.valdoria.example", "diplomas.valdoria.example")
signer = LocalSigner(key("status-1"), site.did + "#status-1")
with Ledger.open(f"sqlite:///{ledger}") as opened:
    publish(site, opened, signer, folder, at=datetime(2026, 9, 1, 13, tzinfo=UTC))
"""


def killed(folder: Path, ledger: Path, renames: int) -> int:
    command = [sys.executable, "-c", KILLED, str(folder), str(ledger), str(renames)]
    return subprocess.run(command, cwd=Path(__file__).parents[2], check=False).returncode


@pytest.mark.parametrize("renames", [0, 1, 3, 5])
def test_a_run_that_is_killed_leaves_whole_files_and_is_finished_by_the_next(school, tmp_path, renames):
    good, bad = school.issue(0), school.issue(1)
    for name, first in (("new", False), ("known", True)):
        folder = tmp_path / name
        if first:
            published(school, folder)
        before = files(folder)
        school.ledger.set_status(bad.id, "revocation", True, reason="withdrawn", at=AT)
        assert killed(folder, tmp_path / "ledger.sqlite", renames) == -signal.SIGKILL
        whole = {path: data for path, data in files(folder).items() if not path.endswith(".part")}
        assert set(whole) >= set(before)
        if first:
            answer = verifier(school, folder, LATER).verify(decode(good.forms[0].text), at=LATER)
            assert answer.headline == "genuine"
        published(school, folder, LATER)
        checker = verifier(school, folder, LATER)
        assert checker.verify(decode(good.forms[0].text), at=LATER).headline == "genuine"
        assert checker.verify(decode(bad.forms[0].text), at=LATER).headline == "revoked"


def test_keys_are_published_before_what_they_sign(school, tmp_path):
    school.issue(0)
    written = published(school, tmp_path / "public").written
    assert written.index(".well-known/did.json") < written.index("status/1.json")
