"""Signing in and out, and taking an invitation."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from testamur.errors import Malformed, OperatorError
from testamur.issuer.desk.joining import MIN_PASSWORD, check_password, join
from testamur.issuer.desk.office import Office
from testamur.issuer.desk.openid import providers
from testamur.issuer.desk.signing_in import TooOften, begin_session, by_password
from testamur.issuer.desk.visits import arrive, set_cookie
from testamur.leaves import Arrived
from testamur.store.desk import Invitation, Person, members, sessions, waiting
from testamur.words import Sentence, say

_WRONG = say("The address or the password is wrong.")
_TOO_OFTEN = say("There were too many wrong answers. Wait a quarter of an hour and try again.")
_GONE = say("This invitation was used already, or its time is over. Ask for a new one.")
NEXT = {"password": "/second-factor", "enrol": "/account/second-factor", "whole": "/"}


def address_of(request: Request) -> str:
    """Where a request comes from."""
    return request.client.host if request.client else ""


def go(path: str) -> Response:
    """Go on to another page with GET."""
    return RedirectResponse(path, 303)


def sign_in_routes(office: Office) -> APIRouter:
    """``/sign-in``, ``/sign-out``, ``/join/TOKEN``."""
    routes = APIRouter(include_in_schema=False)

    def ask(request: Request, wrong: Sentence | None = None, email: str = "", status: int = 200) -> Response:
        ways = list(enumerate(provider.name for provider in providers(office)))
        return office.leaves.page(request, "sign_in.html", status, wrong=wrong, email=email, providers=ways)

    @routes.get("/sign-in")
    def sign_in(request: Request, form: Arrived) -> Response:
        visit = arrive(request, form)
        return go(NEXT[visit.session.stage]) if visit else ask(request)

    @routes.post("/sign-in")
    def signed(request: Request, form: Arrived) -> Response:
        email = form.text("email")[:254]
        try:
            person = by_password(office, email, form.raw("password"), address_of(request))
        except TooOften:
            return ask(request, _TOO_OFTEN, email, 429)
        return ask(request, _WRONG, email, 403) if person is None else entered(office, person)

    @routes.post("/sign-out")
    def sign_out(request: Request, form: Arrived) -> Response:
        visit = arrive(request, form)
        if visit is not None:
            with office.people.writing() as connection:
                sessions.end(connection, visit.token)
        response = go("/sign-in")
        set_cookie(office, response, "")
        response.headers["clear-site-data"] = '"cache", "storage"'
        return response

    @routes.get("/join/{token}")
    def invited(request: Request, token: str) -> Response:
        with office.people.reading() as connection:
            invitation = waiting.find_invitation(connection, token, office.now())
            known = members.find_email(connection, invitation.email) if invitation else None
        if invitation is None:
            return office.leaves.page(request, "refused.html", 410, refusal=_GONE, detail="")
        return _ask_to_join(office, request, invitation, known)

    @routes.post("/join/{token}")
    def joined(request: Request, token: str, form: Arrived) -> Response:
        with office.people.reading() as connection:
            invitation = waiting.find_invitation(connection, token, office.now())
            known = members.find_email(connection, invitation.email) if invitation else None
        if invitation is None:
            return office.leaves.page(request, "refused.html", 410, refusal=_GONE, detail="")
        name, password = form.text("name"), form.raw("password")
        try:
            if known is None:
                check_password(password, Person(0, invitation.email, name))
            elif by_password(office, known.email, password, address_of(request)) is None:
                return _ask_to_join(office, request, invitation, known, _WRONG, status=403)
            person = join(office, token, name=name, password="" if known else password)
        except (Malformed, OperatorError, TooOften) as error:
            return _ask_to_join(office, request, invitation, known, say(str(error)), name, 400)
        return entered(office, person)

    return routes


def entered(office: Office, person: Person, *, proved_twice: bool = False) -> Response:
    """Somebody comes in under a new session."""
    token, stage = begin_session(office, person, proved_twice=proved_twice)
    response = go(NEXT[stage])
    set_cookie(office, response, token)
    return response


def _ask_to_join(
    office: Office,
    request: Request,
    invitation: Invitation,
    known: Person | None,
    wrong: Sentence | None = None,
    given: str = "",
    status: int = 200,
) -> Response:
    school = office.school_of(invitation.organisation) if invitation.organisation else None
    return office.leaves.page(
        request,
        "join.html",
        status,
        invitation=invitation,
        known=known,
        inviting=school.name if school else "",
        wrong=wrong,
        given=given,
        least=MIN_PASSWORD,
    )
