"""What is answered to a request that is no question: a page for people, problem details for programs (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from testamur.jsontext import write_json
from testamur.serving.bounds import Refuse, Scope
from testamur.verifier.leaves import Leaves, tongue_of
from testamur.words import Sentence, say

_PROBLEM = "application/problem+json"
_FOR_PROGRAMS = ("/verify", "/frame", "/look", "/openapi.json", "/health")
TOLD: Mapping[int, Sentence] = {
    404: say("There is nothing at this address."),
    408: say("What you sent took too long to arrive. Try again where the connection is better."),
    413: say("What you sent is too large. Send fewer files at once, or smaller pictures."),
    429: say("Too many requests came from where you are. Wait a little and try again."),
    500: say("Something is wrong with this program. Nothing of yours was kept."),
}
_OTHERWISE = say("What was sent could not be read. Go back to the start and try again.")


def problem(
    status: int,
    detail: str,
    headers: Mapping[str, str] | None = None,
    more: Mapping[str, Any] | None = None,
) -> Response:
    """Problem details with a status and a sentence."""
    members = {"title": HTTPStatus(status).phrase, "status": status, "detail": detail, **(more or {})}
    return Response(write_json(members), status, media_type=_PROBLEM, headers=dict(headers or {}))


def refusing(leaves: Leaves) -> Refuse:
    """The refusals of the layers around the app."""

    def refuse(
        scope: Scope, status: int, sentence: str, headers: dict[str, str]
    ) -> tuple[list[tuple[bytes, bytes]], bytes]:
        response = _refusal(leaves, Request(scope), status, sentence, headers)
        return response.raw_headers, bytes(response.body)

    return refuse


def handle(app: FastAPI, leaves: Leaves) -> None:
    """Put what the framework refuses into the same words."""

    @app.exception_handler(HTTPException)
    def _refused(request: Request, error: HTTPException) -> Response:
        return _refusal(leaves, request, error.status_code, str(error.detail), error.headers)

    @app.exception_handler(RequestValidationError)
    def _unreadable(request: Request, error: RequestValidationError) -> Response:
        return _refusal(leaves, request, 400, "What was sent is not what is asked for here")

    @app.exception_handler(Exception)
    def _broken(request: Request, error: Exception) -> Response:
        return _refusal(leaves, request, 500, "Something is wrong with this program; nothing was kept")


def _refusal(
    leaves: Leaves, request: Request, status: int, detail: str, headers: Mapping[str, str] | None = None
) -> Response:
    if request.url.path in _FOR_PROGRAMS or "text/html" not in request.headers.get("accept", ""):
        return problem(status, detail, headers)
    told = tongue_of(request).say(TOLD.get(status, _OTHERWISE))
    said = "" if status in TOLD else detail
    return leaves.page(request, "refused.html", status, headers, refusal=told, detail=said)
