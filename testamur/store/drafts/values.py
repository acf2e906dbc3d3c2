"""What the ledger knows of a draft."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

PREPARED, APPROVED, SIGNED = "prepared", "approved", "signed"
RETURNED, WITHDRAWN = "returned", "withdrawn"
"""The states of a draft: the last three are its ends."""

KINDS = ("issue", "correct", "revoke", "undo")
"""What a draft asks for."""

TWO_PERSONS = "two_persons"
"""The setting that lists, by spaces, the kinds that need another person's approval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDraft:
    """A draft about to be kept; ``task`` and ``parts`` are sealed for the place ``draft:TOKEN:NUMBER``, the task as 0."""

    token: str
    kind: str
    template: str = ""
    batch: str = ""
    rows: int
    part_rows: int
    digest: str  # of the sheet
    task: bytes
    parts: Iterable[bytes] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A draft as the ledger has it; ``done`` counts the rows that are signed already."""

    id: int
    organisation: str
    token: str
    kind: str
    template: str
    batch: str
    rows: int
    part_rows: int
    digest: str
    state: str
    note: str  # why it was returned or withdrawn, or what kept it from being signed
    prepared_by: str
    prepared_at: datetime
    approved_by: str = ""
    approved_at: datetime | None = None
    ended_at: datetime | None = None
    done: int = 0

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.state in (PREPARED, APPROVED)
