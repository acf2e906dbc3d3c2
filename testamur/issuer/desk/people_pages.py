"""The people of an organisation: invited, given roles, let go. Who does it is its administrator."""

from __future__ import annotations

from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException

from testamur.errors import TestamurError
from testamur.issuer.desk.acting import sentence_of
from testamur.issuer.desk.joining import GOOD_FOR, invite
from testamur.issuer.desk.office import Office
from testamur.issuer.desk.passkeys import Place
from testamur.issuer.desk.permissions import Role
from testamur.issuer.desk.role_words import ABOUT, NAMES
from testamur.issuer.desk.sign_in_pages import go
from testamur.issuer.desk.visits import NOT_THERE, Inviting, Visit
from testamur.store.desk import Invitation, members, waiting
from testamur.words import Sentence, say

_LAST = say("Somebody has to be administrator: make another one first.")
_NO_ROLE = say("Choose at least one role.")


def people_routes(office: Office) -> APIRouter:
    """``/schools/SLUG/people``."""
    routes = APIRouter(prefix="/schools/{slug}/people", include_in_schema=False)

    @routes.get("")
    def listed(visit: Inviting) -> Response:
        return _page(visit)

    @routes.post("/invite")
    def invited(visit: Inviting) -> Response:
        roles, email = _roles(visit), visit.form.text("email")
        if not roles:
            return _page(visit, _NO_ROLE, 400)
        asked = Invitation(
            email, visit.here.did, roles, False, visit.person.id, visit.at, visit.at + GOOD_FOR
        )
        try:
            token = invite(office, asked)
        except TestamurError as error:
            return _page(visit, sentence_of(error), 400)
        _note(visit, "invited", "", {"roles": list(roles)})
        return _page(visit, link=link_of(visit, token), invited=email)

    @routes.post("/withdraw")
    def withdrawn(visit: Inviting) -> Response:
        with office.people.writing() as connection:
            waiting.withdraw(connection, visit.here.did, visit.form.text("email"))
        return go(visit.at_school("/people"))

    @routes.post("/{person}")
    def changed(visit: Inviting, person: int) -> Response:
        roles, did = _roles(visit), visit.here.did
        with office.people.writing() as connection:
            everybody = members.listed(connection, did)
            if all(one.id != person for one in everybody):
                raise HTTPException(404, NOT_THERE)
            administrators = {
                one.id for one in everybody if Role.ADMINISTRATOR in one.roles[did] and one.id != person
            }
            is_last = not administrators and Role.ADMINISTRATOR not in roles
            if not is_last:
                members.give_roles(connection, person, did, roles)
        if is_last:
            return _page(visit, _LAST, 409)
        _note(visit, "roles_given", f"person:{person}", {"roles": list(roles)})
        return go(visit.at_school("/people"))

    return routes


def link_of(visit: Visit, token: str) -> str:
    """The link of an invitation, as it is handed on."""
    return f"{Place.of(visit.office, visit.request).origin}/join/{token}"


def _roles(visit: Visit) -> tuple[str, ...]:
    given = set(visit.form.texts("role"))
    return tuple(role.value for role in Role if role in given)


def _note(visit: Visit, act: str, subject: str, detail: dict[str, object]) -> None:
    visit.ledger.audit.note(visit.here.did, act, at=visit.at, subject=subject, detail=detail)


def _page(
    visit: Visit, wrong: Sentence | None = None, status: int = 200, *, link: str = "", invited: str = ""
) -> Response:
    with visit.office.people.reading() as connection:
        everybody = members.listed(connection, visit.here.did)
        invitations = waiting.listed(connection, visit.here.did)
    return visit.page(
        "people.html",
        status,
        everybody=everybody,
        invitations=[each for each in invitations if each.until >= visit.at],
        roles=list(Role),
        names=NAMES,
        about=ABOUT,
        link=link,
        invited=invited,
        wrong=wrong,
    )
