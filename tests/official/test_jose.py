"""The inputs of the W3C vc-jose-cose test suite, and the signatures of RFC 7520 and RFC 8037."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from testamur.encoding import decode_base64url
from testamur.errors import KeyNotAuthorized, TestamurError
from testamur.keys import LocalSigner, PrivateKey, PublicKey, VerificationMethod
from testamur.proofs import (
    FORMATS,
    VcCose,
    VcJwt,
    VcSdJwt,
    VpCose,
    VpJwt,
    VpSdJwt,
    decode,
    open_document,
    parse_jws,
    parse_path,
    verify_jws,
)
from tests.vectors_home import vectors

pytestmark = pytest.mark.official
AT = datetime(2026, 7, 1, tzinfo=UTC)


def cases(act):
    folder = vectors("vc-jose-cose")
    groups = json.loads((folder / "expected.json").read_bytes())
    for name, case in [each for mapping in groups.values() for each in mapping.items()]:
        if case["fn"] == act:
            method = json.loads((folder / "input" / case["key_file"]).read_bytes())
            yield name, (folder / "input" / case["input_file"]).read_bytes(), method, case


def finder(method):
    """Finds the one method of the example, whose kid in the tokens is its thumbprint."""
    found = VerificationMethod(method["id"], method["controller"], PublicKey.from_jwk(method["publicKeyJwk"]))

    def find_key(url, purpose, at):
        if url != found.id and url.partition("#")[2] != method["publicKeyJwk"]["kid"]:
            raise KeyNotAuthorized(f"{url} is not the key of the example")
        return found

    return find_key


def verifies(raw, find_key):
    """Data Integrity is left out: the suite's unsecured documents must not count as anything else."""
    try:
        document = decode(raw)
        formats = {name: form for name, form in FORMATS.items() if "+" in name}
        opened = open_document(document, find_key, formats)
    except TestamurError:
        return False
    return all(each.holds for each in opened.signatures)


def test_the_suites_documents_are_accepted_and_refused_as_it_says():
    seen = []
    for name, raw, method, case in cases("verify"):
        expected = case["expected_result"]
        assert verifies(raw.strip(), finder(method)) is (expected == "success"), name
        seen.append((case["feature"], expected))
    assert len(seen) == 25
    assert len(set(seen)) == 12  # every feature both ways


FORMS = {
    "credential_jose": VcJwt, "presentation_jose": VpJwt, "credential_cose": VcCose, "presentation_cose": VpCose,
    "credential_sdjwt": VcSdJwt, "presentation_sdjwt": VpSdJwt,
}  # fmt: skip


def test_what_is_issued_from_the_suites_inputs_verifies():
    count = 0
    for name, raw, method, case in cases("issue"):
        if case["expected_result"] != "success":
            continue
        count += 1
        document = json.loads(raw)
        unclaimed = {key: value for key, value in document.items() if key not in ("iss", "jti", "iat", "exp")}
        signer = LocalSigner(PrivateKey.from_jwk(method["secretKeyJwk"]), method["id"])
        paths = tuple(map(parse_path, case.get("disclosure_paths", ())))
        form = FORMS[case["feature"]](**({"disclosable": paths} if paths else {}))
        made = form.secure(json.dumps(unclaimed), signer, at=AT)
        opened = open_document(decode(made.text), finder(method))
        assert opened.claims == unclaimed, name
        assert opened.signatures[0].error is None, (name, str(opened.signatures[0].error))
        assert {*opened.disclosed} == {*paths}
    assert count == 9


@pytest.mark.parametrize(
    ("file", "algorithms"), [("4_1.rsa_v15_signature", {"RS256": "RSA"}), ("4_3.ecdsa_signature", None)]
)
def test_the_signatures_of_rfc_7520_verify(file, algorithms):
    example = json.loads((vectors("jose-cookbook") / "jws" / f"{file}.json").read_bytes())
    key = {
        name: value
        for name, value in example["input"]["key"].items()
        if name in ("kty", "crv", "x", "y", "n", "e")
    }
    jws = parse_jws(example["output"]["compact"])
    assert jws.payload.decode() == example["input"]["payload"]
    verify_jws(jws, PublicKey.from_jwk(key), *([algorithms] if algorithms else []))
    changed = bytes([jws.signature[0] ^ 1]) + jws.signature[1:]
    with pytest.raises(TestamurError):
        verify_jws(
            replace(jws, signature=changed), PublicKey.from_jwk(key), *([algorithms] if algorithms else [])
        )


def test_the_ed25519_signature_of_rfc_8037_is_made_again():
    example = json.loads((vectors("jose-cookbook") / "curve25519" / "jws.json").read_bytes())
    key = PrivateKey.from_jwk(example["input"]["key"])
    jws = parse_jws(example["output"]["compact"])
    verify_jws(jws, key.public_key)
    assert (
        key.sign(jws.signed) == jws.signature == decode_base64url(example["output"]["compact"].split(".")[2])
    )
