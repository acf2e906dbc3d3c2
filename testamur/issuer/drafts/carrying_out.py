"""Carrying out an approved draft: what was killed on the way is gone on with by doing it again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from testamur.cohort import Cohort, Progress, issue_cohort
from testamur.cohort.task import Handed, Task, unpack
from testamur.errors import OperatorError, Refused, TestamurError
from testamur.home import Home
from testamur.issuer.correcting import correct
from testamur.issuer.mailing.queueing import sealed_contacts
from testamur.issuer.outputs import Outputs
from testamur.issuer.signing import IssuerOpener
from testamur.keys.box import Box
from testamur.rows import CheckedRow, Reading
from testamur.spreadsheets import Line
from testamur.store import REVOCATION, Ledger
from testamur.store.drafts import APPROVED, Draft

Ask = Callable[[str], str]


def carry_out(
    home: Home,
    ledger: Ledger,
    box: Box,
    number: int,
    ask: Ask,
    *,
    at: datetime,
    progress: Progress | None = None,
    jobs: int = 1,
) -> Draft:
    """Do what an approved draft asks for, to its end; gives the draft as it stands then.

    Safe to run again after a crash, and by several processes at once: rows that have a record are left
    alone, everything else happens in one transaction with the end of the draft. What keeps it from
    being done is noted on the draft, and raised.
    """
    draft = ledger.drafts.get(home.did, number)
    if draft.state != APPROVED:
        raise Refused(f"the draft {number} is {draft.state}, not approved")
    try:
        asked = json.loads(box.open(ledger.drafts.task(draft), f"draft:{draft.token}:0"))
        if draft.kind == "issue":
            _issue(home, ledger, box, draft, asked, ask, progress, jobs)
            _keep_contacts(home, ledger, box, draft, asked)
            ledger.drafts.finish(home.did, number, at=at)
        else:
            _CHANGES[draft.kind](home, ledger, box, draft, asked, ask, at)
    except TestamurError as error:
        now = ledger.drafts.get(home.did, number)
        if now.state != APPROVED:
            return now  # another process was faster
        ledger.drafts.note(home.did, number, error.message)
        raise
    return ledger.drafts.get(home.did, number)


def resume(
    home: Home, ledger: Ledger, box: Box, ask: Ask, *, at: datetime
) -> Iterator[tuple[Draft, TestamurError | None]]:
    """Carry out every approved draft of this home that is not done: after a crash, and when a server starts."""
    for draft in ledger.drafts.waiting():
        if draft.organisation == home.did:
            try:
                yield carry_out(home, ledger, box, draft.id, ask, at=at), None
            except TestamurError as error:
                yield ledger.drafts.get(home.did, draft.id), error


@dataclass(frozen=True, slots=True)
class DraftRows:
    """The rows of a draft, read from the ledger and unsealed part by part."""

    ledger: Ledger
    box: Box
    draft: Draft
    reading: Reading
    digest: bytes
    samples: Sequence[CheckedRow] = ()

    @property
    def count(self) -> int:
        """How many there are."""
        return self.draft.rows

    def portions(self, size: int) -> Iterator[list[Line]]:
        """The parts, as they were cut when the draft was prepared."""
        if size != self.draft.part_rows:
            raise OperatorError(f"the draft is cut into parts of {self.draft.part_rows} rows, not {size}")
        for number in range(1, -(-self.count // size) + 1):
            sealed = self.ledger.drafts.part(self.draft, number)
            yield unpack(self.box.open(sealed, f"draft:{self.draft.token}:{number}"))

    def read(self, portion: list[Line]) -> list[CheckedRow]:
        """The rows of a part."""
        return self.reading.read(portion)

    def light(self) -> Any:
        """What another process needs, which is given its parts."""
        return Handed(self.reading)


def cohort_of(
    ledger: Ledger, box: Box, draft: Draft, asked: dict[str, Any], at: datetime
) -> tuple[Cohort, Task]:
    """The cohort of a draft that issues, with the task that it was prepared as."""
    task = Task.parse(asked["task"])
    handed = task.cohort()
    rows = DraftRows(
        ledger, box, draft, Reading(task.positions, handed.template, task.key), bytes.fromhex(asked["sheet"])
    )
    return replace(handed, rows=rows, at=at), task


def _issue(
    home: Home,
    ledger: Ledger,
    box: Box,
    draft: Draft,
    asked: dict[str, Any],
    ask: Ask,
    progress: Progress | None,
    jobs: int,
) -> None:
    if draft.approved_at is None:
        raise Refused(f"the draft {draft.id} is not approved")
    cohort, task = cohort_of(ledger, box, draft, asked, draft.approved_at)
    if task.status_url != home.status_url:
        raise OperatorError("the school moved since the draft was prepared", hint="prepare it again")
    opener = IssuerOpener.of(home, ledger, cohort.template, forms=task.forms).asking(ask)
    Outputs(home, ledger).keep_crest(cohort.template.look, cohort.template.crest)
    issue_cohort(
        cohort,
        opener.open(ledger),
        changed=task.changed,
        shard_rows=draft.part_rows,
        progress=progress,
        jobs=jobs,
        open_issuer=opener,
    )


def _keep_contacts(home: Home, ledger: Ledger, box: Box, draft: Draft, asked: dict[str, Any]) -> None:
    """Keep, sealed, where the learners of a sheet with e-mail addresses are written to."""
    cohort, _ = cohort_of(ledger, box, draft, asked, draft.prepared_at)
    if not any(column.goes_to == "holder.email" for column in cohort.template.columns):
        return
    for portion in cohort.rows.portions(draft.part_rows):
        rows = {row.key: str((row.values or {}).get("holder.email", "")) for row in cohort.rows.read(portion)}
        known = ledger.rows(home.did, draft.template, list(rows))
        addresses = {one.record_id: rows[key] for key, one in known.items() if rows[key]}
        ledger.outbox.keep_contacts(sealed_contacts(box, addresses))


def _revoke(
    home: Home, ledger: Ledger, box: Box, draft: Draft, asked: dict[str, Any], ask: Ask, at: datetime
) -> None:
    ledger.registry.set_statuses(
        asked["records"], REVOCATION, True, reason=asked["reason"], at=at, draft=draft.id
    )


def _undo(
    home: Home, ledger: Ledger, box: Box, draft: Draft, asked: dict[str, Any], ask: Ask, at: datetime
) -> None:
    ledger.registry.undo_batch(home.did, asked["batch"], reason=asked["reason"], at=at, draft=draft.id)


def _correct(
    home: Home, ledger: Ledger, box: Box, draft: Draft, asked: dict[str, Any], ask: Ask, at: datetime
) -> None:
    correct(
        home,
        ledger,
        asked["record"],
        asked["values"],
        ask,
        reason=asked["reason"],
        at=at,
        draft=draft.id,
        box=box,
    )


_CHANGES = {"revoke": _revoke, "undo": _undo, "correct": _correct}
