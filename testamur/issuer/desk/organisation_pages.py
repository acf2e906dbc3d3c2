"""What an operator does: founds organisations, invites their administrators and other operators."""

from __future__ import annotations

from fastapi import APIRouter, Response

from testamur.errors import TestamurError
from testamur.issuer.desk.acting import sentence_of
from testamur.issuer.desk.joining import GOOD_FOR, invite
from testamur.issuer.desk.office import Office
from testamur.issuer.desk.organising import found_organisation
from testamur.issuer.desk.people_pages import link_of
from testamur.issuer.desk.permissions import Role
from testamur.issuer.desk.visits import Operating, Visit
from testamur.store.desk import Invitation, members
from testamur.words import Sentence, say

_METHODS = ("web", "webvh", "key")


def organisation_routes(office: Office) -> APIRouter:
    """``/organisations``."""
    routes = APIRouter(prefix="/organisations", include_in_schema=False)

    @routes.get("")
    def listed(visit: Operating) -> Response:
        return _page(visit)

    @routes.post("")
    def founded(visit: Operating) -> Response:
        form = visit.form
        method = form.text("method") if form.text("method") in _METHODS else "web"
        given = {name: form.text(name)[:300] for name in ("slug", "name", "url", "email")}
        try:
            school = found_organisation(
                office, given["slug"], name=given["name"], url=given["url"], method=method
            )
            link = _invite(visit, given["email"], school.did) if given["email"] else ""
        except TestamurError as error:
            return _page(visit, sentence_of(error), 400, given=given)
        return _page(visit, link=link, invited=given["email"])

    @routes.post("/administrators")
    def administrator(visit: Operating) -> Response:
        school = office.school(visit.form.text("slug"))
        if school is None:
            return _page(visit, say("There is no such organisation."), 400)
        try:
            link = _invite(visit, visit.form.text("email"), school.did)
        except TestamurError as error:
            return _page(visit, sentence_of(error), 400)
        return _page(visit, link=link, invited=visit.form.text("email"))

    @routes.post("/operators")
    def invited(visit: Operating) -> Response:
        try:
            link = _invite(visit, visit.form.text("email"), None)
        except TestamurError as error:
            return _page(visit, sentence_of(error), 400)
        return _page(visit, link=link, invited=visit.form.text("email"))

    return routes


def _invite(visit: Visit, email: str, did: str | None) -> str:
    roles = (Role.ADMINISTRATOR.value,) if did else ()
    until = visit.at + GOOD_FOR
    asked = Invitation(email, did, roles, did is None, visit.person.id, visit.at, until)
    return link_of(visit, invite(visit.office, asked))


def _page(
    visit: Visit,
    wrong: Sentence | None = None,
    status: int = 200,
    *,
    given: dict[str, str] | None = None,
    link: str = "",
    invited: str = "",
) -> Response:
    with visit.office.people.reading() as connection:
        operators = members.operators(connection)
    return visit.page(
        "organisations.html",
        status,
        schools=visit.office.schools(),
        operators=operators,
        single=visit.office.is_single,
        given={"slug": "", "name": "", "url": "", "email": ""} | (given or {}),
        link=link,
        invited=invited,
        wrong=wrong,
    )
