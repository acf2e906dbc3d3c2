"""Coming in and going out: sign-in, a new wallet, locking."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from testamur.errors import Malformed
from testamur.leaves import Arrived
from testamur.store.wallets import sessions
from testamur.wallet.app.hall import Hall
from testamur.wallet.app.unlocking import MIN_PASSPHRASE, TooOften, make_wallet, unlock
from testamur.wallet.app.visits import arrive, go, set_cookie
from testamur.words import Sentence, say

_WRONG = say("The name or the passphrase is wrong.")
_TOO_OFTEN = say("There were too many wrong answers. Wait a quarter of an hour and try again.")
_ITSELF = say("The wallet locked itself, since nobody used it for a while.")
_DIFFERENT = say("The two passphrases are not the same.")


def start_routes(hall: Hall) -> APIRouter:
    """``/``, ``/unlock``, ``/new``, ``/lock``."""
    routes = APIRouter(include_in_schema=False)

    def ask(request: Request, wrong: Sentence | None = None, name: str = "", status: int = 200) -> Response:
        return hall.leaves.page(request, "unlock.html", status, wrong=wrong, given=name)

    @routes.get("/")
    def start(request: Request, form: Arrived) -> Response:
        return go("/records") if arrive(request, form) else ask(request)

    @routes.get("/locked")
    def locked(request: Request) -> Response:
        response = ask(request, _ITSELF)
        set_cookie(hall, response, "")
        return response

    @routes.post("/unlock")
    def opened(request: Request, form: Arrived) -> Response:
        name = form.text("name")
        try:
            token = unlock(hall, name, form.raw("passphrase"))
        except TooOften:
            return ask(request, _TOO_OFTEN, name, 429)
        return entered(hall, token) if token else ask(request, _WRONG, name, 403)

    @routes.get("/new")
    def new(request: Request) -> Response:
        return hall.leaves.page(request, "new.html", wrong=None, given="", least=MIN_PASSPHRASE)

    @routes.post("/new")
    def made(request: Request, form: Arrived) -> Response:
        name, passphrase = form.text("name"), form.raw("passphrase")
        try:
            if passphrase != form.raw("again"):
                raise Malformed("", _DIFFERENT)
            return entered(hall, make_wallet(hall, name, passphrase))
        except Malformed as error:
            wrong = error.message
            return hall.leaves.page(request, "new.html", 400, wrong=wrong, given=name, least=MIN_PASSPHRASE)

    @routes.post("/lock")
    def lock(request: Request, form: Arrived) -> Response:
        visit = arrive(request, form)
        if visit is not None:
            with hall.wallets.writing() as connection:
                sessions.end(connection, visit.token)
        response = go("/")
        set_cookie(hall, response, "")
        response.headers["clear-site-data"] = '"cache"'
        return response

    return routes


def entered(hall: Hall, token: str) -> Response:
    """Somebody comes in under a new session."""
    response = go("/records")
    set_cookie(hall, response, token)
    return response
