"""What is done to one record: withdrawn for good, suspended, put back, corrected; alone or by a second person."""

from __future__ import annotations

from collections.abc import Mapping

from testamur.errors import OperatorError
from testamur.issuer.correcting import changed_values, correct, correctable, template_of, values_in
from testamur.issuer.desk.acting import Refusal
from testamur.issuer.desk.permissions import Act
from testamur.issuer.desk.visits import Visit
from testamur.issuer.drafts import needs_two, prepare_correction, prepare_revocation, prepare_undoing
from testamur.status import REASONS
from testamur.store import REVOCATION, SUSPENSION, Record
from testamur.words import say

PUBLISHED = tuple(
    reason for name, reason in REASONS.items() if name not in ("replaced", "key_compromised", "under_review")
)
"""The words among which a reason for withdrawing is chosen; they are published beside the list."""

SUSPENDING = tuple(REASONS[name] for name in ("under_review", "holder_request", "unspecified"))
_UNKNOWN = say("Choose a reason.")


def find_record(visit: Visit, name: str) -> Record | None:
    """The record of this organisation that an address names."""
    ledger = visit.here.ledger
    record = ledger.get(f"urn:uuid:{name}") or ledger.get(name)
    return record if record is not None and record.organisation == visit.here.did else None


def name_of(record: Record) -> str:
    """A record in addresses."""
    return record.id.removeprefix("urn:uuid:")


def may_alone(visit: Visit, kind: str) -> bool:
    """Whether this person does such a thing at once; otherwise it becomes a draft."""
    return visit.may(Act.WITHDRAW) and not needs_two(visit.here.ledger, visit.here.did, kind)


def revoke(visit: Visit, record: Record, reason: str, remark: str) -> int:
    """Withdraw a record for good; the number of the draft where another person has to approve it, else 0."""
    if reason not in REASONS:
        raise Refusal(_UNKNOWN)
    home, ledger, at = visit.here.home, visit.ledger, visit.at
    _remark(visit, record.id, remark)
    if not may_alone(visit, "revoke"):
        return prepare_revocation(home, ledger, visit.office.box, [record.id], reason=reason, at=at)
    ledger.registry.set_statuses([record.id], REVOCATION, True, reason=reason, at=at)
    return 0


def suspend(visit: Visit, record: Record, *, reason: str, remark: str, value: bool) -> None:
    """Suspend a record for a time, or end its suspension."""
    if value and reason not in REASONS:
        raise Refusal(_UNKNOWN)
    if all(slot.purpose != SUSPENSION for slot in record.slots):
        raise Refusal(say("This record was issued to be revoked only, not to be suspended."))
    _remark(visit, record.id, remark)
    visit.ledger.registry.set_statuses(
        [record.id], SUSPENSION, value, reason=reason if value else "", at=visit.at
    )


def correct_record(visit: Visit, record: Record, cells: Mapping[str, str], reason: str) -> tuple[int, str]:
    """Have a corrected copy take its place: the number of the draft, or the name of the new record."""
    if not reason:
        raise Refusal(say("Say what was wrong."))
    home, ledger, at = visit.here.home, visit.ledger, visit.at
    correctable(home, ledger, record.id)
    template = template_of(home, record)
    before, values = values_in(template, record), changed_values(template, record, cells)
    if values == before:
        raise Refusal(say("Nothing was changed."))
    if not may_alone(visit, "correct"):
        box = visit.office.box
        return prepare_correction(home, ledger, box, record.id, values, reason=reason, at=at), ""
    box = visit.office.box  # a learner whose address is kept is told
    new = correct(home, ledger, record.id, values, visit.here.ask, reason=reason, at=at, box=box)
    return 0, name_of(new)


def cells_of(visit: Visit, record: Record) -> list[tuple[str, str, bool]]:
    """The columns of its template as a form has them: name, what the record says, whether it must say something."""
    template = template_of(visit.here.home, record)
    values = values_in(template, record)
    return [
        (column.name, str(values.get(column.place, "")), column.required)
        for column in template.columns
        if column.goes_to != "nothing"
    ]


def undo_batch(visit: Visit, batch: str, reason: str) -> int:
    """Revoke every record of a batch; the number of the draft where another person has to approve it, else 0."""
    if reason not in REASONS:
        raise Refusal(_UNKNOWN)
    home, ledger, at = visit.here.home, visit.ledger, visit.at
    if not may_alone(visit, "undo"):
        return prepare_undoing(home, ledger, visit.office.box, batch, reason=reason, at=at)
    if not ledger.registry.undo_batch(home.did, batch, reason=reason, at=at):
        raise OperatorError("every record of this batch is revoked already")
    return 0


def _remark(visit: Visit, record: str, text: str) -> None:
    """Keep what somebody adds in words of their own in the log, where it is not published."""
    if text:
        visit.ledger.audit.note(visit.here.did, "remark", at=visit.at, subject=record, why=text[:1000])
