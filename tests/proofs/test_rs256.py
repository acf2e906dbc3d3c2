"""RS256, which Open Badges tokens carry and no other format takes."""

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256, SHA384
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from testamur.encoding import encode_base64url
from testamur.errors import KeyNotAuthorized, ProofInvalid, Unsupported
from testamur.jsontext import write_json
from testamur.keys import PublicKey, VerificationMethod
from testamur.proofs import decode, open_document
from tests.proofs.school import DID, DIPLOMA

KID = f"{DID}/keys/1"


@pytest.fixture(scope="module")
def rsa():
    return generate_private_key(65537, 2048)


def token(rsa, header=None, claims=DIPLOMA, digest=SHA256):
    head = {"alg": "RS256", "kid": KID, "typ": "JWT"} | (header or {})
    signed = ".".join(encode_base64url(write_json(each).encode()) for each in (head, claims))
    return f"{signed}.{encode_base64url(rsa.sign(signed.encode(), PKCS1v15(), digest()))}"


def opened(rsa, text):
    der = rsa.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    method = VerificationMethod(KID, DID, PublicKey("RSA", der))
    (signature,) = open_document(decode(text), lambda url, purpose, at: method).signatures
    return signature


def test_an_open_badge_signed_with_rs256_verifies(rsa):
    signature = opened(rsa, token(rsa))
    assert signature.error is None
    assert (signature.algorithm, signature.method.public_key.algorithm) == ("RS256", "RSA")


def test_another_hash_under_the_same_name_does_not_hold(rsa):
    assert isinstance(opened(rsa, token(rsa, digest=SHA384)).error, ProofInvalid)


@pytest.mark.parametrize(
    ("header", "claims"),
    [
        ({"typ": "vc+jwt"}, DIPLOMA),
        ({}, {"vc": {"type": ["VerifiableCredential"]}}),
        ({}, {"vp": {"type": ["VerifiablePresentation"]}}),
    ],
)
def test_no_other_format_takes_rs256(rsa, header, claims):
    assert isinstance(opened(rsa, token(rsa, header, claims)).error, Unsupported)


def test_an_rsa_key_does_not_answer_to_another_alg(rsa):
    assert isinstance(opened(rsa, token(rsa, {"alg": "ES256"})).error, KeyNotAuthorized)
