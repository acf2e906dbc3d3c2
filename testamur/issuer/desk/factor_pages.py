"""The pages of the second factor: asked for after the password, or made for the first time."""

from __future__ import annotations

from base64 import b64encode
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from testamur.errors import Malformed
from testamur.issuer.desk.factors import is_code, is_recovery, new_recovery, new_totp, waiting_totp
from testamur.issuer.desk.office import Office
from testamur.issuer.desk.passkeys import Place, ask_to_make, ask_to_use, keep_made, person_of
from testamur.issuer.desk.sign_in_pages import NEXT, address_of, entered, go
from testamur.issuer.desk.signing_in import TooOften
from testamur.issuer.desk.visits import ToSignIn, Visit, arrive
from testamur.jsontext import Json, write_json
from testamur.leaves import Arrived
from testamur.store.desk import credentials, sessions
from testamur.words import Sentence, say

_WRONG_CODE = say("This is not the code of this moment. Look at the app again.")
_TOO_OFTEN = say("There were too many wrong answers. Wait a quarter of an hour and try again.")


def half_in(request: Request, form: Arrived) -> Visit:
    """Somebody who gave the password and owes the second factor."""
    visit = arrive(request, form)
    if visit is None or visit.session.stage != "password":
        raise ToSignIn(NEXT[visit.session.stage] if visit else "/sign-in")
    return visit


def enrolling(request: Request, form: Arrived) -> Visit:
    """Somebody who is in, or has to make a second factor first."""
    visit = arrive(request, form)
    if visit is None or visit.session.stage == "password":
        raise ToSignIn("/second-factor" if visit else "/sign-in")
    return visit


HalfIn = Annotated[Visit, Depends(half_in)]
Enrolling = Annotated[Visit, Depends(enrolling)]


def factor_routes(office: Office) -> APIRouter:
    """``/second-factor``, ``/account/second-factor``, and what passkeys ask."""
    routes = APIRouter(include_in_schema=False)
    _ask_routes(routes, office)
    _make_routes(routes, office)
    _passkey_routes(routes, office)
    return routes


def _ask_routes(routes: APIRouter, office: Office) -> None:
    @routes.get("/second-factor")
    def ask(visit: HalfIn) -> Response:
        return visit.page("second_factor.html", wrong=None)

    @routes.post("/second-factor")
    def answered(visit: HalfIn) -> Response:
        code, address = visit.form.text("code")[:40], address_of(visit.request)
        check = is_code if len("".join(code.split())) <= 6 else is_recovery
        try:
            right = check(office, visit.person, code, address)
        except TooOften:
            return visit.page("second_factor.html", 429, wrong=_TOO_OFTEN)
        if not right:
            return visit.page("second_factor.html", 403, wrong=_WRONG_CODE)
        return _whole(office, visit)


def _make_routes(routes: APIRouter, office: Office) -> None:
    @routes.get("/account/second-factor")
    def choose(visit: Enrolling) -> Response:
        with office.people.reading() as connection:
            kept = credentials.totp(connection, visit.person.id)
        if kept is not None and kept.confirmed and visit.session.stage == "whole":
            return go("/account")
        return _offer(office, visit)

    @routes.post("/account/second-factor")
    def confirmed(visit: Enrolling) -> Response:
        try:
            right = is_code(office, visit.person, visit.form.text("code")[:40], address_of(visit.request))
        except TooOften:
            return _offer(office, visit, _TOO_OFTEN, 429)
        if not right:
            return _offer(office, visit, _WRONG_CODE, 403)
        codes = new_recovery(office, visit.person)
        return _whole(office, visit, visit.page("recovery.html", codes=codes))


def _passkey_routes(routes: APIRouter, office: Office) -> None:
    @routes.post("/account/passkeys/question")
    def question(visit: Enrolling) -> Response:
        return _json(ask_to_make(office, Place.of(office, visit.request), visit.person))

    @routes.post("/account/passkeys")
    def made(visit: Enrolling) -> Response:
        form = visit.form
        place, name = Place.of(office, visit.request), form.text("name") or "passkey"
        try:
            keep_made(office, place, visit.person, form.text("token"), form.text("answer"), name)
        except Malformed as error:
            return _json({"problem": error.message}, 400)
        answer = _json({"to": "/account"})
        return answer if visit.session.stage == "whole" else _whole(office, visit, answer)

    @routes.post("/passkey/question")
    def asked(request: Request, form: Arrived) -> Response:
        return _json(ask_to_use(office, Place.of(office, request)))

    @routes.post("/passkey")
    def used(request: Request, form: Arrived) -> Response:
        try:
            person = person_of(office, Place.of(office, request), form.text("token"), form.text("answer"))
        except Malformed as error:
            return _json({"problem": error.message}, 403)
        response = entered(office, person, proved_twice=True)
        answer = _json({"to": "/"})
        answer.headers["set-cookie"] = response.headers["set-cookie"]
        return answer


def _offer(office: Office, visit: Visit, wrong: Sentence | None = None, status: int = 200) -> Response:
    """The page that offers an app for codes and a passkey."""
    from testamur.render import make_qr

    totp = waiting_totp(office, visit.person) or new_totp(office, visit.person)
    picture = make_qr(totp.uri).svg().encode("utf-8")
    return visit.page(
        "make_factor.html",
        status,
        picture=f"data:image/svg+xml;base64,{b64encode(picture).decode()}",
        secret=" ".join(totp.secret[at : at + 4] for at in range(0, len(totp.secret), 4)),
        must=visit.session.stage == "enrol",
        wrong=wrong,
    )


def _whole(office: Office, visit: Visit, answer: Response | None = None) -> Response:
    """The person is in, under a new session; the one of the first step is over."""
    response = entered(office, visit.person, proved_twice=True)
    with office.people.writing() as connection:
        sessions.end(connection, visit.token)
    if answer is None:
        return response
    answer.headers["set-cookie"] = response.headers["set-cookie"]
    return answer


def _json(value: Json, status: int = 200) -> Response:
    return Response(write_json(value), status, media_type="application/json")
