"""Keys that certificates vouch for (x5c): the authority is one of the reader's, and the names agree."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from testamur.checks import Headline, Outcome, Policy
from testamur.proofs import decode
from testamur.trust import PinnedTrust, TrustedAuthority
from testamur.verifying import Verifier
from tests.checks.wallet_records import WalletTown
from tests.town import GRADUATION, NOW, key

START, END = datetime(2020, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC)


def private(name: str):
    return derive_private_key(int.from_bytes(key(name, "P-256").secret, "big"), SECP256R1())


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def certificate(name: str, by: str, *names: x509.GeneralName, start=START, end=END) -> x509.Certificate:
    """A certificate; an authority signs itself and has no names of sites."""
    builder = (
        x509.CertificateBuilder()
        .subject_name(named(name))
        .issuer_name(named(by))
        .public_key(private(name).public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=name == by, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(private(name).public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(private(by).public_key()), critical=False
        )
    )
    usage = x509.KeyUsage(name != by, False, False, False, False, name == by, name == by, False, False)
    builder = builder.add_extension(usage, critical=True)
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.sign(private(by), hashes.SHA256())


def text(found: x509.Certificate) -> str:
    return base64.b64encode(found.public_bytes(Encoding.DER)).decode()


ROOT = certificate("Ministry", "Ministry")


def trust(root: x509.Certificate = ROOT, **limits: str) -> PinnedTrust:
    lines = ["[[authority]]", 'name = "Ministry of Education"', f'certificate = "{text(root)}"']
    return PinnedTrust.load("\n".join([*lines, *(f"{name} = {value}" for name, value in limits.items())]))


def ask(town: WalletTown, record: str, *sources: PinnedTrust):
    return Verifier(town.employer().resolver, town.web, sources, Policy()).verify(decode(record), at=NOW)


def record(town: WalletTown, leaf: x509.Certificate, **claims):
    signer = type(town.school.key)(key("School", "P-256"), "x")
    return town.issue_claims(town.claims(status=None, **claims), signer=signer, x5c=(text(leaf),))


@pytest.fixture
def town() -> WalletTown:
    return WalletTown()


def site(town: WalletTown) -> x509.GeneralName:
    return x509.UniformResourceIdentifier(town.url)


def test_a_school_that_the_ministry_certifies_is_genuine(town: WalletTown) -> None:
    leaf = certificate("School", "Ministry", site(town))
    report = ask(town, record(town, leaf), trust())
    assert report.headline is Headline.GENUINE, report.to_text()
    assert report.listed_as == "certified by Ministry of Education"
    by_host = certificate("School", "Ministry", x509.DNSName("diplomas.valdoria.example"))
    assert ask(town, record(town, by_host), trust()).headline is Headline.GENUINE


def test_without_a_named_issuer_it_is_whom_the_certificate_names(town: WalletTown) -> None:
    report = ask(town, record(town, certificate("School", "Ministry", site(town)), iss=None), trust())
    assert report.headline is Headline.GENUINE, report.to_text()
    assert report.facts.issuer == town.url


def test_a_certificate_for_another_site_proves_nothing_for_this_one(town: WalletTown) -> None:
    leaf = certificate("School", "Ministry", x509.DNSName("thief.example"))
    report = ask(town, record(town, leaf), trust())
    assert report.outcome("proof") is Outcome.FAILED
    assert "does not name" in report.check("proof").sentence


def test_an_authority_nobody_named_decides_nothing(town: WalletTown) -> None:
    leaf = certificate("School", "Ministry", site(town))
    assert ask(town, record(town, leaf)).headline is Headline.CANNOT_TELL
    stranger = certificate("Stranger", "Stranger")
    assert ask(town, record(town, leaf), trust(stranger)).headline is Headline.CANNOT_TELL
    forged = certificate("School", "Stranger", site(town))
    assert ask(town, record(town, forged), trust()).headline is Headline.CANNOT_TELL
    own = certificate("School", "School", site(town))
    assert ask(town, record(town, own), trust()).headline is Headline.CANNOT_TELL


def test_a_certificate_counts_on_the_day_of_signing(town: WalletTown) -> None:
    ended = certificate("School", "Ministry", site(town), end=GRADUATION + timedelta(days=1))
    assert ask(town, record(town, ended), trust()).headline is Headline.GENUINE
    over = certificate("School", "Ministry", site(town), end=GRADUATION - timedelta(days=1))
    assert ask(town, record(town, over), trust()).outcome("proof") is Outcome.FAILED


def test_the_limits_of_an_authority_are_kept(town: WalletTown) -> None:
    found = record(town, certificate("School", "Ministry", site(town)))
    for limits in ({"hosts": '["edu.example"]'}, {"types": '["urn:licence"]'}, {"until": "2026-01-01"}):
        assert ask(town, found, trust(**limits)).headline is Headline.ISSUER_UNLISTED
    assert ask(town, found, trust(hosts='["valdoria.example"]')).headline is Headline.GENUINE


def test_an_authority_speaks_for_no_listed_issuer_beyond_its_own_limits(town: WalletTown) -> None:
    """The ministry may certify licences; a diploma in the name of a school that is listed is not one."""
    found = record(town, certificate("School", "Ministry", site(town)))
    listed = PinnedTrust.of([town.school.trusted()])
    assert ask(town, found, listed, trust(types='["urn:licence"]')).headline is Headline.ISSUER_UNLISTED
    assert ask(town, found, listed, trust()).headline is Headline.GENUINE


def odd(*extensions: x509.ExtensionType, version: int = 0) -> str:
    """A certificate by the ministry that no authority would make: with these extensions, or of this version."""
    builder = (
        x509.CertificateBuilder()
        .subject_name(named("School"))
        .issuer_name(named("Ministry"))
        .public_key(private("School").public_key())
        .serial_number(7)
        .not_valid_before(START)
        .not_valid_after(END)
    )
    for each in extensions:
        builder = builder.add_extension(each, critical=False)
    der = builder.sign(private("Ministry"), hashes.SHA256()).public_bytes(Encoding.DER)
    der = der.replace(b"\xa0\x03\x02\x01\x02", bytes((0xA0, 3, 2, 1, version)), 1) if version else der
    return base64.b64encode(der).decode()


_NAMES = x509.ObjectIdentifier("2.5.29.17")
_EDI = b"\x30\x06\xa5\x04\x81\x02\x41\x42"  # a name of a kind nobody reads (ediPartyName)


@pytest.mark.parametrize(
    "leaf",
    [
        odd(version=9),
        odd(x509.UnrecognizedExtension(_NAMES, _EDI)),
        odd(x509.UnrecognizedExtension(_NAMES, b"\x30\x03\x82\x01\xff")),
        odd(x509.UnrecognizedExtension(_NAMES, b"?")),
        odd(x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.15"), b"?")),
    ],
    ids=["version", "kind of name", "bytes of a name", "names", "usage"],
)
def test_certificates_nobody_would_make_are_refused_without_a_fault(town: WalletTown, leaf: str) -> None:
    signer = type(town.school.key)(key("School", "P-256"), "x")
    found = town.issue_claims(town.claims(status=None), signer=signer, x5c=(leaf,))
    report = ask(town, found, trust())
    assert report.outcome("proof") in (Outcome.FAILED, Outcome.UNKNOWN)
    assert report.headline is not Headline.GENUINE


@pytest.mark.parametrize("x5c", [[], "x", ["?"], ["MIIB"], [1], ["A" * 9_000], [text(ROOT)] * 7])
def test_broken_chains_are_refused(town: WalletTown, x5c) -> None:
    signer = type(town.school.key)(key("School", "P-256"), "x")
    found = town.issue_claims(town.claims(status=None), signer=signer, x5c=x5c if x5c else ((),))
    assert ask(town, found, trust()).headline is not Headline.GENUINE
    assert ask(town, found, trust()).outcome("proof") is Outcome.FAILED


@pytest.mark.parametrize(
    "issuer",
    [
        "https://evil.example#.edu.example",
        "https://evil.example?.edu.example",
        "CN=x.edu.example",
        "x.edu.example",
    ],
)
def test_an_authority_for_some_hosts_speaks_for_no_name_that_only_ends_like_one(issuer: str) -> None:
    authority = TrustedAuthority("Ministry", b"", hosts=("edu.example",))
    assert not authority.covers(issuer, (), None)
    assert authority.covers("https://diplomas.edu.example:8443/x", (), None)
