"""What somebody changes about the own account, and the link with which a forgotten password is renewed."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from testamur.errors import Malformed
from testamur.issuer.desk.joining import MIN_PASSWORD, check_password
from testamur.issuer.desk.office import Office
from testamur.issuer.desk.organising import RENEWAL
from testamur.issuer.desk.sign_in_pages import address_of, entered, go
from testamur.issuer.desk.signing_in import TooOften, by_password
from testamur.issuer.desk.visits import SignedIn, Visit
from testamur.keys.passwords import hash_password
from testamur.leaves import Arrived
from testamur.store.desk import Person, credentials, members, sessions, waiting
from testamur.words import LANGUAGES, Sentence, say

_WRONG = say("This is not your password.")
_GONE = say("This link was used already, or its time is over.")


def account_routes(office: Office) -> APIRouter:
    """``/account`` and ``/renew/TOKEN``."""
    routes = APIRouter(include_in_schema=False)
    _own_routes(routes, office)
    _proved_routes(routes, office)
    _renew_routes(routes, office)
    return routes


def _own_routes(routes: APIRouter, office: Office) -> None:
    @routes.get("/account")
    def account(visit: SignedIn) -> Response:
        return _page(office, visit)

    @routes.post("/account")
    def changed(visit: SignedIn) -> Response:
        name, language = visit.form.text("name")[:200], visit.form.text("language")
        if name and (not language or language in LANGUAGES):
            with office.people.writing() as connection:
                members.change(connection, visit.person.id, name=name, language=language)
        return go("/account")

    @routes.post("/account/sessions")
    def others(visit: SignedIn) -> Response:
        with office.people.writing() as connection:
            sessions.end_all(connection, visit.person.id, but=visit.token)
        return go("/account")


def _proved_routes(routes: APIRouter, office: Office) -> None:
    """What the password is asked for again."""

    @routes.post("/account/password")
    def password(visit: SignedIn) -> Response:
        new = visit.form.raw("new")
        try:
            if not _is_own(office, visit):
                return _page(office, visit, _WRONG, 403)
            check_password(new, visit.person)
        except (Malformed, TooOften) as error:
            return _page(office, visit, say(str(error)), 400)
        hashed, at = hash_password(new), office.now()
        with office.people.writing() as connection:
            credentials.set_password(connection, visit.person.id, hashed, at)
            sessions.end_all(connection, visit.person.id, but=visit.token)
        return go("/account")

    @routes.post("/account/factors")
    def factors(visit: SignedIn) -> Response:
        try:
            if not _is_own(office, visit):
                return _page(office, visit, _WRONG, 403)
        except TooOften as error:
            return _page(office, visit, say(str(error)), 429)
        with office.people.writing() as connection:
            if visit.form.text("drop") == "totp":
                credentials.drop_totp(connection, visit.person.id)
            else:
                credentials.drop_key(connection, visit.person.id, visit.form.text("drop"))
        return go("/account")


def _renew_routes(routes: APIRouter, office: Office) -> None:
    @routes.get("/renew/{token}")
    def ask(request: Request, token: str) -> Response:
        return office.leaves.page(request, "renew.html", least=MIN_PASSWORD, wrong=None)

    @routes.post("/renew/{token}")
    def renewed(request: Request, token: str, form: Arrived) -> Response:
        new, at = form.raw("password"), office.now()
        try:
            check_password(new, _NOBODY)
        except Malformed as error:
            return office.leaves.page(request, "renew.html", 400, least=MIN_PASSWORD, wrong=say(str(error)))
        hashed = hash_password(new)
        with office.people.writing() as connection:
            number = waiting.take(connection, RENEWAL, token, at)
            person = members.find(connection, int(number)) if number else None
            if person is not None:
                credentials.set_password(connection, person.id, hashed, at)
                sessions.end_all(connection, person.id)
        if person is None:
            return office.leaves.page(request, "refused.html", 410, refusal=_GONE, detail="")
        return entered(office, person)


_NOBODY = Person(0, "", "")


def _is_own(office: Office, visit: Visit) -> bool:
    given = visit.form.raw("password")
    return by_password(office, visit.person.email, given, address_of(visit.request)) is not None


def _page(office: Office, visit: Visit, wrong: Sentence | None = None, status: int = 200) -> Response:
    with office.people.reading() as connection:
        totp = credentials.totp(connection, visit.person.id)
        keys = credentials.keys_of(connection, visit.person.id)
    return visit.page(
        "account.html",
        status,
        has_totp=bool(totp and totp.confirmed),
        keys=keys,
        wrong=wrong,
        least=MIN_PASSWORD,
    )
