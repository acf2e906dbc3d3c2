"""The press: rows that were decided on become signed records, ready to be kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from testamur.cohort.plan import Cohort, Decided, filled, row_digest
from testamur.issuing import Draft, Issuer
from testamur.store import NewRecord, StatusSlot

Slots = tuple[StatusSlot, ...]
"""The status slots of one record: one to revoke it, a second one to suspend it where it can be."""


class Press:
    """Makes the records of a cohort's rows with the issuer's key; the ledger is not touched."""

    def __init__(self, cohort: Cohort, issuer: Issuer) -> None:
        self._cohort = cohort
        self._issuer = issuer
        self._look = cohort.template.look.digest

    def records(
        self, rows: Sequence[Decided], slots: Sequence[Slots], at: datetime | None = None
    ) -> list[NewRecord]:
        """The records of these rows under these slots, signed at ``at`` (the cohort's own instant by default).

        Raises the first RowMismatch or Malformed; a row that changed gets a record that replaces the older one.
        """
        cohort = replace(self._cohort, at=at) if at else self._cohort
        return [
            self._record(cohort, decided, own, check=number == 0)
            for number, (decided, own) in enumerate(zip(rows, slots, strict=True))
        ]

    def _record(self, cohort: Cohort, decided: Decided, slots: Slots, *, check: bool) -> NewRecord:
        row, _, known = decided
        document = filled(cohort, self._issuer, row)
        if isinstance(document, list):
            raise document[0]
        for problem in self._issuer.problems(document):
            raise problem
        draft = Draft(
            document=document,
            at=cohort.at,
            paper=cohort.template.paper_document,
            template=cohort.template_name,
            template_version=str(cohort.template.version),
            row_key=row.key,
            row_digest=row_digest(row),
            batch=cohort.batch,
            look=self._look,
            suspendable=cohort.template.suspendable,
            replaces=known.record_id if known else "",
        )
        return self._issuer.signed(draft, slots, check=check)
