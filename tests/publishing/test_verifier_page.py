"""The verifier page as it is published: whom its policy lets it ask, whom it vouches for, and what it is made of."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from testamur.errors import OperatorError
from testamur.publishing import publish
from testamur.trust import PinnedTrust, TrustedIssuer, load_pinned
from testamur.web import WebFile
from testamur.words import LANGUAGES
from tests.publishing.conftest import AT, School
from tests.publishing.test_publish import files


def policy(page: str) -> dict[str, list[str]]:
    """The page's own policy, by directive."""
    found = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)
    assert found
    directives = (part.split() for part in html.unescape(found[1]).split(";"))
    return {name: values for name, *values in directives}


def published(school: School, folder: Path, **more: object) -> dict[str, bytes]:
    publish(school.site, school.ledger, school.status, folder, at=AT, **more)  # type: ignore[arg-type]
    return files(folder)


def test_the_policy_names_the_hosts_of_those_it_vouches_for_and_nobody_else(
    school: School, tmp_path: Path
) -> None:
    others = [
        TrustedIssuer("did:web:b.example%3A8443:x", "B", url="https://lists.b.example/q"),
        TrustedIssuer("did:webvh:QmTZ4a:c.example", "C"),
        TrustedIssuer("https://d.example/id", "D", digests="https://d.example; script-src *"),
    ]
    made = published(school, tmp_path / "public", trust=others)
    rules = policy(made["Q/index.html"].decode())
    assert rules["connect-src"] == [
        "'self'", "https://b.example:8443", "https://c.example", "https://d.example",
        "https://diplomas.valdoria.example", "https://lists.b.example",
    ]  # fmt: skip
    assert rules["default-src"] == ["'none'"]
    assert rules["script-src"] == ["'self'", "'wasm-unsafe-eval'"]
    assert rules["require-trusted-types-for"] == ["'script'"]
    listed = PinnedTrust.load(made["Q/trust.json"].decode(), "application/json")
    assert list(listed.issuers) == [school.site.did, *(other.id for other in others)]


def test_a_trust_file_cannot_speak_for_the_school_itself(school: School, tmp_path: Path) -> None:
    forged = TrustedIssuer(school.site.did, "Somebody else", until=AT - timedelta(days=900))
    made = published(school, tmp_path / "public", trust=[forged])
    listed = PinnedTrust.load(made["Q/trust.json"].decode(), "application/json")
    assert [entry.name for entry in listed.issuers.values()] == [school.site.name]
    assert len(listed.issuers[school.site.did].methods) == 2


def test_the_worker_knows_every_file_by_its_digest_and_is_new_only_when_one_is(
    school: School, tmp_path: Path
) -> None:
    made = published(school, tmp_path / "public")
    worker = made["verifier-worker.js"].decode()
    shell = json.loads(worker.partition("self.SHELL=")[2].partition(";self.BASE")[0])
    for path, digest in shell.items():
        assert WebFile(path, made["Q/" + (path or "index.html")]).integrity == digest
    there = {path.removeprefix("Q/") for path in made if path.startswith("Q/")}
    assert there - {"index.html", "trust.json"} == shell.keys() - {""}
    later = tmp_path / "later"
    publish(school.site, school.ledger, school.status, later, at=AT + timedelta(days=9))
    assert files(later)["verifier-worker.js"].decode() == worker
    school.issue(1)
    assert published(school, tmp_path / "public")["verifier-worker.js"].decode() != worker


def test_a_phone_loads_less_than_150_kilobytes_in_any_language(school: School, tmp_path: Path) -> None:
    """Parts are loaded later, and by browsers that lack what they bring."""
    made = published(school, tmp_path / "public")
    sizes = {path.removeprefix("Q/"): len(data) for path, data in made.items() if path.startswith("Q/")}
    shell = sum(size for path, size in sizes.items() if not path.startswith(("words/", "parts/")))
    assert shell + max(size for path, size in sizes.items() if path.startswith("words/")) < 150_000


def test_a_site_below_a_path_serves_its_page_from_there(school: School, tmp_path: Path) -> None:
    school.site = replace(school.site, url="https://valdoria.example/diplomas")
    made = published(school, tmp_path / "public")
    page = made["Q/index.html"].decode()
    assert 'src="/diplomas/Q/page.js"' in page
    assert 'self.BASE="/diplomas"' in made["verifier-worker.js"].decode()


def test_a_name_with_markup_in_it_stays_a_name(school: School, tmp_path: Path) -> None:
    school.site = replace(school.site, name='"><script>alert(1)</script>')
    page = published(school, tmp_path / "public")["Q/index.html"].decode()
    assert "<script>alert" not in page
    found = re.search(r'data-site="([^"]+)"', page)
    assert found
    assert json.loads(html.unescape(found[1]))["name"] == school.site.name


def test_every_language_there_is_a_catalogue_for_is_on_the_page(school: School, tmp_path: Path) -> None:
    made = published(school, tmp_path / "public")
    for language in LANGUAGES:
        said = json.loads(made[f"Q/words/{language}.json"])
        assert language == "en" or len(said) > 80


@pytest.mark.parametrize("name", ["trusted.yaml", "broken.toml"])
def test_a_trust_file_that_cannot_be_used_is_named(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("[[issuer]]\nid = 7\n")
    with pytest.raises(OperatorError, match=name):
        load_pinned(tmp_path / name)
