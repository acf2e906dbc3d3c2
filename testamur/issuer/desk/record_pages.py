"""Searching, and the page of one record: what it says, all its forms, everything that happened to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException

from testamur.errors import TestamurError
from testamur.issuer.desk import record_acts
from testamur.issuer.desk.acting import Refusal, sentence_of
from testamur.issuer.desk.draft_pages import person_called
from testamur.issuer.desk.event_words import told
from testamur.issuer.desk.looking import first_page
from testamur.issuer.desk.office import Office
from testamur.issuer.desk.record_acts import find_record, name_of
from testamur.issuer.desk.sheet_pages import PNG, attached
from testamur.issuer.desk.sign_in_pages import go
from testamur.issuer.desk.visits import NOT_THERE, HandingOut, Preparing, Reading, Visit, Withdrawing
from testamur.issuer.outputs import KINDS, Outputs
from testamur.store import Record
from testamur.words import Sentence

_PAGE = 50
_MEDIA = {"pdf": "application/pdf", "png": "image/png", "svg": "image/svg+xml", "qr": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened to a record."""

    at: datetime
    who: str
    what: Sentence
    why: str


def record_routes(office: Office) -> APIRouter:
    """``/schools/SLUG/records``."""
    routes = APIRouter(prefix="/schools/{slug}/records", include_in_schema=False)
    _searching(routes)
    _seeing(routes)
    _changing(routes)
    return routes


def _searching(routes: APIRouter) -> None:
    """What is looked for stands in the form and not in the address: it may be a learner's name."""

    @routes.get("")
    def start(visit: Reading) -> Response:
        return _found(visit)

    @routes.post("")
    def search(visit: Reading) -> Response:
        return _found(visit)


def _found(visit: Visit) -> Response:
    form = visit.form
    text, state = form.text("q")[:200], form.text("state")
    after = int(form.text("after")) if form.text("after").isdecimal() else 0
    ledger, did = visit.here.ledger, visit.here.did
    asked = visit.request.method == "POST"
    records = ledger.find(did, text=text, state=state, after=after, limit=_PAGE + 1) if asked else []
    return visit.page(
        "records.html",
        asked=asked,
        records=records[:_PAGE],
        last=records[_PAGE - 1].serial if len(records) > _PAGE else 0,
        q=text,
        state=state,
        name_of=name_of,
        batches=[] if asked else ledger.batches(did),
    )


def _seeing(routes: APIRouter) -> None:
    @routes.get("/{record}")
    def seen(visit: Reading, record: str) -> Response:
        return _page(visit, _find(visit, record))

    @routes.get("/{record}/page.png")
    def picture(visit: Reading, record: str) -> Response:
        found = _find(visit, record)
        pdf = Outputs(visit.here.home, visit.here.ledger).make(found, "pdf")
        return Response(first_page(pdf), media_type=PNG)

    @routes.get("/{record}/files/{kind}")
    def file(visit: HandingOut, record: str, kind: str) -> Response:
        found = _find(visit, record)
        if kind not in KINDS and found.form(kind) is None:
            raise HTTPException(404, NOT_THERE)
        outputs = Outputs(visit.here.home, visit.here.ledger)
        data = outputs.make(found, kind)
        visit.ledger.audit.note(
            visit.here.did, "handed_out", at=visit.at, subject=found.id, detail={"form": kind}
        )
        return attached(outputs.names(found, [kind])[0], data, _MEDIA.get(kind, "application/octet-stream"))


def _changing(routes: APIRouter) -> None:
    @routes.post("/{record}/revoke")
    def revoked(visit: Preparing, record: str) -> Response:
        found, form = _find(visit, record), visit.form
        try:
            draft = record_acts.revoke(visit, found, form.text("reason"), form.text("remark"))
        except (Refusal, TestamurError) as error:
            return _page(visit, found, _why(error), 409)
        return go(visit.at_school(f"/drafts/{draft}" if draft else f"/records/{record}"))

    @routes.post("/{record}/suspend")
    def suspended(visit: Withdrawing, record: str) -> Response:
        return _suspension(visit, record, value=True)

    @routes.post("/{record}/reinstate")
    def reinstated(visit: Withdrawing, record: str) -> Response:
        return _suspension(visit, record, value=False)

    @routes.get("/{record}/correct")
    def asked(visit: Preparing, record: str) -> Response:
        return _correction(visit, _find(visit, record), {}, "")

    @routes.post("/{record}/correct")
    def corrected(visit: Preparing, record: str) -> Response:
        found, form = _find(visit, record), visit.form
        cells = {name.removeprefix("cell:"): value for name, value in form.fields if name.startswith("cell:")}
        try:
            draft, new = record_acts.correct_record(visit, found, cells, form.text("reason")[:500])
        except (Refusal, TestamurError) as error:
            return _correction(visit, found, cells, form.text("reason"), _why(error), 409)
        return go(visit.at_school(f"/drafts/{draft}" if draft else f"/records/{new}"))


def _suspension(visit: Visit, record: str, *, value: bool) -> Response:
    found, form = _find(visit, record), visit.form
    try:
        reason, remark = form.text("reason"), form.text("remark")
        record_acts.suspend(visit, found, reason=reason, remark=remark, value=value)
    except (Refusal, TestamurError) as error:
        return _page(visit, found, _why(error), 409)
    return go(visit.at_school(f"/records/{record}"))


def _why(error: Refusal | TestamurError) -> Sentence:
    return error.sentence if isinstance(error, Refusal) else sentence_of(error)


def _find(visit: Visit, name: str) -> Record:
    found = find_record(visit, name[:300])
    if found is None:
        raise HTTPException(404, NOT_THERE)
    return found


def _correction(
    visit: Visit,
    record: Record,
    given: dict[str, str],
    reason: str,
    wrong: Sentence | None = None,
    status: int = 200,
) -> Response:
    try:
        cells = record_acts.cells_of(visit, record)
    except TestamurError as error:
        return _page(visit, record, sentence_of(error), 409)
    filled = [(name, given.get(name, value), required) for name, value, required in cells]
    return visit.page(
        "correct.html",
        status,
        record=record,
        name=name_of(record),
        cells=filled,
        reason=reason,
        alone=record_acts.may_alone(visit, "correct"),
        wrong=wrong,
    )


def _page(visit: Visit, record: Record, wrong: Sentence | None = None, status: int = 200) -> Response:
    home, ledger = visit.here.home, visit.here.ledger
    happened = [
        Happened(entry.at, person_called(visit, entry.who), told(entry), "" if entry.is_erased else entry.why)
        for entry in ledger.audit.of_record(record.id)
    ]
    published, history = home.published, ledger.history(record.id)
    return visit.page(
        "record.html",
        status,
        record=record,
        name=name_of(record),
        happened=happened,
        newer=record.replaced_by.removeprefix("urn:uuid:"),
        unpublished=bool(history and (published is None or history[-1].at >= published)),
        kinds=KINDS,
        suspendable=any(slot.purpose == "suspension" for slot in record.slots),
        reasons=record_acts.PUBLISHED,
        suspending=record_acts.SUSPENDING,
        alone=record_acts.may_alone(visit, "revoke"),
        wrong=wrong,
    )
