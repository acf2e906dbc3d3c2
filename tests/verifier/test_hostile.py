"""Everything an attacker may hand in: a clear line, the right exit code, no traceback, bounded work."""

import gzip
import json
from pathlib import Path

import pytest

from testamur.encoding import encode_base64url
from testamur.jsontext import Json, parse_object, write_json
from testamur.keys import LocalSigner
from testamur.proofs import DataIntegrity
from tests.scanning import papers
from tests.town import GRADUATION, key
from tests.verifier.conftest import Desk

UNREADABLE = {
    "empty": b"",
    "truncated": b'{"@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["Verif',
    "nested": b'{"@context":' + b"[" * 10_000 + b"]" * 10_000 + b"}",
    "nested objects": b'{"@context":' * 10_000 + b"1" + b"}" * 10_000,
    "twice": b'{"@context": [], "type": "VerifiableCredential", "type": "VerifiableCredential"}',
    "not utf-8": b'{"@context": "\xff\xfe"}',
    "huge integer": b'{"@context": ' + b"9" * 100_000 + b"}",
    "huge exponent": b'{"@context": 1e999999}',
    "nan": b'{"@context": NaN}',
    "surrogate": b'{"@context": "\\ud83d"}',
    "gzip": gzip.compress(bytes(5_000_000)),
    "zip bomb": papers.archive(a__json=bytes(60_000_000)),
    "pdf bomb": papers.pdf_bomb(400_000_000),
    "png bomb": papers.png_bomb(60_000),
    "foreign code": papers.saved(papers.code("https://pizza.example/menu")),
    "web page": b"<!doctype html><title>Diploma</title>",
    "javascript": b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>",
    "zeros": bytes(1_000_000),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_no_record_exits_with_2_and_a_line(desk: Desk, name: str) -> None:
    assert desk.verify(desk.put("input.json", UNREADABLE[name])) == 2
    assert desk.out == ""
    assert desk.err.startswith(("error: ", str(desk.folder)))
    assert len(desk.err) < 1000


def test_a_hundred_megabytes_are_refused_unread(desk: Desk) -> None:
    path = desk.folder / "large.json"
    with path.open("wb") as stream:
        stream.truncate(100_000_000)
    assert desk.verify(str(path)) == 2
    assert "longer than 50,000,000 bytes" in desk.err


def token(header: Json, claims: Json, signature: bytes = b"\0" * 64) -> str:
    parts = (json.dumps(header).encode(), write_json(claims).encode(), signature)
    return ".".join(map(encode_base64url, parts))


def test_a_token_without_a_signature_is_never_accepted(desk: Desk) -> None:
    claims = desk.town.school.diploma()
    for algorithm in ("none", "None", "HS256", "", "EdDSA"):
        header = {"alg": algorithm, "typ": "vc+jwt", "kid": desk.town.school.key.verification_method}
        for signature in (b"", b"\0" * 64):
            assert desk.verify(token(header, claims, signature)) == (3 if algorithm == "None" else 1)


def forged(desk: Desk, **proof: object) -> bytes:
    document = parse_object(desk.town.school.issue().text)
    document["proof"] |= proof
    return write_json(document).encode()


@pytest.mark.parametrize(
    "proof",
    [
        {"verificationMethod": "did:web:127.0.0.1#key-1"},
        {"verificationMethod": "did:web:localhost%3A8443#key-1"},
        {"verificationMethod": "did:web:169.254.169.254:latest#key-1"},
        {"verificationMethod": "did:key:z6Mkgarbage#z6Mkgarbage"},
        {"verificationMethod": "javascript:alert(1)"},
        {"verificationMethod": "did:web:diplomas.valdoria.example#" + "k" * 100_000},
        {"proofPurpose": "authentication"},
        {"proofPurpose": ["assertionMethod"]},
        {"created": "2099-01-01T00:00:00Z"},
        {"proofValue": "z" + "1" * 100_000},
        {"proofValue": 17},
        {"cryptosuite": "ecdsa-rdfc-2019"},
    ],
    ids=lambda proof: next(iter(proof)) + "=" + str(next(iter(proof.values())))[:40],
)
def test_a_hostile_proof_is_rejected_or_undecided_and_never_genuine(
    desk: Desk, proof: dict[str, object]
) -> None:
    assert desk.verify(desk.put("d.json", forged(desk, **proof))) in (1, 3)
    assert not desk.out.startswith("GENUINE")


def test_somebody_elses_key_under_the_schools_name_is_rejected(desk: Desk) -> None:
    stranger = LocalSigner(key("stranger"), desk.town.school.key.verification_method)
    signed = DataIntegrity().secure(write_json(desk.town.school.diploma()), stranger, at=GRADUATION)
    assert desk.verify(desk.put("d.json", signed.text)) == 1


def test_a_name_full_of_terminal_commands_is_shown_and_not_obeyed(desk: Desk) -> None:
    name = "Ana\u202e\u2067 مريم"
    assert desk.verify(desk.put("d.json", desk.town.school.issue(desk.town.school.diploma(name)).text)) == 0
    assert "Ana\\u202e\\u2067 مريم" in desk.out


def test_a_file_name_full_of_terminal_commands_is_shown_and_not_obeyed(desk: Desk) -> None:
    assert desk.verify(desk.put("d\x1b[2J.json", b"Dear Sir")) == 2
    assert "\x1b" not in desk.err


def test_a_status_list_that_never_ends_leaves_the_status_unknown(desk: Desk) -> None:
    target = Path(desk.folder / "public" / "status" / "1.json")
    with target.open("wb") as stream:
        stream.truncate(300_000_000)
    assert desk.verify(desk.put("d.json", desk.town.school.issue().text)) == 3
    assert "unknown status" in desk.out
