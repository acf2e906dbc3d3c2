"""The High Assurance profile as a switch, and attested keys and wallets wherever an operator names authorities."""

from collections.abc import Iterator
from datetime import timedelta
from secrets import token_urlsafe

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from testamur.encoding import encode_base64url
from testamur.keys import PrivateKey
from testamur.openid4vci import (
    Attesters,
    Denial,
    WalletAttestation,
    agree,
    ask,
    begin,
    finish,
    issuer_metadata,
    look_up,
    read_offer,
    redeem,
    server_metadata,
    sign_with,
    waiting,
)
from testamur.times import to_epoch
from tests.openid4vci.world import World, a_key, link_of

FORM = "diploma_dc_sd-jwt"


class Maker:
    """Who makes wallets: an authority, and a certificate of it that attests keys and wallets."""

    def __init__(self, at) -> None:
        authority, own = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        self.root = _certificate(authority, "authority", authority, "authority", at, ca=True)
        self.leaf = _certificate(own, "maker", authority, "authority", at, ca=False)
        secret = own.private_numbers().private_value.to_bytes(32, "big")
        self.key = PrivateKey.from_secret("P-256", secret)
        self.at = at

    def _signed(self, kind: str, claims: dict) -> str:
        import base64

        chain = [base64.b64encode(self.leaf).decode()]
        return sign_with({"typ": kind, "x5c": chain}, claims, self.key)

    def wallet(self, key: PrivateKey, **changes) -> WalletAttestation:
        claims = {
            "iss": "https://maker.example",
            "sub": "https://wallet.example",
            "exp": to_epoch(self.at + timedelta(days=1)),
            "cnf": {"jwk": key.public_key.jwk},
        } | changes
        return WalletAttestation(self._signed("oauth-client-attestation+jwt", claims), key, claims["sub"])

    def keys(self, *keys: PrivateKey, **changes) -> str:
        claims = {
            "iat": to_epoch(self.at),
            "exp": to_epoch(self.at + timedelta(days=1)),
            "attested_keys": [key.public_key.jwk for key in keys],
            "key_storage": ["iso_18045_high"],
        } | changes
        return self._signed("key-attestation+jwt", claims)


def _certificate(key, name, by, by_name, at, *, ca: bool) -> bytes:
    def named(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])

    usage = x509.KeyUsage(
        digital_signature=not ca, key_cert_sign=ca, crl_sign=ca, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    made = (
        x509.CertificateBuilder()
        .subject_name(named(name))
        .issuer_name(named(by_name))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=30))
        .not_valid_after(at + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(f"{name}.example")]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(by, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.DER)


@pytest.fixture(scope="module")
def school(tmp_path_factory) -> Iterator[World]:
    made = World(f"sqlite:///{tmp_path_factory.mktemp('haip') / 'ledger.sqlite'}")
    yield made
    made.close()


@pytest.fixture(scope="module")
def maker(school: World) -> Maker:
    return Maker(school.now)


def signed_in(world: World, line):
    made = world.offer(code=True)
    offer = read_offer(link_of(made), world.loop)
    issuer = look_up(offer.credential_issuer, world.loop)
    begun = begin(
        issuer,
        offer,
        line,
        client_id="https://wallet.example",
        redirect_uri="https://wallet.example/cb",
        at=world.now,
    )
    from tests.openid4vci.test_claim import line_query

    asked = waiting(world.issuer, line_query(begun.url)["request_uri"], "https://wallet.example", world.now)
    back = agree(world.issuer, asked, made.code, world.now)
    return issuer, finish(issuer, begun, line, back, at=world.now)


def test_an_attested_wallet_takes_a_record_under_the_profile(world: World, maker: Maker) -> None:
    world.follow(haip=True, attesters=Attesters((maker.root,)))
    line = world.line(dpop_key=a_key(), attestation=maker.wallet(a_key()))
    issuer, access = signed_in(world, line)
    received = ask(issuer, access, FORM, [a_key()], line, at=world.now)
    assert received.records[0].format == "dc+sd-jwt"
    formats = {
        each["format"]
        for each in issuer_metadata(world.issuer)["credential_configurations_supported"].values()
    }
    assert formats == {"dc+sd-jwt"}
    assert server_metadata(world.issuer)["token_endpoint_auth_methods_supported"] == [
        "attest_jwt_client_auth"
    ]
    offer = read_offer(link_of(world.offer()), world.loop)
    assert (offer.pre_authorized_code, offer.issuer_state is None) == ("", False)


def test_under_the_profile_a_wallet_that_nobody_vouches_for_is_refused(world: World, maker: Maker) -> None:
    world.follow(haip=True, attesters=Attesters((maker.root,)))
    stranger = Maker(world.now)
    old = {"exp": to_epoch(world.now - timedelta(minutes=1))}
    key = a_key()
    for attestation, error in (
        (None, "invalid_client"),
        (stranger.wallet(key), "invalid_client_attestation"),
        (maker.wallet(key, **old), "invalid_client_attestation"),
        (maker.wallet(key, cnf={"jwk": "text"}), "invalid_client_attestation"),
        (
            WalletAttestation(maker.wallet(a_key()).token, key, "https://wallet.example"),
            "invalid_client_attestation",
        ),
        (
            WalletAttestation(maker.wallet(key).token, key, "https://other.example"),
            "invalid_client_attestation",
        ),
    ):
        with pytest.raises(Denial) as denied:
            signed_in(world, world.line(dpop_key=a_key(), attestation=attestation))
        assert denied.value.error == error


def test_under_the_profile_a_token_is_bound_to_a_key(world: World, maker: Maker) -> None:
    world.follow(haip=True, attesters=Attesters((maker.root,)))
    with pytest.raises(Denial) as denied:
        signed_in(world, world.line(attestation=maker.wallet(a_key())))
    assert denied.value.error == "invalid_dpop_proof"


def with_token(world: World):
    offer = read_offer(link_of(world.offer()), world.loop)
    issuer = look_up(offer.credential_issuer, world.loop)
    return issuer, redeem(issuer, offer, world.line(), at=world.now)


def test_attested_keys_are_each_given_a_record(world: World, maker: Maker) -> None:
    world.follow(attesters=Attesters((maker.root,)), attested_keys_only=True)
    first, second = a_key(), a_key()
    issuer, access = with_token(world)
    attestation = maker.keys(first, second)
    received = ask(issuer, access, FORM, [first], world.line(), attestation=attestation, at=world.now)
    assert [each.claims["cnf"]["jwk"] for each in received.records] == [
        first.public_key.jwk,
        second.public_key.jwk,
    ]


def test_keys_that_nobody_attested_are_refused_where_attested_ones_are_asked_for(
    world: World, maker: Maker
) -> None:
    world.follow(attesters=Attesters((maker.root,)), attested_keys_only=True)
    key = a_key()
    for attestation in (
        "",
        Maker(world.now).keys(key),
        maker.keys(a_key()),
        maker.keys(key, exp=to_epoch(world.now - timedelta(hours=1))),
        maker.keys(key, attested_keys=[]),
        maker.wallet(key).token,
    ):
        issuer, access = with_token(world)
        with pytest.raises(Denial) as denied:
            ask(issuer, access, FORM, [key], world.line(), attestation=attestation, at=world.now)
        assert denied.value.error == "invalid_proof"


def test_an_attestation_alone_is_a_proof(world: World, maker: Maker) -> None:
    from tests.openid4vci.test_misuse import a_nonce, post

    world.follow(attesters=Attesters((maker.root,)))
    key = a_key()
    _, access = with_token(world)
    for nonce, status in ((encode_base64url(token_urlsafe(24).encode()), 400), (a_nonce(world), 200)):
        body = {
            "credential_configuration_id": FORM,
            "proofs": {"attestation": [maker.keys(key, nonce=nonce)]},
        }
        assert post(world, "credential", body, token=access.token)[0] == status
