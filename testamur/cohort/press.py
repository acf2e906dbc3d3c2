"""The press: rows that were decided on become signed records, ready to be kept.

The first rows of each kind — those with the same cells filled — are made the ordinary way: filled, checked
by every rule, signed by the formats. From one of them a skeleton is learned, and it is used once it gives
for several of them, byte for byte, what the ordinary way gave. Where it does not speak for a row (a value
that the rules were not seen to accept, one that changes more than a text) that row goes the ordinary way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from testamur.cohort.kind import Kind, Pressed
from testamur.cohort.making import Making, Slots
from testamur.cohort.plan import Cohort, Decided, row_digest
from testamur.crashpoints import reached
from testamur.issuing import Draft, Issuer
from testamur.jsonld import Value
from testamur.rows import CheckedRow
from testamur.store import REVOCATION, SUSPENSION, NewRecord

__all__ = ["Press", "Slots"]

_MAX_KINDS = 64


class Press:
    """Makes the records of a cohort's rows with the issuer's key; the ledger is not touched."""

    def __init__(self, cohort: Cohort, issuer: Issuer, *, new_uuid: Callable[[], object] = uuid4) -> None:
        self._issuer = issuer
        self._new_uuid = new_uuid
        self._look = cohort.template.look.digest
        self._purposes = (REVOCATION, SUSPENSION) if cohort.template.suspendable else (REVOCATION,)
        self._shown = cohort.template.places
        self._learns = cohort.template.courses is None
        self._begin(cohort)

    def records(
        self, rows: Sequence[Decided], slots: Sequence[Slots], at: datetime | None = None
    ) -> list[NewRecord]:
        """The records of these rows under these slots, signed at ``at`` (the cohort's own instant by default).

        Raises the first RowMismatch or Malformed; a row that changed gets a record that replaces the older one.
        The first one is made the ordinary way, and verified with the signer's own public key.
        """
        if at and at != self._cohort.at:
            self._begin(replace(self._cohort, at=at))
        return [
            self._record(decided, own, first=number == 0)
            for number, (decided, own) in enumerate(zip(rows, slots, strict=True))
        ]

    def _begin(self, cohort: Cohort) -> None:
        self._cohort = cohort
        self._version = str(cohort.template.version)
        self._valid_from = cohort.at.astimezone(UTC).replace(microsecond=0)
        self._kinds: dict[Any, Kind] = {}

    def _record(self, decided: Decided, slots: Slots, *, first: bool) -> NewRecord:
        values = decided.row.values or self._read(decided.row)
        kind = self._kind(values)
        sources = kind.making.sources(str(self._new_uuid()), slots, values)
        pressed = None if first else kind.press(sources)
        if pressed is not None:
            return self._pressed(pressed, sources, decided, slots)
        record = self._ordinary(kind.making, sources, decided, slots, check=first)
        kind.saw(sources, record)
        return record

    def _read(self, row: CheckedRow) -> Mapping[str, Value]:
        values, wrong = self._cohort.template.read(row.cells, row.line)
        for mismatch in wrong:
            raise mismatch
        return values

    def _kind(self, values: Mapping[str, Value]) -> Kind:
        """The rows like this one: the same cells filled, values of the same types, the same ones equal."""
        places = tuple([place for place in self._shown if place in values])
        told = [values[place] for place in places]
        equal = () if len(set(told)) == len(told) else tuple(map(told.index, told))
        empty = () if all(told) else tuple(map(bool, told))
        key = (places, tuple(map(type, told)), equal, empty)
        kind = self._kinds.get(key)
        if kind is None:
            making = Making(self._cohort, self._issuer, places, self._purposes)
            kind = Kind(making, learns=self._learns and len(self._kinds) < _MAX_KINDS)
            if len(self._kinds) < _MAX_KINDS:
                self._kinds[key] = kind
        return kind

    def _pressed(
        self, pressed: Pressed, sources: Sequence[Value], decided: Decided, slots: Slots
    ) -> NewRecord:
        forms, (holder, holder_latin, award, number) = pressed
        reached("signed")
        reached("paper_signed")
        row, _, known = decided
        return NewRecord(
            id=f"urn:uuid:{sources[0]}",
            organisation=self._issuer.organisation,
            forms=forms,
            slots=slots,
            issued_at=self._cohort.at,
            valid_from=self._valid_from,
            template=self._cohort.template_name,
            template_version=self._version,
            row_key=row.key,
            row_digest=row_digest(row),
            batch=self._cohort.batch,
            look=self._look,
            holder=holder,
            holder_latin=holder_latin,
            award=award,
            number=number,
            replaces=known.record_id if known else "",
        )

    def _ordinary(
        self, making: Making, sources: Sequence[Value], decided: Decided, slots: Slots, *, check: bool
    ) -> NewRecord:
        row, _, known = decided
        document = making.unsecured(sources)
        for problem in self._issuer.problems(document):
            raise problem
        draft = Draft(
            document=document,
            at=self._cohort.at,
            paper=self._cohort.template.paper_document,
            template=self._cohort.template_name,
            template_version=self._version,
            row_key=row.key,
            row_digest=row_digest(row),
            batch=self._cohort.batch,
            look=self._look,
            suspendable=self._cohort.template.suspendable,
            replaces=known.record_id if known else "",
        )
        return self._issuer.signed(draft, slots, check=check)
