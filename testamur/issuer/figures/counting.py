"""What is counted: good records, each with its programme, level and year, and what the school holds besides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from testamur.errors import TestamurError
from testamur.jsontext import parse_object
from testamur.store import SUSPENDED, VALID, Ledger, Record

UNKNOWN = "unknown"
TRAITS = ("level", "sex", "district")
"""What a school may tell of a record beside what the record says."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One record as it is counted."""

    year: int
    programme: str
    level: str = UNKNOWN
    sex: str = UNKNOWN
    district: str = UNKNOWN


def facts_of(
    ledger: Ledger, organisation: str, traits: Mapping[str, Mapping[str, str]] | None = None
) -> Iterator[Fact]:
    """A fact for each good record; ``traits`` tells, by record id, number or row key, what the school holds besides."""
    held = traits or {}
    for record in ledger.each(organisation, with_forms=True):
        if record.state not in (VALID, SUSPENDED):
            continue
        own = held.get(record.id) or held.get(record.number) or held.get(record.row_key) or {}
        said = _said(record)
        yield Fact(
            year=int(str(said.get("awarded") or f"{record.issued_at:%Y}")[:4]),
            programme=record.award or UNKNOWN,
            level=own.get("level") or str(said.get("level") or UNKNOWN),
            sex=own.get("sex") or UNKNOWN,
            district=own.get("district") or UNKNOWN,
        )


def _said(record: Record) -> dict[str, Any]:
    """The year and level that a record says itself; nothing where it was erased or is of another shape."""
    form = record.form("full")
    try:
        document = parse_object(form.text) if form and form.text else {}
    except TestamurError:
        return {}
    subject = document.get("credentialSubject")
    achievement = subject.get("achievement", {}) if isinstance(subject, dict) else {}
    alignments = achievement.get("alignment", []) if isinstance(achievement, dict) else []
    first = alignments[0] if isinstance(alignments, list) and alignments else {}
    level = first.get("targetName") if isinstance(first, dict) else None
    awarded = document.get("awardedDate")
    year = awarded if isinstance(awarded, str) and awarded[:4].isdigit() else None
    return {"awarded": year, "level": level or achievement.get("achievementType")}
