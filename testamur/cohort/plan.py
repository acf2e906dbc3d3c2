"""What each row of a cohort needs: a record, none since it has one, or another one since it has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple, Protocol, Self
from uuid import uuid4

from testamur.credentials import Template
from testamur.encoding import encode_base64url
from testamur.errors import RowMismatch
from testamur.issuing import Issuer
from testamur.jsontext import Json
from testamur.rows import CheckedRow
from testamur.store import KnownRow


class Rows(Protocol):
    """Checked rows that can be read as often as needed, in portions (``rows.Checked``)."""

    @property
    def count(self) -> int:
        """How many there are."""
        ...

    @property
    def digest(self) -> bytes:
        """The digest of the file they stand in."""
        ...

    @property
    def samples(self) -> Sequence[CheckedRow]:
        """One row of each kind, so that rules need not be tried on every row; empty where there are too many."""
        ...

    def portions(self, size: int) -> Iterator[Any]:
        """The rows in portions of this size, from the first one, not read yet."""
        ...

    def read(self, portion: Any) -> list[CheckedRow]:
        """The rows of a portion."""
        ...

    def light(self) -> Self:
        """What another process needs to read portions."""
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


OpenIssuer = Callable[[], Issuer]
"""Opens the ledger and the key in a process of its own; it is sent there, so it can be pickled."""


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
