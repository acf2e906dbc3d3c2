"""Drafts at the desk: what each asks for, as its approver sees it; approved, sent back, carried out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from testamur.errors import OperatorError
from testamur.issuer.desk.looking import first_page
from testamur.issuer.desk.office import Office
from testamur.issuer.desk.school import School
from testamur.issuer.desk.visits import Visit, account_of
from testamur.issuer.desk.working import Told
from testamur.issuer.drafts import carry_out
from testamur.issuer.drafts.carrying_out import cohort_of
from testamur.issuer.specimen import specimen_pdf
from testamur.pool import cores
from testamur.rows import CheckedRow
from testamur.store import Record
from testamur.store.desk import Job, jobs
from testamur.store.drafts import APPROVED, Draft

CARRY_OUT = "carry out"
_LARGE = 5_000
_LISTED = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """What a draft asks for, opened: rows to be issued, or records and what is to become of them."""

    columns: Sequence[str] = ()
    rows: Sequence[CheckedRow] = ()
    records: Sequence[Record] = ()
    values: Mapping[str, Any] | None = None
    reason: str = ""


def look_at(visit: Visit, draft: Draft) -> Asked:
    """What stands in a draft that is open; nothing where it is at its end."""
    if not draft.is_open:
        return Asked()
    asked = _opened(visit.office, visit.here, draft)
    reason = str(asked.get("reason", ""))
    if draft.kind == "issue":
        cohort, _ = cohort_of(visit.here.ledger, visit.office.box, draft, asked, visit.at)
        rows = list(islice(_rows(cohort.rows, draft), _LISTED))
        columns = [column.name for column in cohort.template.columns]
        return Asked([name for name in columns if rows and name in rows[0].cells], rows)
    ids = asked.get("records") or ([asked["record"]] if "record" in asked else [])
    return Asked((), (), visit.here.ledger.get_many(ids[:_LISTED]), asked.get("values"), reason)


def picture_of(visit: Visit, draft: Draft, number: int) -> bytes | None:
    """The page of a row of a draft as PNG, marked as a specimen; None where there is no such row."""
    if draft.kind != "issue" or not draft.is_open:
        return None
    asked = _opened(visit.office, visit.here, draft)
    cohort, _ = cohort_of(visit.here.ledger, visit.office.box, draft, asked, visit.at)
    row = next(islice(_rows(cohort.rows, draft), max(number - 1, 0), None), None)
    if row is None:
        return None
    return first_page(specimen_pdf(visit.here.home, cohort.template, row, at=visit.at))


def approve(visit: Visit, number: int) -> None:
    """Approve a draft and have it carried out; raises Refused where this person may not."""
    draft = visit.ledger.drafts.approve(visit.here.did, number, at=visit.at)
    with visit.office.people.writing() as connection:
        jobs.add(
            connection,
            draft.organisation,
            visit.person.id,
            CARRY_OUT,
            str(number),
            visit.at,
            total=draft.rows,
        )


def carry_out_draft(office: Office, school: School, job: Job, told: Told) -> str:
    """Carry out an approved draft in the name of whoever approved it."""
    draft = school.ledger.drafts.get(school.did, int(job.subject))
    if draft.state != APPROVED:
        return ""
    ledger = school.ledger.by(draft.approved_by or account_of(job.person))
    carry_out(
        school.home,
        ledger,
        office.box,
        draft.id,
        school.ask,
        at=office.now(),
        progress=lambda done, total, rate: told(done, total),
        jobs=cores() if draft.rows > _LARGE else 1,
    )
    return draft.batch


def find_forgotten(office: Office) -> None:
    """Make jobs of the approved drafts that have none: a server died between the two."""
    for ledger in office.ledgers():
        for draft in ledger.drafts.waiting():
            subject, person = str(draft.id), draft.approved_by.removeprefix("person:")
            with office.people.writing() as connection:
                known = jobs.newest(connection, draft.organisation, CARRY_OUT, subject)
                if known is None and person.isdecimal():
                    at, total = office.now(), draft.rows
                    jobs.add(connection, draft.organisation, int(person), CARRY_OUT, subject, at, total=total)


def _opened(office: Office, school: School, draft: Draft) -> dict[str, Any]:
    sealed = school.ledger.drafts.task(draft)
    if not sealed:
        raise OperatorError("this draft is at its end")
    asked: dict[str, Any] = json.loads(office.box.open(sealed, f"draft:{draft.token}:0"))
    return asked


def _rows(rows: Any, draft: Draft) -> Any:
    for portion in rows.portions(draft.part_rows):
        yield from rows.read(portion)
