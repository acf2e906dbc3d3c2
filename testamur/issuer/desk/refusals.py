"""What is answered to a request that cannot be answered: a page for people, problem details for programs (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from testamur.errors import OperatorError
from testamur.issuer.desk.leaves import Leaves, tongue_of
from testamur.issuer.desk.sign_in_pages import go
from testamur.issuer.desk.visits import ToSignIn
from testamur.jsontext import write_json
from testamur.serving.bounds import Refuse, Scope
from testamur.words import Sentence, say

TOLD: Mapping[int, Sentence] = {
    403: say("This is not open to you here. Go back, open the page again, and try once more."),
    404: say("There is nothing at this address."),
    408: say("What you sent took too long to arrive. Try again where the connection is better."),
    413: say("What you sent is too large."),
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
        response = _refusal(leaves, Request(scope), status, sentence, headers)
        return response.raw_headers, bytes(response.body)

    return refuse


def handle(app: FastAPI, leaves: Leaves) -> None:
    """Put what the framework and the library refuse into the same words."""

    @app.exception_handler(ToSignIn)
    def _unknown(request: Request, error: ToSignIn) -> Response:
        return go(error.to)

    @app.exception_handler(HTTPException)
    def _refused(request: Request, error: HTTPException) -> Response:
        return _refusal(leaves, request, error.status_code, str(error.detail), error.headers)

    @app.exception_handler(RequestValidationError)
    def _unreadable(request: Request, error: RequestValidationError) -> Response:
        return _refusal(leaves, request, 400, "What was sent is not what is asked for here")

    @app.exception_handler(OperatorError)
    def _impossible(request: Request, error: OperatorError) -> Response:
        return _refusal(leaves, request, 503, str(error))

    @app.exception_handler(Exception)
    def _broken(request: Request, error: Exception) -> Response:
        return _refusal(leaves, request, 500, "Something is wrong with this program")


def _refusal(
    leaves: Leaves, request: Request, status: int, detail: str, headers: Mapping[str, str] | None = None
) -> Response:
    if "text/html" not in request.headers.get("accept", ""):
        problem = {"title": HTTPStatus(status).phrase, "status": status, "detail": detail}
        return Response(
            write_json(problem), status, media_type="application/problem+json", headers=dict(headers or {})
        )
    told = tongue_of(request).say(TOLD.get(status, _OTHERWISE))
    said = "" if status in (404, 500) else detail
    return leaves.page(request, "refused.html", status, headers, refusal=told, detail=said)
