"""Refreshing: whether what is held still stands, what runs out soon, and what was replaced."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from testamur.checks import Headline
from testamur.errors import TestamurError
from testamur.fetch import Fetching
from testamur.jsontext import Json
from testamur.proofs import SecuredDocument
from testamur.times import parse_instant
from testamur.vault import Contents, HeldRecord
from testamur.verifying import Verifier
from testamur.wallet.receiving import Receipt, look_of, receive, with_look
from testamur.wallet.records import documents, noted, put, told

SOON = timedelta(days=60)
_SERVICES = ("1EdTechCredentialRefresh", "VerifiableCredentialRefreshService2021", "ManualRefreshService2018")
_MAX_COPY = 4_000_000


@dataclass(frozen=True, slots=True)
class Change:
    """An answer that is another than the last time."""

    record: HeldRecord
    before: str
    now: str
    sentence: str


def refresh(
    contents: Contents, verifier: Verifier, *, at: datetime, only: Iterable[str] | None = None
) -> tuple[Contents, tuple[Change, ...]]:
    """The content with a new answer for each record, and what changed; what cannot be looked up changes nothing."""
    wanted = None if only is None else set(only)
    changes: list[Change] = []
    for record in contents.records:
        if wanted is not None and record.id not in wanted:
            continue
        newer, change = _look_again(record, verifier, at)
        contents = put(contents, newer)
        if change:
            changes.append(change)
            more: Json = {"before": change.before, "now": change.now}
            contents = noted(contents, "checked", [newer], at=at, who=told(newer).issuer, more=more)
    return contents, tuple(changes)


def runs_out(record: HeldRecord, at: datetime, within: timedelta = SOON) -> bool:
    """Whether a record that still stands ends soon."""
    said = told(record)
    try:
        end = parse_instant(f"{said.valid_until}T00:00:00Z") if said.valid_until else None
    except TestamurError:
        return False
    return end is not None and at <= end <= at + within


def refresh_address(record: HeldRecord) -> str:
    """Where the record says that a newer copy of it is to be had (VCDM §5.4), "" where it says nothing."""
    for document in documents(record):
        services = document.claims.get("refreshService")
        for service in services if isinstance(services, list) else [services]:
            kind = str(service.get("type", "")) if isinstance(service, dict) else ""
            if isinstance(service, dict) and kind.rpartition("#")[2] in _SERVICES:
                address = service.get("url", service.get("id", ""))
                if isinstance(address, str) and address.startswith("https://"):
                    return address
    return ""


def fetch_corrected(
    contents: Contents, record: HeldRecord, verifier: Verifier, fetch: Fetching, *, at: datetime
) -> Receipt:
    """What lies where the record says that its newer copy is; raises EvidenceUnusable, Malformed."""
    address = refresh_address(record)
    found = fetch.get(address, accept="application/vc, application/vc+jwt, */*", max_bytes=_MAX_COPY)
    return receive(contents, found.body, "", verifier, at=at, source=f"refresh of {address}")


def _look_again(record: HeldRecord, verifier: Verifier, at: datetime) -> tuple[HeldRecord, Change | None]:
    reports = [verifier.verify(document, at=at) for document in _readable(record)]
    if not reports:
        return record, None
    worst = max(reports, key=lambda report: list(Headline).index(report.headline))
    before, look = record.look, look_of(worst, at)
    unsure = worst.headline is Headline.CANNOT_TELL
    if before is not None and before.headline == look.headline:
        return with_look(record, look), None
    if before is not None and unsure and before.headline not in ("", "cannot_tell"):
        return record, None  # without the network an older answer is worth more than none
    was = before.headline if before else ""
    return with_look(record, look), Change(record, was, look.headline, look.status)


def _readable(record: HeldRecord) -> list[SecuredDocument]:
    try:
        return documents(record)
    except TestamurError:
        return []
