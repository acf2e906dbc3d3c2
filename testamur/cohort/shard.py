"""One shard: its rows decided, given status indexes, signed and kept, all or none of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from testamur.cohort.plan import Cohort, Decided, Decision, decide
from testamur.cohort.press import Press, Slots
from testamur.crashpoints import reached
from testamur.errors import AlreadyIssued, OperatorError
from testamur.issuing import Issuer
from testamur.rows import CheckedRow
from testamur.store import REVOCATION, SUSPENSION

SHARD_ROWS = 2_000
"""Rows that are reserved, signed and kept together: two syncs of the disk for each shard, ten megabytes of memory."""

_NAMED = 20
_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Issued:
    """How many records a run made, how many of these replace an older one, and how many rows had one."""

    new: int = 0
    replaced: int = 0
    known: int = 0

    def __add__(self, other: Issued) -> Issued:
        return Issued(self.new + other.new, self.replaced + other.replaced, self.known + other.known)


class ShardWork:
    """Does the shards of a plan with one issuer; what another process issued meanwhile is left as it is.

    ``fresh`` says that the ledger knew no row of the template, so it need not be asked for each.
    """

    def __init__(
        self, cohort: Cohort, issuer: Issuer, *, plan: int, changed: bool, fresh: bool = False
    ) -> None:
        self._cohort, self._issuer, self._plan = cohort, issuer, plan
        self._changed, self._fresh = changed, fresh
        self._press = Press(cohort, issuer)

    def __call__(self, shard: tuple[int, Any]) -> Issued:
        """The shard of this number, with its rows as they stand in the sheet."""
        number, portion = shard
        rows = self._cohort.rows.read(portion)
        for attempt in range(_ATTEMPTS):
            try:
                return self._issue(number, rows, fresh=self._fresh and attempt == 0)
            except AlreadyIssued:
                if attempt == _ATTEMPTS - 1:
                    raise
        raise AssertionError("unreachable")

    def _issue(self, number: int, rows: Sequence[CheckedRow], *, fresh: bool) -> Issued:
        if fresh:
            decided = [Decided(row, Decision.NEW, None) for row in rows]
        else:
            decided = decide(self._cohort, self._issuer, rows)
        refuse_changes(decided, allowed=self._changed)
        wanted = [one for one in decided if one.decision is not Decision.KNOWN]
        reached("checked")
        slots = self._slots(len(wanted)) if wanted else []
        reached("reserved")
        new = self._press.records(wanted, slots, self._cohort.at) if wanted else []
        self._issuer.ledger.record_shard(new, self._plan, number)
        reached("recorded")
        replaced = sum(bool(record.replaces) for record in new)
        return Issued(len(new), replaced, len(rows) - len(new))

    def _slots(self, count: int) -> list[Slots]:
        """For each record a slot to revoke it, and a second one to suspend it where it can be; on disk before signing."""
        ledger, organisation = self._issuer.ledger, self._issuer.organisation
        first = ledger.reserve(organisation, REVOCATION, count)
        if not self._cohort.template.suspendable:
            return [(slot,) for slot in first]
        return list(zip(first, ledger.reserve(organisation, SUSPENSION, count), strict=True))


def refuse_changes(decided: Sequence[Decided], *, allowed: bool) -> None:
    """Raise OperatorError naming the rows that were issued before and say something else now."""
    lines = [one.row.line for one in decided if one.decision is Decision.CHANGED]
    if lines and not allowed:
        named = ", ".join(map(str, lines[:_NAMED])) + (", …" if len(lines) > _NAMED else "")
        raise OperatorError(
            f"issued before and changed since: row {named}",
            hint="with --changed a new record is made and the old one is revoked as replaced",
        )
