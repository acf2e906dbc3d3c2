"""X.509 certificates: whether a chain (``x5c``) leads to an authority that the reader trusts (RFC 5280 §6)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from testamur.encoding import encode_base64url
from testamur.errors import EvidenceUnusable, Malformed, ProofInvalid, Unsupported
from testamur.keys.ecdsa import compress
from testamur.keys.public_key import PublicKey

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

MAX_CHAIN = 6
_MAX_CERTIFICATE = 16_384
_CLAUSE = "RFC 5280 §6"


@dataclass(frozen=True, slots=True)
class Certified:
    """A key, the names its certificate gives its owner, and the authority that vouches for both."""

    public_key: PublicKey
    urls: tuple[str, ...]  # subjectAltName, URI
    hosts: tuple[str, ...]  # subjectAltName, DNS
    subject: str  # the distinguished name (RFC 4514)
    authority: str  # SHA-256 fingerprint of the authority's certificate, in hexadecimal

    def speaks_for(self, url: str) -> bool:
        """Whether the certificate names an https address: as it is, or its host."""
        host = url.removeprefix("https://").partition("/")[0].lower()
        return url in self.urls or (url.startswith("https://") and host in self.hosts)


def read_certificate(text: str) -> bytes:
    """The DER bytes of a certificate in PEM or in plain base64, checked to be one; raises Malformed."""
    bare = "".join(
        text.replace("-----BEGIN CERTIFICATE-----", "").replace("-----END CERTIFICATE-----", "").split()
    )
    if not 0 < len(bare) <= _MAX_CERTIFICATE:
        raise Malformed("x5c", "a certificate is base64 text of a bearable length", clause="RFC 7515 §4.1.6")
    try:
        der = base64.b64decode(bare, validate=True)
    except (binascii.Error, ValueError):
        raise Malformed("x5c", "this certificate is not base64 text", clause="RFC 7515 §4.1.6") from None
    _load(der)
    return der


def fingerprint(der: bytes) -> str:
    """The SHA-256 of a certificate, in hexadecimal."""
    return sha256(der).hexdigest()


def check_chain(x5c: Sequence[str], authorities: Sequence[bytes], at: datetime) -> Certified:
    """What the first certificate of a chain says of its key, once the chain leads to one of the authorities.

    Raises EvidenceUnusable where it leads to none of them, ProofInvalid where it was not valid ``at`` that
    moment, Malformed, Unsupported for a kind of key that is not known.
    """
    if not 0 < len(x5c) <= MAX_CHAIN:
        raise Malformed("x5c", f"a chain has 1 to {MAX_CHAIN} certificates", clause="RFC 7515 §4.1.6")
    chain = [_load(read_certificate(text)) for text in x5c]
    leaf = chain[0]
    if not leaf.not_valid_before_utc <= at <= leaf.not_valid_after_utc:
        raise ProofInvalid(f"the certificate of its key was not valid on {at:%Y-%m-%d}", clause=_CLAUSE)
    root = _lead(chain, [_load(der) for der in authorities], at)
    urls, hosts = _names(leaf)
    return Certified(_public_key(leaf), urls, hosts, leaf.subject.rfc4514_string(), root)


def leaf_of(x5c: Sequence[str], at: datetime) -> Certified:
    """What the first certificate of a chain says of its key, whoever stands behind it; raises as ``check_chain`` does.

    Nobody vouches for what it says: ``authority`` is empty.
    """
    if not 0 < len(x5c) <= MAX_CHAIN:
        raise Malformed("x5c", f"a chain has 1 to {MAX_CHAIN} certificates", clause="RFC 7515 §4.1.6")
    leaf = _load(read_certificate(x5c[0]))
    if not leaf.not_valid_before_utc <= at <= leaf.not_valid_after_utc:
        raise ProofInvalid(f"the certificate of its key was not valid on {at:%Y-%m-%d}", clause=_CLAUSE)
    urls, hosts = _names(leaf)
    return Certified(_public_key(leaf), urls, hosts, leaf.subject.rfc4514_string(), "")


def authority_key_ids(x5c: Sequence[str]) -> frozenset[str]:
    """The authority key identifiers in a chain, as base64url (OpenID4VP §6.1.1.1); what cannot be read has none."""
    from cryptography.x509 import AuthorityKeyIdentifier, ExtensionNotFound

    found: set[str] = set()
    for text in x5c[:MAX_CHAIN]:
        try:
            extension = _load(read_certificate(text)).extensions.get_extension_for_class(
                AuthorityKeyIdentifier
            )
        except (Malformed, ExtensionNotFound, ValueError):
            continue
        if extension.value.key_identifier:
            found.add(encode_base64url(extension.value.key_identifier))
    return frozenset(found)


def _lead(chain: list[Certificate], authorities: list[Certificate], at: datetime) -> str:
    """The fingerprint of the authority at the end of a chain."""
    from cryptography.x509 import DuplicateExtension, UnsupportedGeneralNameType
    from cryptography.x509.verification import ExtensionPolicy, PolicyBuilder, Store, VerificationError

    if not authorities:
        raise EvidenceUnusable(
            "certificates vouch for its key, and no certificate authority is on your list", clause=_CLAUSE
        )
    builder = PolicyBuilder().store(Store(authorities)).time(at).max_chain_depth(MAX_CHAIN)
    policies = {"ca_policy": ExtensionPolicy.webpki_defaults_ca(), "ee_policy": ExtensionPolicy.permit_all()}
    verifier = builder.extension_policies(**policies).build_client_verifier()
    try:
        found = verifier.verify(chain[0], chain[1:])
    except (VerificationError, DuplicateExtension, UnsupportedGeneralNameType, ValueError) as error:
        reason = (str(error).splitlines() or [""])[0]
        raise EvidenceUnusable(
            f"its certificates lead to no authority on your list: {reason:.120}", clause=_CLAUSE
        ) from None
    return sha256(_der(found.chain[-1])).hexdigest()


def _load(der: bytes) -> Certificate:
    from cryptography.x509 import InvalidVersion, load_der_x509_certificate

    try:
        found = load_der_x509_certificate(der)
        _ = found.subject, found.issuer  # read when they are asked for
        return found
    except (ValueError, InvalidVersion):
        raise Malformed("x5c", "this is no certificate", clause="RFC 5280 §4.1") from None


def _der(certificate: Certificate) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.public_bytes(Encoding.DER)


def _names(leaf: Certificate) -> tuple[tuple[str, ...], tuple[str, ...]]:
    from cryptography.x509 import (
        DNSName,
        DuplicateExtension,
        ExtensionNotFound,
        SubjectAlternativeName,
        UniformResourceIdentifier,
        UnsupportedGeneralNameType,
    )

    try:
        names = leaf.extensions.get_extension_for_class(SubjectAlternativeName).value
    except (ExtensionNotFound, DuplicateExtension, UnsupportedGeneralNameType, ValueError):
        return (), ()
    urls = tuple(names.get_values_for_type(UniformResourceIdentifier))
    return urls, tuple(name.lower() for name in names.get_values_for_type(DNSName))


def _public_key(leaf: Certificate) -> PublicKey:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    curves = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"}
    try:
        key = leaf.public_key()
    except (ValueError, UnsupportedAlgorithm):
        raise Unsupported("the key in the certificate is of a kind that is not supported") from None
    if isinstance(key, Ed25519PublicKey):
        return PublicKey("Ed25519", key.public_bytes_raw())
    if isinstance(key, EllipticCurvePublicKey) and key.curve.name in curves:
        name = curves[key.curve.name]
        return PublicKey(name, compress(key))
    raise Unsupported("the key in the certificate is of a kind that is not supported")
