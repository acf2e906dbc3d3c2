"""Encryption for one reader: the published examples, a round trip, and everything that must not open."""

import json
import pickle
from itertools import product

import pytest
from jwcrypto.jwe import JWE
from jwcrypto.jwk import JWK

from testamur.encoding import decode_base64url, encode_base64url
from testamur.errors import Malformed, ProofInvalid, TestamurError, Unsupported
from testamur.keys import DecryptionKey, ReaderKey
from testamur.keys.jwe import ENCS, key_for, read_header
from tests.vectors_home import vectors

TEXT = '{"credentials":[{"credential":"ሰላም हिन्दी"}]}'.encode()


def example(*path):
    return json.loads(vectors("jose-cookbook").joinpath(*path).read_bytes())


@pytest.mark.official
@pytest.mark.parametrize(
    "path",
    [
        ("jwe", "5_5.key_agreement_using_ecdh-es_with_aes-cbc-hmac-sha2.json"),
        ("curve25519", "ecdh-es.json"),
    ],
    ids=["RFC 7520 §5.5", "Curve25519"],
)
def test_the_published_example_opens(path):
    case = example(*path)
    opened = DecryptionKey(case["input"]["key"]).decrypt(case["output"]["compact"])
    assert opened.plaintext.decode() == case["input"]["plaintext"]
    assert opened.header == case["encrypting_content"]["protected"]


@pytest.mark.official
@pytest.mark.parametrize("name", [f"5_{n}" for n in (1, 2, 3, 4, 6, 7, 8, 9)])
def test_every_other_way_of_the_cookbook_is_refused(name):
    (path,) = vectors("jose-cookbook").joinpath("jwe").glob(f"{name}.*")
    with pytest.raises((Unsupported, Malformed)):
        DecryptionKey.generate().decrypt(json.loads(path.read_bytes())["output"]["compact"])


@pytest.mark.parametrize(("curve", "enc"), list(product(["P-256", "X25519"], ENCS)))
def test_what_is_encrypted_for_a_published_key_opens_with_the_secret_one(curve, enc):
    key = DecryptionKey.generate(curve)
    reader = ReaderKey.from_jwk(json.loads(json.dumps(key.public.jwk)))
    token = reader.encrypt(TEXT, enc=enc, header={"typ": "JWT", "apu": "Ym9i"})
    opened = DecryptionKey(key.secret_jwk).decrypt(token, encs=[enc])
    assert opened.plaintext == TEXT
    assert opened.header["kid"] == key.public.jwk["kid"]
    assert (opened.header["alg"], opened.header["enc"], opened.header["apu"]) == ("ECDH-ES", enc, "Ym9i")
    assert reader.encrypt(TEXT, enc=enc) != reader.encrypt(TEXT, enc=enc)


def test_a_token_for_another_key_does_not_open():
    token = DecryptionKey.generate().public.encrypt(TEXT)
    with pytest.raises(ProofInvalid):
        DecryptionKey.generate().decrypt(token)


@pytest.mark.parametrize("part", [0, 2, 3, 4], ids=["header", "iv", "ciphertext", "tag"])
@pytest.mark.parametrize("enc", ENCS)
def test_a_changed_token_does_not_open(enc, part):
    key = DecryptionKey.generate()
    parts = key.public.encrypt(TEXT, enc=enc).split(".")
    if part == 0:
        header = json.loads(decode_base64url(parts[0])) | {"apv": "eA"}
        parts[0] = encode_base64url(json.dumps(header).encode())
    else:
        raw = bytearray(decode_base64url(parts[part]))
        raw[0] ^= 1
        parts[part] = encode_base64url(bytes(raw))
    with pytest.raises(ProofInvalid):
        key.decrypt(".".join(parts))


def test_compressed_content_is_not_read():
    key = DecryptionKey.generate()
    public = JWK(**key.public.jwk)
    bomb = JWE(b"0" * 3_000_000, json.dumps({"alg": "ECDH-ES", "enc": "A256GCM", "zip": "DEF"}))
    bomb.add_recipient(public)
    with pytest.raises(Unsupported, match="zip"):
        key.decrypt(bomb.serialize(compact=True))


@pytest.mark.parametrize(
    "token",
    [
        "",
        "....",
        "a.b.c",
        "a..b.c.d",
        "e30..AA.AA.AA",
        "~~~~..AA.AA.AA",
        "A" * 9000 + "..AA.AA.AA",
        "[]..AA.AA.AA",
    ],
)
def test_what_is_no_token_is_refused(token):
    with pytest.raises(TestamurError):
        DecryptionKey.generate().decrypt(token)


@pytest.mark.parametrize(
    "epk",
    [
        {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"},
        {"kty": "EC", "crv": "P-256", "x": encode_base64url(b"\1" * 32), "y": encode_base64url(b"\2" * 32)},
        {"kty": "OKP", "crv": "X25519", "x": encode_base64url(b"\1" * 32)},
        {"kty": "oct", "k": "AA"},
        "none",
        None,
    ],
    ids=["short", "off the curve", "another curve", "symmetric", "text", "absent"],
)
def test_an_ephemeral_key_that_is_none_is_refused(epk):
    key = DecryptionKey.generate()
    parts = key.public.encrypt(TEXT).split(".")
    header = json.loads(decode_base64url(parts[0])) | {"epk": epk}
    header = {name: value for name, value in header.items() if value is not None}
    parts[0] = encode_base64url(json.dumps(header).encode())
    with pytest.raises(TestamurError):
        key.decrypt(".".join(parts))


def test_a_point_of_small_order_agrees_on_nothing():
    key = DecryptionKey.generate("X25519")
    parts = key.public.encrypt(TEXT).split(".")
    zero = {"kty": "OKP", "crv": "X25519", "x": encode_base64url(bytes(32))}
    parts[0] = encode_base64url(json.dumps(json.loads(decode_base64url(parts[0])) | {"epk": zero}).encode())
    with pytest.raises(ProofInvalid):
        key.decrypt(".".join(parts))


def test_only_the_ciphers_asked_for_are_read():
    key = DecryptionKey.generate()
    with pytest.raises(Unsupported, match="A128CBC-HS256"):
        key.decrypt(key.public.encrypt(TEXT, enc="A128CBC-HS256"), encs=["A256GCM"])
    with pytest.raises(Unsupported):
        key.public.encrypt(TEXT, enc="A192GCM")


def test_a_long_token_is_refused_before_it_is_decrypted():
    key = DecryptionKey.generate()
    with pytest.raises(Malformed, match="length"):
        key.decrypt(key.public.encrypt(b"0" * 50_000), max_bytes=1000)


@pytest.mark.parametrize(
    "change",
    [
        {"use": "sig"},
        {"alg": "ES256"},
        {"alg": "ECDH-ES+A256KW"},
        {"key_ops": ["sign"]},
        {"crv": "P-384"},
        {"x": encode_base64url(b"\1" * 32)},
        {"d": "AA"},
        {"kid": 5},
    ],
    ids=str,
)
def test_a_jwk_for_something_else_is_no_reader(change):
    with pytest.raises((Malformed, Unsupported)):
        ReaderKey.from_jwk(DecryptionKey.generate().public.jwk | change)


@pytest.mark.parametrize("curve", ["P-256", "X25519"])
def test_two_halves_of_different_keys_are_no_key(curve):
    one, other = (DecryptionKey.generate(curve).secret_jwk for _ in range(2))
    with pytest.raises(Malformed):
        DecryptionKey(one | {"d": other["d"]})


def test_the_secret_shows_itself_nowhere():
    key = DecryptionKey.generate()
    assert key.secret_jwk["d"] not in repr(key)
    assert "d" not in key.public.jwk
    with pytest.raises(TypeError):
        pickle.dumps(key)


def test_the_key_that_a_token_names_is_found_among_several():
    keys = [DecryptionKey.generate() for _ in range(3)]
    token = keys[1].public.encrypt(TEXT, header={"kid": keys[1].public.jwk["kid"]})
    assert key_for(token, keys) is keys[1]
    with pytest.raises(Malformed, match="kid"):
        key_for(token, keys[2:])
    assert read_header(token)["alg"] == "ECDH-ES"
