"""The examples of RFC 9901, of sd-jwt-python and of SD-JWT VC: what they say, who signed them, and for whom."""

import json
import re
from dataclasses import replace

import pytest

from testamur.errors import EvidenceUnusable, ProofInvalid, TestamurError
from testamur.jsontext import parse_object
from testamur.keys import PublicKey, VerificationMethod
from testamur.proofs import SdJwt, SdJwtVc, decode, parse_jws, parse_sd_jwt, reveal, verify_jws
from testamur.proofs.key_binding import look_at_binding
from testamur.proofs.sd_jwt import digest_text, make_disclosure, read_disclosure
from tests.vectors_home import vectors

pytestmark = pytest.mark.official
FOLDERS = ("sd-jwt/rfc9901", "sd-jwt/testcases", "sd-jwt-vc/examples")
ISSUER_KEY = PublicKey.from_jwk(  # issuer_key in every settings.yml
    {
        "kty": "EC",
        "crv": "P-256",
        "x": "b28d4MwZMjw8-00CG4xfnn9SLMVMM19SlqZpVb_uNtQ",
        "y": "Xv5zWwuoaTgdS6hV43yI6gBwTnjukmFQQnJ_kCxzqk8",
    }
)


def folders():
    for name in FOLDERS:
        yield from sorted(path for path in vectors(name).iterdir() if path.is_dir())


def read(folder, stage):
    """The SD-JWT of a stage; the examples wrap their text, and write JSON as a string in JSON."""
    (path,) = folder.glob(f"sd_jwt_{stage}.*")
    text = path.read_text()
    if path.suffix == ".txt":
        return parse_sd_jwt("".join(text.split()))
    return parse_sd_jwt(json.loads(text) if text.startswith('"') else text)


def nobody(url, purpose, at):
    raise EvidenceUnusable(url)


def test_every_example_says_what_it_is_to_say():
    seen = 0
    for folder in folders():
        parts = read(folder, "presentation")
        jws = parse_jws(parts.token)
        verify_jws(jws, ISSUER_KEY)
        assert parse_object(jws.payload) == json.loads((folder / "sd_jwt_payload.json").read_bytes())
        told = reveal(parse_object(jws.payload), parts.disclosures)
        assert told.claims == json.loads((folder / "verified_contents.json").read_bytes()), folder.name
        seen += 1
    assert seen == 35


def test_as_issued_everything_is_shown_and_nothing_is_kept_back_but_decoys():
    for folder in folders():
        parts = read(folder, "issuance")
        told = reveal(parse_object(parse_jws(parts.token).payload), parts.disclosures)
        assert not parts.key_binding
        assert bool(told.kept_back) is (folder / "decoy_digests.md").exists(), folder.name
        assert set(read(folder, "presentation").disclosures) <= set(parts.disclosures)


def test_the_printed_disclosures_and_digests_are_those_that_are_computed():
    seen = 0
    for folder in folders():
        if not (folder / "disclosures.md").exists():
            continue
        printed = (folder / "disclosures.md").read_text()
        digests = set(re.findall(r"`([A-Za-z0-9_-]{43})`", printed))
        issued = read(folder, "issuance").disclosures
        assert {digest_text(text, "sha256") for text in issued} <= digests, folder.name
        seen += len(issued)
    assert seen > 100


def test_the_example_of_the_text_is_read_and_digested_as_printed():
    text = (
        "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0"  # RFC 9901 §4.2.1, §4.2.3
    )
    disclosure = read_disclosure(text)
    assert (disclosure.name, disclosure.value) == ("family_name", "Möbius")
    assert disclosure.digest("sha256") == "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0"
    assert read_disclosure(make_disclosure("family_name", "Möbius", "s").text).value == "Möbius"


def test_the_holders_signatures_hold_and_fail_over_anything_else():
    seen = 0
    for folder in folders():
        parts = read(folder, "presentation")
        if not parts.key_binding or parts.others:
            continue
        payload = parse_object(parse_jws(parts.token).payload)
        expected = json.loads((folder / "kb_jwt_payload.json").read_bytes())
        binding = look_at_binding(parts, payload, payload, nobody)
        assert binding.holds, (folder.name, binding.error)
        assert (binding.domain, binding.challenge) == ((expected["aud"],), expected["nonce"])
        fewer = SdJwt(parts.token, parts.disclosures[:-1], parts.key_binding)
        if parts.disclosures:
            assert isinstance(look_at_binding(fewer, payload, payload, nobody).error, ProofInvalid)
        seen += 1
    assert seen >= 8


def test_sd_jwt_vc_examples_open_as_records():
    for folder in sorted(path for path in vectors("sd-jwt-vc/examples").iterdir() if path.is_dir()):
        parts = read(folder, "presentation")
        document = decode(parts.text)
        assert document.format == "dc+sd-jwt"
        asked = []

        def find_key(url, purpose, at, asked=asked):
            asked.append((url, purpose))
            return VerificationMethod(url, url.partition("#")[0], ISSUER_KEY)

        opened = SdJwtVc(
            find_certified=lambda x5c, iss, at: find_key(f"{iss}#x5c", "assertionMethod", at)
        ).open(document, find_key)
        claims = json.loads((folder / "verified_contents.json").read_bytes())
        assert opened.claims == claims
        errors = [str(each.error) for each in opened.signatures if each.error]
        if "kid" in parse_jws(parts.token).header or "x5c" in parse_jws(parts.token).header:
            assert not errors, folder.name
            assert asked[0][0].startswith(claims["iss"])
        else:
            assert errors == ["the header names no key (kid)"]
        assert (opened.binding is not None) is bool(parts.key_binding)


def test_a_signature_of_the_issuer_with_a_changed_payload_is_refused():
    for folder in folders():
        jws = parse_jws(read(folder, "presentation").token)
        changed = jws.signed[:-1] + (b"A" if jws.signed[-1:] != b"A" else b"B")
        with pytest.raises(TestamurError):
            verify_jws(replace(jws, signed=changed), ISSUER_KEY)
