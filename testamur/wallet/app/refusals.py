"""What is answered to a request that cannot be answered."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from testamur.errors import OperatorError
from testamur.jsontext import write_json
from testamur.serving.bounds import Refuse, Scope
from testamur.wallet.app.leaves import Leaves, tongue_of
from testamur.wallet.app.visits import ToUnlock, go
from testamur.words import Sentence, say

TOLD: Mapping[int, Sentence] = {
    403: say("This is not open to you here. Go back, open the page again, and try once more."),
    404: say("There is nothing at this address."),
    408: say("What you sent took too long to arrive. Try again where the connection is better."),
    410: say("There is nothing here any more."),
    413: say("What you sent is too large. Send fewer files at once, or smaller pictures."),
    429: say("Too many requests came from where you are. Wait a little and try again."),
    500: say("Something is wrong with this program. Nothing that was done is lost."),
    503: say("This cannot be done just now. Nothing that was done is lost."),
}
_OTHERWISE = say("What was sent could not be read. Go back to the start and try again.")


def refusing(leaves: Leaves) -> Refuse:
    """The refusals of the layers around the app."""

    def refuse(
        scope: Scope, status: int, sentence: str, headers: dict[str, str]
    ) -> tuple[list[tuple[bytes, bytes]], bytes]:
        response = refusal(leaves, Request(scope), status, sentence, headers)
        return response.raw_headers, bytes(response.body)

    return refuse


def handle(app: FastAPI, leaves: Leaves) -> None:
    """Put what the framework and the library refuse into the same words."""

    @app.exception_handler(ToUnlock)
    def _locked(request: Request, error: ToUnlock) -> Response:
        return go("/")

    @app.exception_handler(HTTPException)
    def _refused(request: Request, error: HTTPException) -> Response:
        return refusal(leaves, request, error.status_code, str(error.detail), error.headers)

    @app.exception_handler(RequestValidationError)
    def _unreadable(request: Request, error: RequestValidationError) -> Response:
        return refusal(leaves, request, 400, "What was sent is not what is asked for here")

    @app.exception_handler(OperatorError)
    def _impossible(request: Request, error: OperatorError) -> Response:
        return refusal(leaves, request, 503, str(error))

    @app.exception_handler(Exception)
    def _broken(request: Request, error: Exception) -> Response:
        return refusal(leaves, request, 500, "Something is wrong with this program")


def refusal(
    leaves: Leaves, request: Request, status: int, detail: str, headers: Mapping[str, str] | None = None
) -> Response:
    """A page for people, problem details for programs (RFC 9457)."""
    if "text/html" not in request.headers.get("accept", ""):
        members = {"title": HTTPStatus(status).phrase, "status": status, "detail": detail}
        kind = "application/problem+json"
        return Response(write_json(members), status, media_type=kind, headers=dict(headers or {}))
    told = tongue_of(request).say(TOLD.get(status, _OTHERWISE))
    said = "" if status in (404, 410, 500) else detail
    return leaves.page(request, "refused.html", status, headers, refusal=told, detail=said)
