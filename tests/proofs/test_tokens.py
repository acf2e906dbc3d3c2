import json
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from testamur.encoding import encode_base64url
from testamur.errors import (
    EvidenceUnusable,
    KeyNotAuthorized,
    Malformed,
    ProofInvalid,
    Unsupported,
)
from testamur.jsontext import write_json
from testamur.keys import PrivateKey
from testamur.proofs import (
    FORMATS,
    VcJwt,
    VpJwt,
    decode,
    is_extract,
    open_document,
    parse_jws,
    presented,
    sign_jws,
)
from testamur.times import to_epoch
from tests.proofs.school import AT, DID, DIPLOMA, SIGNER, SIGNERS, TEXT, find_key

ELEVEN = {
    "@context": ["https://www.w3.org/2018/credentials/v1"],
    "type": ["VerifiableCredential"],
    "credentialSubject": {"degree": "ბაკალავრი"},
}


def token(claims, header=None, signer=SIGNER):
    payload = claims if isinstance(claims, bytes) else write_json(claims).encode()
    return sign_jws({"typ": "vc+jwt"} if header is None else header, payload, signer)


def opened(text, finder=find_key):
    return open_document(decode(text), finder)


def error(text, finder=find_key):
    (signature,) = opened(text, finder).signatures
    return type(signature.error)


def test_a_token_put_in_the_place_of_another_is_read_again():
    made = VcJwt().secure(TEXT, SIGNER, at=AT)
    for document in (made, decode(made.text)):
        cut = made.text.rpartition(".")[0]
        forged = replace(document, text=f"{cut}.{encode_base64url(bytes(64))}")
        assert isinstance(open_document(forged, find_key).signatures[0].error, ProofInvalid)


def test_claims_that_were_changed_since_are_not_what_was_signed():
    document = decode(VcJwt().secure(TEXT, SIGNER, at=AT).text)
    document.claims["issuer"] = "did:web:somebody.else.example"
    assert open_document(document, find_key).claims["issuer"] != "did:web:somebody.else.example"


@pytest.mark.parametrize(
    ("key", "alg"), [("Ed25519", "EdDSA"), ("P-256", "ES256"), ("P-384", "ES384"), ("P-521", "ES512")]
)
def test_a_credential_comes_back_out_of_its_token(key, alg):
    made = VcJwt().secure(TEXT, SIGNERS[key], at=AT)
    assert (made.format, made.media_type) == ("vc+jwt", "application/vc+jwt")
    assert decode(made.text) == made
    result = opened(made.text)
    (signature,) = result.signatures
    assert result.claims == DIPLOMA
    assert signature.error is None
    assert (signature.algorithm, signature.verification_method) == (alg, f"{DID}#{key}")
    assert (signature.created, signature.purpose) == (AT, "assertionMethod")


def test_the_payload_is_the_text_given_with_the_time_at_its_end():
    jws = parse_jws(VcJwt().secure(TEXT, SIGNER, at=AT).text)
    assert jws.payload.decode() == f'{TEXT[:-1]},"iat":{to_epoch(AT)}}}'
    assert list(jws.header.items()) == [("alg", "EdDSA"), ("kid", f"{DID}#Ed25519"), ("typ", "vc+jwt")]


def test_an_extract_says_so_in_its_signed_header():
    made = VcJwt(extract=True).secure(TEXT, SIGNER, at=AT)
    assert parse_jws(made.text).header["form"] == "extract"
    assert is_extract(made)
    assert not is_extract(VcJwt().secure(TEXT, SIGNER, at=AT))
    _, payload, signature = made.text.split(".")
    plain = VcJwt().secure(TEXT, SIGNER, at=AT).text.split(".")[0]
    assert error(f"{plain}.{payload}.{signature}") is ProofInvalid


@pytest.mark.parametrize("member", ["iat", "iss", "vc", "vp", "exp", "nonce"])
def test_a_credential_that_has_jwt_claims_already_is_not_signed(member):
    with pytest.raises(Malformed):
        VcJwt().secure(json.dumps(DIPLOMA | {member: "x"}), SIGNER, at=AT)


def test_the_fully_specified_names_are_read_too():
    for key, alg in (("Ed25519", "Ed25519"), ("P-256", "ESP256"), ("P-384", "ESP384")):
        assert opened(token(DIPLOMA, {"alg": alg, "typ": "vc+jwt"}, SIGNERS[key])).signatures[0].holds


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ({"alg": "none"}, ProofInvalid),
        ({"alg": "HS256"}, ProofInvalid),
        ({"alg": None}, ProofInvalid),
        ({"alg": "ES256"}, KeyNotAuthorized),
        ({"alg": "RS256"}, Unsupported),
        ({"alg": "PS256"}, Unsupported),
        ({"crit": ["b64"]}, ProofInvalid),
        ({"b64": False}, ProofInvalid),
        ({"cty": "vp"}, Malformed),
        ({"kid": ""}, ProofInvalid),
        ({"kid": None}, ProofInvalid),
        ({"kid": f"{DID}#nobody"}, KeyNotAuthorized),
        ({"kid": "did:web:elsewhere.example#key-1"}, EvidenceUnusable),
        ({"kid": "#Ed25519"}, type(None)),
        ({"kid": "Ed25519"}, type(None)),
        ({"typ": "application/VC+JWT"}, type(None)),
        ({"cty": "vc"}, type(None)),
        ({"jku": "https://thief.example/keys", "x5u": "https://thief.example/c"}, type(None)),
    ],
)
def test_the_header_is_held_to_its_rules(header, expected):
    assert error(token(DIPLOMA, {"typ": "vc+jwt"} | header)) is expected


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({"iss": DID, "sub": DIPLOMA["credentialSubject"]["id"], "jti": DIPLOMA["id"]}, type(None)),
        ({"iss": "did:web:other.example"}, Malformed),
        ({"sub": "did:web:other.example"}, Malformed),
        ({"jti": "urn:other"}, Malformed),
        ({"iss": 5}, Malformed),
        ({"vc": {}}, Malformed),
        ({"vp": {}}, Malformed),
        ({"iat": "soon"}, Malformed),
        ({"iat": -1}, Malformed),
        ({"exp": True}, Malformed),
        ({"nbf": to_epoch(AT)}, Unsupported),
        ({"nbf": 5}, type(None)),
        ({"aud": 7}, Malformed),
        ({"cnf": {"kid": "did:key:z6Mk"}}, type(None)),
    ],
)
def test_the_claims_may_not_contradict_the_credential(claims, expected):
    assert error(token(DIPLOMA | claims)) is expected


def test_the_holders_key_stays_in_the_claims():
    result = opened(token(DIPLOMA | {"cnf": {"kid": "did:key:z6Mk"}, "iat": 5, "exp": 9}))
    assert result.claims == DIPLOMA | {"cnf": {"kid": "did:key:z6Mk"}}
    assert result.signatures[0].expires == datetime(1970, 1, 1, 0, 0, 9, tzinfo=UTC)


def test_the_key_is_asked_for_with_iat_or_else_the_first_day():
    asked = []

    def finder(url, purpose, at):
        asked.append(at)
        return find_key(url, purpose, at)

    opened(token(DIPLOMA | {"iat": to_epoch(AT)}), finder)
    opened(token(DIPLOMA), finder)
    assert asked == [AT, datetime(2026, 6, 30, tzinfo=UTC)]


def test_no_byte_of_a_token_can_be_changed():
    made = VcJwt().secure(json.dumps(ELEVEN | {"issuer": DID}, ensure_ascii=False), SIGNER, at=AT).text
    for place, character in enumerate(made):
        for other in {chr(ord(character) ^ 1), "A" if character != "A" else "B", "="}:
            changed = made[:place] + other + made[place + 1 :]
            with suppress(Malformed):
                assert not opened(changed).signatures[0].holds, (place, other)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"   ",
        b"null",
        b"[1]",
        b"{}",
        b"not a credential",
        b"a.b.c",
        b"..",
        b"\xff\xfe",
        "é.é.é".encode(),
        b"{" * 5000,
        b'{"type":"VerifiableCredential","type":"VerifiableCredential"}',
        b'{"type":["VerifiableCredential","VerifiablePresentation"]}',
        b'{"type":"EnvelopedVerifiableCredential","id":"https://thief.example"}',
        b'{"type":"EnvelopedVerifiableCredential","id":"data:application/vc+jwt,a.b.c"}',
        b'{"type":"EnvelopedVerifiableCredential","id":"data:application/vp+jwt,a.b.c"}',
        b'{"type":"EnvelopedVerifiableCredential","id":"data:application/vc+jwt,{}"}',
        b" " * 4_000_001,
        b"A" * 30_000 + b".e30.AAAA",
        (encode_base64url(b'{"alg":"EdDSA","alg":"none"}') + ".e30.AAAA").encode(),
        (encode_base64url(b'{"alg":"EdDSA","typ":"at+jwt"}') + ".e30.AAAA").encode(),
        (encode_base64url(b'{"alg":"EdDSA","typ":7}') + ".e30.AAAA").encode(),
        (encode_base64url(b'{"alg":"EdDSA"}') + "." + encode_base64url(b'{"a":1}') + ".AAAA").encode(),
        (
            encode_base64url(b'{"alg":"EdDSA","typ":"vc+jwt"}') + "." + encode_base64url(b"[]") + ".AAAA"
        ).encode(),
    ],
    ids=lambda raw: repr(raw[:30]),
)
def test_what_is_no_secured_document_is_malformed(raw):
    with pytest.raises(Malformed):
        decode(raw)


def test_what_the_sender_called_it_must_fit():
    made = VcJwt().secure(TEXT, SIGNER, at=AT).text
    for media_type in (
        None,
        "application/vc+jwt",
        "application/VC+JWT; charset=utf-8",
        "text/plain",
        "application/jwt",
    ):
        assert decode(f"  {made}\n", media_type=media_type).format == "vc+jwt"
    for media_type in ("application/vc", "application/vp+jwt"):
        with pytest.raises(Malformed):
            decode(made, media_type=media_type)


def presentation(*held, **members):
    return json.dumps(
        {
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "type": ["VerifiablePresentation"],
            "holder": DID,
            "verifiableCredential": list(held),
        }
        | members
    )


def envelope(text, media_type="application/vc+jwt"):
    return {
        "@context": "https://www.w3.org/ns/credentials/v2",
        "id": f"data:{media_type},{text}",
        "type": "EnvelopedVerifiableCredential",
    }


def test_a_presentation_carries_its_credentials_to_an_audience():
    inner = VcJwt().secure(TEXT, SIGNER, at=AT).text
    made = VpJwt(audience="https://employer.example", nonce="n-0").secure(
        presentation(envelope(inner)), SIGNER, at=AT
    )
    assert made.is_presentation
    result = opened(made.text)
    (signature,) = result.signatures
    assert signature.error is None
    assert (signature.purpose, signature.domain, signature.challenge) == (
        "authentication",
        ("https://employer.example",),
        "n-0",
    )
    assert [each.text for each in presented(result.claims)] == [inner]
    assert decode(json.dumps(envelope(inner))).text == inner


@pytest.mark.parametrize(
    "held",
    [
        DIPLOMA,
        "a.b.c",
        envelope("x", "text/plain"),
        envelope("", "application/vc+jwt"),
        {"type": "EnvelopedVerifiableCredential"},
    ],
)
def test_a_presentation_token_of_something_not_enveloped_does_not_hold(held):
    assert error(VpJwt().secure(presentation(held), SIGNER, at=AT).text) is Malformed


def test_an_envelope_of_a_kind_not_known_here_is_unsupported():
    with pytest.raises(Unsupported):
        decode(json.dumps(envelope("abc", "application/vc+zip")))


def test_a_presentation_within_a_presentation_and_too_many_credentials_are_refused():
    outer = json.loads(presentation(json.loads(presentation())))
    with pytest.raises(Malformed):
        presented(outer)
    with pytest.raises(Malformed):
        presented(json.loads(presentation(*[DIPLOMA] * 65)))


def badge(claims=None, header=None, signer=SIGNER):
    own = {
        "iss": DID,
        "jti": DIPLOMA["id"],
        "sub": DIPLOMA["credentialSubject"]["id"],
        "nbf": to_epoch(datetime(2026, 6, 30, tzinfo=UTC)),
    }
    return token(DIPLOMA | own | (claims or {}), {"typ": "JWT"} | (header or {}), signer)


def test_an_open_badge_token_is_read_in_its_own_dialect():
    assert decode(badge()).format == "ob_jwt"
    result = opened(badge())
    assert result.signatures[0].holds
    assert result.claims == DIPLOMA


@pytest.mark.parametrize(
    "claims", [{"iss": "x"}, {"jti": "x"}, {"sub": "x"}, {"nbf": 5}, {"nbf": "x"}, {"sub": None}]
)
def test_an_open_badge_token_whose_claims_contradict_it_does_not_hold(claims):
    assert error(badge(claims)) is Malformed


def test_an_expiry_claim_becomes_the_last_day():
    result = opened(badge({"exp": to_epoch(AT)}))
    assert result.signatures[0].holds
    assert result.claims == DIPLOMA | {"validUntil": "2026-07-01T09:30:00Z"}
    assert error(badge({"exp": to_epoch(AT), "validUntil": "2031-01-01T00:00:00Z"})) is Malformed


def test_an_open_badge_token_with_another_header_parameter_does_not_hold():
    assert error(badge(header={"jku": "https://thief.example"})) is Malformed


def test_a_key_in_the_header_proves_nothing_by_itself():
    thief = PrivateKey.generate("P-256")

    class Thief:
        public_key = thief.public_key
        verification_method = f"{DID}#P-256"
        sign = staticmethod(thief.sign)

    jwk = thief.public_key.jwk
    assert error(badge(header={"jwk": jwk}, signer=Thief)) is KeyNotAuthorized
    assert error(badge(header={"jwk": jwk, "kid": None}, signer=Thief)) is Unsupported
    assert error(badge(header={"jwk": jwk | {"d": "AQ"}}, signer=Thief)) is Malformed
    assert error(
        badge(header={"kid": f"{DID}#P-256", "jwk": SIGNERS["P-256"].public_key.jwk}, signer=SIGNERS["P-256"])
    ) is type(None)


def test_a_key_in_the_header_is_looked_up_at_the_issuer_under_names_made_from_it():
    jwk, thumbprint = SIGNER.public_key.jwk, SIGNER.public_key.thumbprint

    def finder(url, purpose, at):
        return find_key(url.replace(f"#{thumbprint}", "#Ed25519"), purpose, at)

    text = badge(header={"jwk": jwk, "kid": None})
    (signature,) = opened(text, finder).signatures
    assert signature.holds
    assert signature.verification_method == f"{DID}#Ed25519"


def test_a_1_1_credential_token_gets_its_members_back():
    claims = {"vc": ELEVEN, "iss": DID, "jti": "urn:x:1", "sub": "did:example:s", "nbf": 0, "exp": 86400}
    text = token(claims, {"typ": "JWT"})
    assert decode(text).format == "jwt_vc_json"
    result = opened(text)
    assert result.signatures[0].error is None
    assert result.claims == ELEVEN | {
        "issuer": DID,
        "id": "urn:x:1",
        "credentialSubject": {"id": "did:example:s", "degree": "ბაკალავრი"},
        "issuanceDate": "1970-01-01T00:00:00Z",
        "expirationDate": "1970-01-02T00:00:00Z",
    }
    other = token(claims | {"vc": ELEVEN | {"issuer": {"id": "did:web:other.example"}}}, {"typ": "JWT"})
    assert error(other) is Malformed
    assert (
        decode(token({"vc": ELEVEN | {"type": ["VerifiableCredential", "OpenBadgeCredential"]}}, {})).format
        == "ob_jwt"
    )


def test_a_1_1_presentation_token_gets_its_holder_back():
    text = token(
        {"vp": {"type": "VerifiablePresentation"}, "iss": DID, "aud": ["a"], "nonce": "n"}, {"typ": "JWT"}
    )
    assert decode(text).format == "jwt_vp_json"
    result = opened(text)
    assert result.claims == {"type": "VerifiablePresentation", "holder": DID}
    (signature,) = result.signatures
    assert (signature.holds, signature.purpose, signature.domain, signature.challenge) == (
        True,
        "authentication",
        ("a",),
        "n",
    )


@pytest.mark.parametrize("name", ["jwt_vp_json"])
def test_older_presentations_are_not_issued(name):
    with pytest.raises(Unsupported):
        FORMATS[name].secure(TEXT, SIGNER, at=AT)


def test_a_smaller_table_of_formats_is_an_allow_list():
    with pytest.raises(Unsupported):
        open_document(decode(badge()), find_key, {"vc+jwt": VcJwt()})
