"""Certificate authorities in a trust file: whoever they certify is vouched for (SD-JWT VC §2.5, x5c)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from testamur.errors import ProofInvalid
from testamur.keys import VerificationMethod, check_chain, fingerprint
from testamur.trust.vouching import TrustSource

_SITE = re.compile(r"https://([A-Za-z0-9.-]+)(?::\d+)?(?:/|$)", re.ASCII).match


@dataclass(frozen=True, slots=True)
class TrustedAuthority:
    """One ``authority`` entry of a trust file (docs/trust-file.md)."""

    name: str
    certificate: bytes  # DER
    since: datetime | None = None  # ``from``
    until: datetime | None = None
    types: tuple[str, ...] = ()  # empty: whatever those issue whom it certifies
    hosts: tuple[str, ...] = ()  # empty: whomever it certifies; "edu.example" is that host and all below it

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of its certificate."""
        return fingerprint(self.certificate)

    def covers(self, issuer: str, types: Sequence[str], at: datetime | None) -> bool:
        """Whether the entry speaks for records of these types by this issuer, made at this time."""
        site = _SITE(issuer)
        host = site[1].lower() if site else "of no site"
        if self.hosts and not any(host == name or host.endswith(f".{name}") for name in self.hosts):
            return False
        if self.types and not set(self.types) & set(types):
            return False
        if at is None:
            return self.since is None and self.until is None
        return (self.since is None or self.since <= at) and (self.until is None or at < self.until)


def certified_method(
    sources: Iterable[TrustSource], x5c: Sequence[str], iss: str, at: datetime
) -> VerificationMethod:
    """The key of the first certificate, once the chain leads to an authority of one of these sources.

    Whoever is named as the issuer must be named in the certificate; where nobody is, the issuer is whom the
    certificate names. Raises EvidenceUnusable, ProofInvalid, Malformed.
    """
    authorities = [each.certificate for source in sources for each in source.authorities()]
    certified = check_chain(x5c, authorities, at)
    if iss and not certified.speaks_for(iss):
        raise ProofInvalid(f"the certificate of its key does not name {iss:.120}", clause="SD-JWT VC §2.5")
    hosts = tuple(f"https://{host}" for host in certified.hosts)
    controller = iss or next(iter((*certified.urls, *hosts)), certified.subject)
    return VerificationMethod(
        f"{controller}#x5c", controller, certified.public_key, authority=certified.authority
    )
