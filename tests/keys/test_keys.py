import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from testamur.encoding import decode_base64url, decode_multibase, encode_base58, encode_base64url
from testamur.errors import Malformed, ProofInvalid, Unsupported
from testamur.keys import LocalSigner, PrivateKey, PublicKey

ALGORITHMS = ("Ed25519", "P-256", "P-384", "P-521", "ML-DSA-44")
SIZES = {"Ed25519": 64, "P-256": 64, "P-384": 96, "P-521": 132, "ML-DSA-44": 2420}
# RFC 7638 §3.1, whose RSA key has 2048 bits
RFC7638 = {
    "kty": "RSA",
    "n": (
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
    ),
    "e": "AQAB",
    "alg": "RS256",
    "kid": "2011-04-29",
}


@pytest.fixture(scope="module", params=ALGORITHMS)
def key(request):
    return PrivateKey.generate(request.param)


def test_a_signature_holds_over_its_bytes_only_and_has_its_exact_length(key):
    signature = key.sign("ዲፕሎማ".encode())
    assert len(signature) == SIZES[key.algorithm]
    key.public_key.verify(signature, "ዲፕሎማ".encode())
    for data, wrong in (
        (b"", signature),
        ("ዲፕሎማ".encode(), signature + b"\0"),
        ("ዲፕሎማ".encode(), signature[:-1]),
    ):
        with pytest.raises(ProofInvalid):
            key.public_key.verify(wrong, data)


def test_a_signature_of_another_key_does_not_hold(key):
    with pytest.raises(ProofInvalid):
        key.public_key.verify(PrivateKey.generate(key.algorithm).sign(b"x"), b"x")


@settings(max_examples=30)
@given(data=st.data())
def test_every_changed_byte_of_a_signature_is_refused(data):
    key = PrivateKey.from_secret("P-256", b"\x07" * 32)
    signature = bytearray(key.sign(b"x"))
    place = data.draw(st.integers(0, 63))
    signature[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(ProofInvalid):
        key.public_key.verify(bytes(signature), b"x")


def test_multikey_and_jwk_give_the_same_key_back(key):
    public = key.public_key
    assert PublicKey.from_multikey(public.multikey) == public
    assert PublicKey.from_jwk(public.jwk) == public
    assert PublicKey.from_jwk(public.jwk | {"kid": "የቁልፍ", "use": "sig", "key_ops": ["verify"]}) == public


def test_multikeys_begin_as_the_specification_says():
    starts = {"Ed25519": "z6Mk", "P-256": "zDna", "P-384": "z82L", "P-521": "z2J9", "ML-DSA-44": "ukC"}
    assert {
        name: PrivateKey.generate(name).public_key.multikey[: len(starts[name])] for name in ALGORITHMS
    } == starts


def test_secret_multikeys_are_read_in_the_new_and_the_older_form():
    seed = bytes(range(32))
    key = PrivateKey.from_secret("Ed25519", seed)
    new = "z" + encode_base58(b"\x80\x26" + seed)
    older = "z" + encode_base58(b"\x80\x26" + seed + key.public_key.raw)
    assert new.startswith("z3u2")
    assert older.startswith("zr")
    assert (
        PrivateKey.from_multikey(new).public_key
        == PrivateKey.from_multikey(older).public_key
        == key.public_key
    )


def test_a_private_jwk_is_read_and_its_halves_must_belong_together():
    key = PrivateKey.from_secret("P-256", b"\x05" * 32)
    jwk = key.public_key.jwk | {"d": encode_base64url(key.secret)}
    assert PrivateKey.from_jwk(jwk).public_key == key.public_key
    with pytest.raises(Malformed, match="belong together"):
        PrivateKey.from_jwk(jwk | {"d": encode_base64url(b"\x06" * 32)})


@pytest.mark.parametrize("member", ["d", "priv", "p", "q", "dp", "dq", "qi", "oth", "k"])
def test_a_public_jwk_with_a_private_member_is_refused_and_does_not_show_it(key, member):
    with pytest.raises(Malformed) as told:
        PublicKey.from_jwk(key.public_key.jwk | {member: "c2VjcmV0"})
    assert "c2VjcmV0" not in str(told.value)


@pytest.mark.parametrize(
    "change",
    [
        {"use": "enc"},
        {"key_ops": ["encrypt"]},
        {"key_ops": "verify"},
        {"alg": "none"},
        {"crv": "X25519"},
        {"kty": "oct"},
    ],
)
def test_a_jwk_that_is_not_for_signatures_is_unsupported(key, change):
    with pytest.raises(Unsupported):
        PublicKey.from_jwk(key.public_key.jwk | change)


@pytest.mark.parametrize(
    "broken", [None, [], "", {"kty": "OKP", "crv": "Ed25519"}, {"kty": "EC", "crv": "P-256", "x": 1}]
)
def test_what_is_no_jwk_is_malformed(broken):
    with pytest.raises(Malformed):
        PublicKey.from_jwk(broken)


def test_a_point_off_its_curve_is_refused():
    jwk = PrivateKey.generate("P-256").public_key.jwk
    wrong = bytearray(decode_base64url(jwk["y"]))
    wrong[5] ^= 1
    with pytest.raises(Malformed):
        PublicKey.from_jwk(jwk | {"y": encode_base64url(bytes(wrong))})
    with pytest.raises(Malformed):
        PublicKey.from_jwk(jwk | {"y": ""})
    with pytest.raises(Malformed):
        PublicKey("P-256", b"\x02" + b"\xff" * 32)


def test_the_thumbprint_is_the_one_of_rfc_7638():
    key = PublicKey.from_jwk(RFC7638)
    assert key.algorithm == "RSA"
    assert key.thumbprint == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
    assert PublicKey.from_jwk(key.jwk) == key


@pytest.mark.parametrize(
    "change",
    [
        {"e": "AQ"},
        {"e": "Aw"},
        {"e": "AQAA"},
        {"e": "AAEAAQ"},
        {"n": encode_base64url(b"\xc1" * 128)},
        {"n": "A" * 3000},
    ],
    ids=["one", "three", "even", "leading zero", "1024 bits", "too long"],
)
def test_weak_or_oversized_rsa_keys_are_refused(change):
    with pytest.raises(Malformed):
        PublicKey.from_jwk(RFC7638 | change)


def test_rsa_keys_are_verified_with_and_never_sign():
    with pytest.raises(Unsupported):
        PrivateKey.generate("RSA")
    with pytest.raises(Unsupported):
        _ = PublicKey.from_jwk(RFC7638).multikey


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", Malformed),
        ("u7QE", Malformed),
        ("z0OIl", Malformed),
        ("z" * 5000, Malformed),
        (None, Malformed),
        ("z" + encode_base58(b"\xed\x01" + b"\1" * 31), Malformed),
        ("z" + encode_base58(b"\xec\x01" + b"\1" * 32), Unsupported),
        ("z" + encode_base58(b"\xe7\x01" + b"\2" * 33), Unsupported),
    ],
)
def test_what_is_no_signature_multikey_is_refused(text, error):
    with pytest.raises(error):
        PublicKey.from_multikey(text)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("secret", [b"", b"\0" * 32, b"\xff" * 66, b"\1" * 33])
def test_a_secret_that_is_none_is_refused_without_showing_it(algorithm, secret):
    if algorithm in ("Ed25519", "ML-DSA-44") and len(secret) == 32:
        return  # any 32 bytes are a seed
    with pytest.raises(Malformed) as told:
        PrivateKey.from_secret(algorithm, secret)
    assert secret.hex() not in str(told.value) or not secret


def test_a_private_key_never_shows_itself(key):
    signer = LocalSigner(key, "did:web:school.example#key-1")
    for shown in (repr(key), str(key), repr(signer)):
        assert key.secret.hex() not in shown
        assert encode_base58(key.secret) not in shown
        assert repr(key.secret)[2:-1] not in shown
    with pytest.raises(TypeError):
        pickle.dumps(key)


def test_a_low_order_ed25519_key_verifies_nothing():
    for raw in (
        b"\0" * 32,
        b"\1" + b"\0" * 31,
        bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
    ):
        key = PublicKey("Ed25519", raw)
        with pytest.raises(ProofInvalid):
            key.verify(b"\1" + b"\0" * 63, b"anything")


def test_an_ed25519_signature_with_s_past_the_order_is_refused():
    key = PrivateKey.from_secret("Ed25519", b"\3" * 32)
    signature = key.sign(b"x")
    order = 2**252 + 27742317777372353535851937790883648493
    s = int.from_bytes(signature[32:], "little") + order
    with pytest.raises(ProofInvalid):
        key.public_key.verify(signature[:32] + s.to_bytes(32, "little"), b"x")


def test_an_unknown_algorithm_is_unsupported():
    with pytest.raises(Unsupported):
        PublicKey("secp256k1", b"\2" * 33)


def test_base58_of_the_multikey_is_two_bytes_of_prefix_and_the_key(key):
    assert decode_multibase(key.public_key.multikey)[2:] == key.public_key.raw
