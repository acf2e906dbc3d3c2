"""What it means to vouch for an issuer, whoever does it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from testamur.did import DidDocument

if TYPE_CHECKING:
    from testamur.trust.authorities import TrustedAuthority


@dataclass(frozen=True, slots=True)
class Vouch:
    """Somebody the reader trusts knows this issuer by this name."""

    issuer: str
    name: str
    source: str  # which file or registry says so
    since: datetime | None = None
    until: datetime | None = None
    fetched: datetime | None = None  # when its keys were last looked at
    url: str = ""
    digests: str = ""  # where its signed digest list is


class TrustSource(Protocol):
    """A trust file, a register, a federation."""

    def vouch(self, issuer: str, *, types: Sequence[str] = (), at: datetime | None = None) -> Vouch | None:
        """Return the vouch for records of these types made at this time; None: not vouched for."""
        ...

    def authorities(self) -> Sequence[TrustedAuthority]:
        """Return the certificate authorities whose word is taken here."""
        ...

    def pins(self) -> Mapping[str, DidDocument]:
        """Return the documents of the issuers whose keys are known here."""
        ...


def certified_vouch(
    sources: Iterable[TrustSource],
    fingerprint: str,
    issuer: str,
    *,
    types: Sequence[str],
    at: datetime | None,
) -> Vouch | None:
    """Return the vouch of the first authority with this fingerprint that speaks for the issuer."""
    for source in sources:
        for each in source.authorities():
            if each.fingerprint == fingerprint and each.covers(issuer, types, at):
                return Vouch(issuer, f"certified by {each.name}", each.name, each.since, each.until)
    return None


def first_vouch(
    sources: Iterable[TrustSource], issuer: str, *, types: Sequence[str] = (), at: datetime | None = None
) -> Vouch | None:
    """Return the vouch of the first source that has one."""
    for source in sources:
        if (vouch := source.vouch(issuer, types=types, at=at)) is not None:
            return vouch
    return None


def all_pins(sources: Iterable[TrustSource]) -> dict[str, DidDocument]:
    """Return the pinned documents of several sources; the first source that knows an issuer counts."""
    pins: dict[str, DidDocument] = {}
    for source in sources:
        pins = {**source.pins(), **pins}
    return pins
