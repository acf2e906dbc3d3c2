"""The pages of a draft: what it asks for, approved or sent back, and how far it is."""

from __future__ import annotations

from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException

from testamur.errors import Malformed, OperatorError
from testamur.issuer.desk.acting import refused
from testamur.issuer.desk.draft_acts import CARRY_OUT, approve, look_at, picture_of
from testamur.issuer.desk.office import Office
from testamur.issuer.desk.sheet_pages import PNG, number_of
from testamur.issuer.desk.sign_in_pages import go
from testamur.issuer.desk.visits import NOT_THERE, Approving, Preparing, Reading, Visit
from testamur.issuer.drafts import needs_two
from testamur.jsontext import write_json
from testamur.store.desk import Person, jobs, members
from testamur.store.drafts import APPROVED, PREPARED, Draft
from testamur.words import Sentence


def draft_routes(office: Office) -> APIRouter:
    """``/schools/SLUG/drafts``."""
    routes = APIRouter(prefix="/schools/{slug}/drafts", include_in_schema=False)
    _seeing(routes)
    _deciding(routes)
    return routes


def _seeing(routes: APIRouter) -> None:
    @routes.get("/{number}")
    def seen(visit: Reading, number: int) -> Response:
        return _page(visit, _find(visit, number))

    @routes.get("/{number}/rows/{row}.png")
    def picture(visit: Reading, number: int, row: int) -> Response:
        try:
            data = picture_of(visit, _find(visit, number), row)
        except (Malformed, OperatorError):
            data = None
        if data is None:
            raise HTTPException(404, NOT_THERE)
        return Response(data, media_type=PNG)

    @routes.get("/{number}/progress")
    def progress(visit: Reading, number: int) -> Response:
        draft = _find(visit, number)
        done = max(draft.done, _told(visit, draft)[0])
        told = {"state": draft.state, "done": done, "total": draft.rows, "note": draft.note}
        return Response(write_json(told), media_type="application/json")


def _deciding(routes: APIRouter) -> None:
    @routes.post("/{number}/approve")
    def approved(visit: Approving, number: int) -> Response:
        return _decided(visit, number, refused(lambda: approve(visit, number)))

    @routes.post("/{number}/send-back")
    def sent_back(visit: Approving, number: int) -> Response:
        why, drafts = visit.form.text("why")[:1000], visit.ledger.drafts
        return _decided(
            visit, number, refused(lambda: drafts.send_back(visit.here.did, number, why, at=visit.at))
        )

    @routes.post("/{number}/withdraw")
    def withdrawn(visit: Preparing, number: int) -> Response:
        drafts = visit.ledger.drafts
        return _decided(visit, number, refused(lambda: drafts.withdraw(visit.here.did, number, at=visit.at)))


def person_called(visit: Visit, account: str) -> str:
    """The name of somebody whom the ledger knows as an account; the account itself where it is nobody of ours."""
    kind, _, number = account.partition(":")
    if kind != "person" or not number.isdecimal():
        return account
    with visit.office.people.reading() as connection:
        person: Person | None = members.find(connection, int(number))
    return person.name if person else account


def _find(visit: Visit, number: int) -> Draft:
    try:
        return visit.here.ledger.drafts.get(visit.here.did, min(number, 2**31 - 1))
    except OperatorError:
        raise HTTPException(404, NOT_THERE) from None


def _decided(visit: Visit, number: int, why: Sentence | None) -> Response:
    if why is not None:
        return _page(visit, _find(visit, number), why, 409)
    return go(visit.at_school(f"/drafts/{number}"))


def _told(visit: Visit, draft: Draft) -> tuple[int, bool]:
    """How far the worker is, and whether it gave up."""
    with visit.office.people.reading() as connection:
        job = jobs.newest(connection, draft.organisation, CARRY_OUT, str(draft.id))
    return (job.done, job.state == "failed") if job else (0, False)


def _page(visit: Visit, draft: Draft, wrong: Sentence | None = None, status: int = 200) -> Response:
    asked = look_at(visit, draft)
    done, failed = _told(visit, draft)
    is_own = draft.prepared_by == visit.account
    alone = is_own and needs_two(visit.here.ledger, visit.here.did, draft.kind)
    return visit.page(
        "draft.html",
        status,
        draft=draft,
        asked=asked,
        number=number_of(visit.request.query_params.get("row", "1"), max(draft.rows, 1)),
        prepared=person_called(visit, draft.prepared_by),
        approver=person_called(visit, draft.approved_by) if draft.approved_by else "",
        done=max(draft.done, done),
        failed=failed,
        waits=draft.state == PREPARED,
        is_being_done=draft.state == APPROVED,
        is_own=is_own,
        alone=alone,
        wrong=wrong,
    )
