"""What each row of a cohort needs, found before any is signed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import NamedTuple, Protocol
from uuid import uuid4

from testamur.cohort.meter import Meter, Progress
from testamur.credentials import Template
from testamur.encoding import encode_base64url
from testamur.errors import RowMismatch
from testamur.issuing import BATCH, Issuer
from testamur.jsontext import Json
from testamur.rows import CheckedRow, RowProblem
from testamur.store import KnownRow

MAX_NAMED = 1000
"""Rows that a survey names one by one; all are counted."""


class Rows(Protocol):
    """Checked rows that can be read as often as needed (``rows.Checked``)."""

    @property
    def count(self) -> int:
        """How many there are."""
        ...

    def rows(self) -> Iterator[CheckedRow]:
        """The rows, from the first one."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """The rows of a sheet, the template they fill, and the batch they are issued under."""

    rows: Rows
    template: Template
    template_name: str
    batch: str
    at: datetime
    issuer_name: str
    issuer_url: str


class Decision(StrEnum):
    """What a row needs."""

    NEW = "new"
    KNOWN = "known"  # it has a record that says the same
    CHANGED = "changed"  # it has a record that says something else


class Decided(NamedTuple):
    """A row, what it needs, and the record that it has."""

    row: CheckedRow
    decision: Decision
    known: KnownRow | None


@dataclass(slots=True)
class Survey:
    """How many rows need what; the first thousand known, changed and wrong ones by name."""

    new: int = 0
    known: int = 0
    changed: int = 0
    known_rows: list[Decided] = field(default_factory=list)
    changed_rows: list[Decided] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)

    def note(self, decided: Decided) -> None:
        """Count a row."""
        match decided.decision:
            case Decision.NEW:
                self.new += 1
            case Decision.KNOWN:
                self.known += 1
                self.known_rows += [decided] if len(self.known_rows) < MAX_NAMED else []
            case Decision.CHANGED:
                self.changed += 1
                self.changed_rows += [decided] if len(self.changed_rows) < MAX_NAMED else []


def survey(cohort: Cohort, issuer: Issuer, *, progress: Progress | None = None) -> Survey:
    """What every row needs and everything that is wrong, before any is signed."""
    found = Survey()
    meter = Meter(cohort.rows.count, progress)
    for rows in shards(cohort.rows.rows()):
        for decided in decide(cohort, issuer, rows):
            found.note(decided)
            if decided.decision is not Decision.KNOWN and len(found.problems) < MAX_NAMED:
                found.problems += _problems(cohort, issuer, decided.row)
        meter.add(len(rows))
    return found


def shards(rows: Iterable[CheckedRow], size: int = BATCH) -> Iterator[list[CheckedRow]]:
    """The rows in the portions that are kept together."""
    waiting = iter(rows)
    while shard := list(islice(waiting, size)):
        yield shard


def decide(cohort: Cohort, issuer: Issuer, rows: Sequence[CheckedRow]) -> list[Decided]:
    """What each of these rows needs, as the ledger stands now."""
    known = issuer.ledger.rows(issuer.organisation, cohort.template_name, [row.key for row in rows])
    return [Decided(row, _decision(row, known.get(row.key)), known.get(row.key)) for row in rows]


def row_digest(row: CheckedRow) -> str:
    """The digest of a row as the ledger keeps it."""
    return encode_base64url(row.digest)


def filled(cohort: Cohort, issuer: Issuer, row: CheckedRow) -> Json | list[RowMismatch]:
    """The unsecured credential of a row under a fresh id, or every reason why there is none."""
    return cohort.template.fill_or_errors(
        row.cells,
        line=row.line,
        issuer_id=issuer.organisation,
        issuer_name=cohort.issuer_name,
        issuer_url=cohort.issuer_url,
        record_id=f"urn:uuid:{uuid4()}",
        at=cohort.at,
    )


def _decision(row: CheckedRow, known: KnownRow | None) -> Decision:
    if known is None:
        return Decision.NEW
    return Decision.KNOWN if known.row_digest == row_digest(row) else Decision.CHANGED


def _problems(cohort: Cohort, issuer: Issuer, row: CheckedRow) -> list[RowProblem]:
    document = filled(cohort, issuer, row)
    if isinstance(document, list):
        return [RowProblem(row.line, wrong.column, wrong.reason) for wrong in document]
    return [RowProblem(row.line, "", wrong.message) for wrong in issuer.problems(document)]
