"""What a release has issued must be verified by every later one: the folders of tests/vectors/forever, offline.

A folder is written by ``tools/forever.py`` before its release and never again.
"""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest

from testamur.backup import restore_backup
from testamur.checks import Audience, Policy
from testamur.credentials import IN_PART, StatusEntry
from testamur.did import DidDocument, Resolver
from testamur.fetch import Mirror, NoNetwork
from testamur.forming import FURTHER_FORMS
from testamur.jsontext import Json, parse_object
from testamur.keys import read_key_file
from testamur.papercode import decode as decode_code
from testamur.presenting import PRESENTATION_FORMS
from testamur.proofs import decode, open_document
from testamur.scanning import examine
from testamur.status import open_list_token, open_notices
from testamur.times import parse_instant
from testamur.trust import TRUST_SOURCES, all_pins, digests_location, open_digest_list
from testamur.verifying import Verifier

ROOT = Path(__file__).parent / "vectors" / "forever"
RELEASES = sorted(path.parent for path in ROOT.glob("*/manifest.json"))
INPUTS = [
    pytest.param(release, name, id=f"{release.name}-{name}")
    for release in RELEASES
    for name in parse_object((release / "manifest.json").read_bytes())["inputs"]
]
each_release = pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.name)


@cache
def manifest(release: Path) -> Json:
    return parse_object((release / "manifest.json").read_bytes())


@cache
def employer(release: Path, *, asks: bool = False) -> Verifier:
    """Trusts the school by the trust file of the time, and has a copy of its published folder and no network.

    One who ``asks`` has asked the holder what the answers of the time were made for.
    """
    at = parse_instant(manifest(release)["at"])
    trust = [TRUST_SOURCES[".json"]((release / "trusted.json").read_text("utf-8"), "trusted.json")]
    web = Mirror(release / "public", NoNetwork(), clock=lambda: at)
    asked = manifest(release)["asked"]
    policy = Policy(audience=Audience(asked["domain"], asked["challenge"]) if asks else None)
    return Verifier(Resolver(web, pins=all_pins(trust), offline=True), web, trust, policy)


def test_there_is_a_folder_for_the_first_release() -> None:
    assert "0.1.0" in [release.name for release in RELEASES]


@pytest.mark.parametrize(("release", "name"), INPUTS)
def test_what_was_issued_then_gets_the_answer_of_then(release: Path, name: str) -> None:
    expected = manifest(release)["inputs"][name]
    at = parse_instant(manifest(release)["at"])
    data = (release / "inputs" / name).read_bytes()
    asks = name.startswith("answer.")
    (report,) = examine(data, employer(release, asks=asks), at=at, source=name).reports
    assert report.headline == expected["headline"], report.to_text()
    told = {field.name: getattr(report.facts, field.name) for field in fields(report.facts)}
    assert told | expected.get("facts", {}) == told
    is_shown = name.startswith(("shown", "answer.vp"))
    assert is_shown or told["holder"]
    assert not is_shown or all(each.facts.holder for each in report.inner)


@each_release
def test_every_form_of_then_is_among_them(release: Path) -> None:
    """What is issued in a release is kept of it: no form is added without a file here."""
    names = set(manifest(release)["inputs"])
    for name, form in FURTHER_FORMS.items():
        assert f"further.{form.suffix}" in names, name
    for name in IN_PART:
        assert f"copy.{FURTHER_FORMS[name].suffix}" in names, name
    for form in PRESENTATION_FORMS:
        assert f"answer.vp.{form.removeprefix('vp+').replace('ldp_vp', 'json')}" in names


@each_release
def test_the_code_and_the_token_of_then_are_one(release: Path) -> None:
    inputs = release / "inputs"
    token = (inputs / "diploma.jwt").read_text("ascii").strip()
    assert decode_code((inputs / "diploma.code.txt").read_text("ascii")) == token


@each_release
def test_what_was_published_then_holds(release: Path) -> None:
    public, school = release / "public", manifest(release)["school"]
    at, find_key = parse_instant(manifest(release)["at"]), employer(release).resolver.method
    document = DidDocument.parse(parse_object((public / ".well-known" / "did.json").read_bytes()))
    assert document.id == school["did"]
    for path in sorted((public / "status").glob("*")):
        if path.name.endswith((".token.jwt", ".token.cwt")):
            url = f"{school['url']}/status/{path.name}"
            entry = StatusEntry("status_list", index=1, list_url=url)
            claims = open_list_token(path.read_bytes(), entry, find_key, school["did"])
            assert claims["status_list"]["bits"] in (1, 2)
        elif not path.name.endswith(".notices.jwt"):
            opened = open_document(decode(path.read_bytes()), find_key)
            assert [signature.error for signature in opened.signatures] == [None], path.name
    for number, reason in ((1, "issued_in_error"), (2, "under_review")):
        token = (public / "status" / f"{number}.notices.jwt").read_text("ascii").strip()
        url = f"{school['url']}/status/{number}.json"
        notices = open_notices(token, find_key, list_url=url, issuer=school["did"], at=at)
        assert reason in [notice.reason for notice in notices.notices.values()]


@each_release
def test_the_digests_of_then_name_what_was_issued(release: Path) -> None:
    public, school = release / "public", manifest(release)["school"]
    at, find_key = parse_instant(manifest(release)["at"]), employer(release).resolver.method
    token = (public / "digests.jwt").read_text("ascii").strip()
    assert digests_location(token, find_key, issuer=school["did"], at=at) == f"{school['url']}/digests.bin"
    raw = (public / "digests.bin").read_bytes()
    listed = open_digest_list(token, raw, find_key, issuer=school["did"], at=at)
    for name, known in (("diploma.json", True), ("diploma.jwt", True), ("forged.json", False)):
        digest = sha256((release / "inputs" / name).read_bytes().strip()).digest()
        assert listed.contains(digest) is known


@each_release
def test_the_key_file_of_then_opens_and_signs_what_its_public_key_verifies(release: Path) -> None:
    signer = read_key_file(release / "key-1.key").unlock(manifest(release)["passphrase"])
    signer.public_key.verify(signer.sign(b"for ever"), b"for ever")
    found = employer(release).resolver.method(signer.verification_method, "assertionMethod", None)
    assert found.public_key == signer.public_key


@each_release
def test_the_backup_of_then_becomes_a_home_again(release: Path, tmp_path: Path) -> None:
    passphrase = manifest(release)["passphrase"]
    home = restore_backup(release / "backup.sealed", tmp_path / "home", lambda: passphrase)
    token = (release / "inputs" / "diploma.jwt").read_text("ascii").strip()
    with home.ledger() as ledger:
        records = ledger.find(home.did, limit=1000)
        texts = [
            form.text
            for record in ledger.find(home.did, limit=1000, with_forms=True)
            for form in record.forms
        ]
    assert len(records) == manifest(release)["records"]
    assert token in texts
