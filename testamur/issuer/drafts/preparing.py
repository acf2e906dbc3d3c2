"""Preparing a draft: what is to be done is sealed and kept, until somebody approves it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from testamur.cohort import Cohort
from testamur.cohort.run import plan_digest
from testamur.cohort.task import Task, pack
from testamur.errors import OperatorError
from testamur.home import Home
from testamur.keys.box import SALT_BYTES, Box
from testamur.store import Ledger
from testamur.store.drafts import KINDS, TWO_PERSONS, NewDraft

if TYPE_CHECKING:
    from testamur.credentials import Value
    from testamur.rows import Checked

_STEPS = 20  # parts that a sheet is cut into, so that progress can be seen
_FEWEST, _MOST = 25, 2000  # rows of a part


def box_of(home: Home, passphrase: str) -> Box:
    """What seals the drafts and addresses of a home's ledger; the desk has the same one."""
    from testamur.store.desk import People

    people = People.open(home.store_url)
    try:
        return Box.of(passphrase, people.kept_once("salt", SALT_BYTES))
    finally:
        people.close()


def needs_two(ledger: Ledger, organisation: str, kind: str) -> bool:
    """Whether the organisation wants two persons for this kind of act: one prepares, another approves."""
    return kind in ledger.registry.settings(organisation).get(TWO_PERSONS, "").split()


def refuse_alone(ledger: Ledger, organisation: str, kind: str) -> None:
    """Raise OperatorError where one person may not do this alone."""
    if needs_two(ledger, organisation, kind):
        raise OperatorError(
            f"the settings ask for two persons to {kind}",
            hint=f"prepare it: testamur draft {kind} …; another person: testamur draft approve NUMBER",
        )


def checked_kinds(text: str) -> str:
    """The kinds that are to need two persons, as the setting has them; raises OperatorError on others."""
    kinds = text.replace(",", " ").split()
    if unknown := [kind for kind in kinds if kind not in KINDS]:
        raise OperatorError(
            f"{unknown[0]!r:.40} is nothing that two persons do", hint=f"known: {', '.join(KINDS)}"
        )
    return " ".join(kind for kind in KINDS if kind in kinds)


def prepare_issue(
    home: Home,
    ledger: Ledger,
    box: Box,
    checked: Checked,
    *,
    template_name: str,
    template_text: str,
    batch: str,
    at: datetime,
    changed: bool = False,
    forms: Sequence[str] = (),
) -> int:
    """Keep a checked sheet as a draft; gives its number. Raises OperatorError where the sheet has errors or no rows."""
    if checked.errors or not checked.count:
        raise OperatorError(
            "there is nothing to prepare", hint="put right what is wrong with the sheet first"
        )
    cohort = Cohort(
        rows=checked,
        template=checked.template,
        template_name=template_name,
        batch=batch,
        at=at,
        issuer_name=home.name,
        issuer_url=home.url,
    )
    task = Task.of(cohort, checked.reading, template_text, home.status_url, changed=changed, forms=forms)
    size = max(_FEWEST, min(_MOST, -(-checked.count // _STEPS)))
    token = token_hex(16)
    new = NewDraft(
        token=token,
        kind="issue",
        template=template_name,
        batch=batch,
        rows=checked.count,
        part_rows=size,
        digest=plan_digest(checked.digest, template_name, size),
        task=_sealed_task(box, token, {"task": task.text, "sheet": checked.digest.hex()}),
        parts=_parts(box, token, checked, size),
    )
    return ledger.drafts.keep(home.did, new, at=at)


def prepare_revocation(
    home: Home, ledger: Ledger, box: Box, record_ids: Sequence[str], *, reason: str, at: datetime
) -> int:
    """Keep the wish to revoke these records."""
    asked = {"records": list(record_ids), "reason": reason}
    return _prepare(home, ledger, box, "revoke", asked, rows=len(record_ids), at=at)


def prepare_undoing(home: Home, ledger: Ledger, box: Box, batch: str, *, reason: str, at: datetime) -> int:
    """Keep the wish to undo a batch."""
    rows = sum(1 for _ in ledger.each(home.did, batch=batch))
    if not rows:
        raise OperatorError(f"there is no batch {batch!r:.80}", hint="`testamur list` shows the records")
    return _prepare(
        home, ledger, box, "undo", {"batch": batch, "reason": reason}, rows=rows, at=at, batch=batch
    )


def prepare_correction(
    home: Home,
    ledger: Ledger,
    box: Box,
    record_id: str,
    values: Mapping[str, Value],
    *,
    reason: str,
    at: datetime,
) -> int:
    """Keep what a corrected copy of a record is to say, by place."""
    asked = {"record": record_id, "values": dict(values), "reason": reason}
    return _prepare(home, ledger, box, "correct", asked, rows=1, at=at)


def _prepare(
    home: Home,
    ledger: Ledger,
    box: Box,
    kind: str,
    asked: dict[str, Any],
    *,
    rows: int,
    at: datetime,
    batch: str = "",
) -> int:
    if not str(asked["reason"]).strip():
        raise OperatorError("why is not said", hint='give the reason: --reason "issued_in_error"')
    token = token_hex(16)
    task = _sealed_task(box, token, asked)
    new = NewDraft(
        token=token, kind=kind, batch=batch, rows=rows, part_rows=max(rows, 1), digest="", task=task
    )
    return ledger.drafts.keep(home.did, new, at=at)


def _sealed_task(box: Box, token: str, asked: dict[str, Any]) -> bytes:
    return box.seal(json.dumps(asked, ensure_ascii=False).encode("utf-8"), f"draft:{token}:0")


def _parts(box: Box, token: str, checked: Checked, size: int) -> Iterator[bytes]:
    for number, lines in enumerate(checked.portions(size), 1):
        yield box.seal(pack(lines), f"draft:{token}:{number}")
