"""The pages of a sheet: given, put right, looked at, handed over."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException

from testamur.cohort import Survey
from testamur.errors import Malformed
from testamur.issuer.desk import ordering
from testamur.issuer.desk.acting import Refusal, refused
from testamur.issuer.desk.looking import Looking, fit_row, picture_of, survey_of, with_errors
from testamur.issuer.desk.office import Office
from testamur.issuer.desk.sign_in_pages import go
from testamur.issuer.desk.visits import NOT_THERE, Preparing, Reading, Visit
from testamur.rows import RowProblem, Severity
from testamur.store.desk import GivenSheet, members, sheets
from testamur.words import Sentence, Tongue, say

_SHOWN = 300
PNG = "image/png"


def sheet_routes(office: Office) -> APIRouter:
    """``/schools/SLUG/sheets``."""
    routes = APIRouter(prefix="/schools/{slug}/sheets", include_in_schema=False)
    looking = office.looking
    _giving(routes, looking)
    _seeing(routes, looking)
    _moving(routes, looking)
    return routes


def _giving(routes: APIRouter, looking: Looking) -> None:
    @routes.get("")
    def listed(visit: Reading) -> Response:
        with visit.office.people.reading() as connection:
            found = sheets.listed(connection, visit.here.did)
            names = {one.person: members.find(connection, one.person) for one in found}
        drafts = visit.here.ledger.drafts.listed(visit.here.did, limit=100)
        return visit.page("sheets.html", sheets=found, names=names, drafts=drafts)

    @routes.get("/new")
    def new(visit: Preparing) -> Response:
        return _ask(visit)

    @routes.post("/new")
    def given(visit: Preparing) -> Response:
        form = visit.form
        file, courses = form.file("file"), form.file("courses")
        if file is None:
            return _ask(visit, say("Choose a file."), 400)
        try:
            sheet = ordering.give(visit, looking, form.text("template"), file, courses, form.text("batch"))
        except Refusal as refusal:
            return _ask(visit, refusal.sentence, 400)
        return go(visit.at_school(f"/sheets/{sheet}"))

    @routes.post("/{sheet}/files")
    def replaced(visit: Preparing, sheet: str) -> Response:
        form, found = visit.form, _find(visit, sheet)
        return _act(
            visit, looking, found,
            lambda: ordering.put_right(visit, found, form.file("file"), form.file("courses")),
        )  # fmt: skip

    @routes.post("/{sheet}/settings")
    def settled(visit: Preparing, sheet: str) -> Response:
        form, found = visit.form, _find(visit, sheet)
        key, batch, changed = form.text("key"), form.text("batch"), form.text("changed") == "yes"
        return _act(
            visit, looking, found,
            lambda: ordering.settle(visit, found, key=key, batch=batch, changed=changed),
        )  # fmt: skip

    @routes.post("/{sheet}/mapping")
    def mapped(visit: Preparing, sheet: str) -> Response:
        found, text = _find(visit, sheet), visit.form.raw("mapping")[:100_000]
        return _act(visit, looking, found, lambda: ordering.map_otherwise(visit, found, text))


def _seeing(routes: APIRouter, looking: Looking) -> None:
    @routes.get("/{sheet}")
    def seen(visit: Reading, sheet: str) -> Response:
        return _page(visit, looking, _find(visit, sheet))

    @routes.get("/{sheet}/errors")
    def errors(visit: Reading, sheet: str) -> Response:
        found = _find(visit, sheet)
        seen = looking.look(visit.here, found)
        if seen.checked is None or seen.is_roster:
            raise HTTPException(404, NOT_THERE)
        name, data = with_errors(found, seen, _error_column(visit.tongue, (*seen.errors, *seen.warnings)))
        return attached(name, data)

    @routes.get("/{sheet}/rows/{number}.png")
    def picture(visit: Reading, sheet: str, number: int) -> Response:
        found = _find(visit, sheet)
        try:
            data = picture_of(visit.here, looking.look(visit.here, found), number, visit.at)
        except Malformed:
            data = None
        if data is None:
            raise HTTPException(404, NOT_THERE)
        return Response(data, media_type=PNG)


def _moving(routes: APIRouter, looking: Looking) -> None:
    @routes.post("/{sheet}/hand-over")
    def handed_over(visit: Preparing, sheet: str) -> Response:
        found = _find(visit, sheet)
        try:
            draft = ordering.hand_over(visit, looking, found)
        except Refusal as refusal:
            return _page(visit, looking, found, refusal.sentence, 409)
        return go(visit.at_school(f"/drafts/{draft}"))

    @routes.post("/{sheet}/drop")
    def dropped(visit: Preparing, sheet: str) -> Response:
        with visit.office.people.writing() as connection:
            sheets.drop(connection, visit.here.did, sheet)
        return go(visit.at_school("/sheets"))


def attached(name: str, data: bytes, kind: str = "application/octet-stream") -> Response:
    """A file to keep, under this name."""
    plain = "".join(
        letter if letter.isascii() and (letter.isalnum() or letter in ".-_") else "_" for letter in name
    )
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    return Response(data, media_type=kind, headers={"content-disposition": disposition})


def number_of(text: str, most: int) -> int:
    """A number that stands in an address, from 1 to ``most``."""
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 8 else 1
    return max(1, min(number, most))


def _find(visit: Visit, sheet: str) -> GivenSheet:
    with visit.office.people.reading() as connection:
        found = sheets.find(connection, visit.here.did, sheet[:32])
    if found is None:
        raise HTTPException(404, NOT_THERE)
    return found


def _act(visit: Visit, looking: Looking, sheet: GivenSheet, act: Callable[[], object]) -> Response:
    if why := refused(act):
        return _page(visit, looking, _find(visit, sheet.id), why, 409)
    return go(visit.at_school(f"/sheets/{sheet.id}"))


def _ask(visit: Visit, wrong: Sentence | None = None, status: int = 200) -> Response:
    return visit.page("sheet_new.html", status, templates=list(visit.here.templates()), wrong=wrong)


def _page(
    visit: Visit, looking: Looking, sheet: GivenSheet, wrong: Sentence | None = None, status: int = 200
) -> Response:
    seen = looking.look(visit.here, sheet)
    survey = survey_of(visit.here, sheet, seen, visit.at) if seen.is_fit else Survey()
    asked = visit.request.query_params.get("row", "")
    number = number_of(asked, seen.checked.count if seen.checked else 1) if asked else fit_row(seen)
    with visit.office.people.reading() as connection:
        prepared = members.find(connection, sheet.person)
    errors = (*seen.courses_problems, *seen.errors, *survey.problems)
    return visit.page(
        "sheet.html",
        status,
        sheet=sheet,
        seen=seen,
        survey=survey,
        errors=errors[:_SHOWN],
        error_count=len(errors) + len(seen.roster_problems),
        warnings=seen.warnings[:_SHOWN],
        warning_count=len(seen.warnings),
        number=number,
        prepared=prepared,
        wrong=wrong,
    )


def _error_column(tongue: Tongue, problems: tuple[RowProblem, ...]) -> dict[int, str]:
    """By line what to write beside the row, in the registrar's language."""
    told: dict[int, list[str]] = {}
    for problem in problems:
        where = f"{problem.column}: " if problem.column else ""
        note = "" if problem.severity is Severity.ERROR else f"({tongue.say('please look')}) "
        told.setdefault(problem.line, []).append(f"{note}{where}{tongue.say(problem.reason)}")
    return {line: "; ".join(reasons) for line, reasons in told.items()}
