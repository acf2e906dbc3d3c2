"""Who asks, by certificate and by attestation: what proves it, and what does not."""

from dataclasses import replace
from hashlib import sha256

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from testamur.encoding import encode_base64url
from testamur.jsontext import write_json
from testamur.keys import LocalSigner, authority_key_ids, read_certificate
from testamur.openid4vp import Asker, Known, RequestRefused, receive_request
from testamur.proofs import sign_jws
from testamur.times import to_epoch
from tests.checks.test_certificates import ROOT, certificate, text, trust
from tests.openid4vp.people import World, dcql
from tests.town import NOW, key

HOST = "verify.employer.example"
LEAF = certificate("employer", "Ministry", x509.DNSName(HOST))
SIGNER = LocalSigner(key("employer", "P-256"), "#x5c")


@pytest.fixture
def world() -> World:
    return World()


def digest(leaf: x509.Certificate) -> str:
    return encode_base64url(sha256(leaf.public_bytes(Encoding.DER)).digest())


def asked(world: World, client_id: str, *, sources=(), leaf=LEAF, signer=SIGNER, **options):
    x5c = (text(leaf),) if leaf else ()
    world.employer.asker = Asker(client_id, signer, x5c, "Hotel Mar", **options)
    known = world.known()
    return receive_request(
        world.employer.ask(dcql("ldp_vc")),
        world.net,
        Known(known.resolver, [*known.trust, *sources], NOW),
        at=NOW,
    ).requester


@pytest.mark.parametrize(
    "client_id", [f"x509_san_dns:{HOST}", f"x509_hash:{digest(LEAF)}"], ids=["x509_san_dns", "x509_hash"]
)
def test_a_certificate_names_who_asks_and_an_authority_vouches(world, client_id):
    found = asked(world, client_id, sources=[trust()])
    assert found.is_trusted
    assert HOST in found.listed_as
    stranger = asked(world, client_id)
    assert stranger.is_proved
    assert not stranger.is_trusted
    assert stranger.doubt


def test_a_certificate_of_somebody_else_proves_nothing(world):
    other = certificate("employer", "Ministry", x509.DNSName("other.example"))
    for client_id, leaf in (
        (f"x509_san_dns:{HOST}", other),
        ("x509_san_dns:other.example", other),  # the answer would go to another host than it names
        (f"x509_hash:{digest(other)}", LEAF),
        (f"x509_san_dns:{HOST}", certificate("thief", "Ministry", x509.DNSName(HOST))),
        (
            f"x509_san_dns:{HOST}",
            certificate("employer", "Ministry", x509.DNSName(HOST), end=NOW.replace(year=2020)),
        ),
        (f"x509_san_dns:{HOST}", None),
    ):
        with pytest.raises(RequestRefused):
            asked(world, client_id, sources=[trust()], leaf=leaf)


def attestation(world: World, **changes) -> str:
    school = world.town.school
    claims = {
        "iss": school.did,
        "sub": "hotel-mar",
        "exp": to_epoch(NOW) + 3600,
        "cnf": {"jwk": SIGNER.public_key.jwk},
    } | changes
    header = {"typ": changes.pop("typ", "verifier-attestation+jwt")}
    return sign_jws(header, write_json(claims).encode(), school.key)


def test_somebody_trusted_attests_who_asks(world):
    found = asked(world, "verifier_attestation:hotel-mar", leaf=None, attestation=attestation(world))
    assert found.is_trusted
    assert "attested by Universidad de Valdoria" in found.listed_as


@pytest.mark.parametrize(
    "changes",
    [
        {"sub": "hotel-sol"},
        {"exp": 1},
        {"cnf": {"jwk": key("thief", "P-256").public_key.jwk}},
        {"iss": "did:web:nobody.example"},
        {"redirect_uris": ["https://elsewhere.example/"]},
        {"cnf": {}},
    ],
    ids=str,
)
def test_an_attestation_of_something_else_is_refused(world, changes):
    with pytest.raises(RequestRefused):
        asked(world, "verifier_attestation:hotel-mar", leaf=None, attestation=attestation(world, **changes))
    with pytest.raises(RequestRefused):
        asked(world, "verifier_attestation:hotel-mar", leaf=None)


def test_the_authority_behind_an_issuer_can_be_asked_for():
    leaf = certificate("school", "Ministry", x509.DNSName("school.example"))
    found = authority_key_ids([text(leaf)])
    expected = x509.AuthorityKeyIdentifier.from_issuer_public_key(ROOT.public_key()).key_identifier
    assert found == {encode_base64url(expected)}
    assert authority_key_ids(["nonsense"]) == frozenset()
    assert read_certificate(text(leaf))


def test_a_did_that_asks_signs_with_a_key_of_its_own(world):
    good = world.employer.asker
    for client_id in ("decentralized_identifier:did:web:other.example", "decentralized_identifier:nonsense"):
        world.employer.asker = replace(good, client_id=client_id)
        with pytest.raises(RequestRefused):
            receive_request(world.employer.ask(dcql("ldp_vc")), world.net, world.known(), at=NOW)
