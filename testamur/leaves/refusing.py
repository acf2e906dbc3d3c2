"""What is answered to a request that cannot be answered: a page for people, problem details for programs (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from testamur.errors import OperatorError
from testamur.jsontext import write_json
from testamur.leaves.leaf import Leaves, tongue_of
from testamur.serving.bounds import Scope
from testamur.words import Sentence, say

_OTHERWISE = say("What was sent could not be read. Go back to the start and try again.")
_PROBLEM = "application/problem+json"


def problem(
    status: int,
    detail: str,
    headers: Mapping[str, str] | None = None,
    more: Mapping[str, Any] | None = None,
) -> Response:
    """Problem details with a status and a sentence."""
    members = {"title": HTTPStatus(status).phrase, "status": status, "detail": detail, **(more or {})}
    return Response(write_json(members), status, media_type=_PROBLEM, headers=dict(headers or {}))


@dataclass(frozen=True, slots=True)
class Refusals:
    """How one app refuses."""

    leaves: Leaves
    told: Mapping[int, Sentence]  # by status
    silent: frozenset[int] = frozenset((404, 410, 500))  # whose detail is of no use to people
    for_programs: tuple[str, ...] = ()  # paths that people do not open

    def outside(
        self, scope: Scope, status: int, sentence: str, headers: dict[str, str]
    ) -> tuple[list[tuple[bytes, bytes]], bytes]:
        """The refusals of the layers around the app."""
        response = self.answer(Request(scope), status, sentence, headers)
        return response.raw_headers, bytes(response.body)

    def answer(
        self, request: Request, status: int, detail: str, headers: Mapping[str, str] | None = None
    ) -> Response:
        """One refusal."""
        if request.url.path in self.for_programs or "text/html" not in request.headers.get("accept", ""):
            return problem(status, detail, headers)
        told = tongue_of(request).say(self.told.get(status, _OTHERWISE))
        said = "" if status in self.silent else detail
        return self.leaves.page(request, "refused.html", status, headers, refusal=told, detail=said)

    def handle(self, app: FastAPI) -> None:
        """Put what the framework and the library refuse into the same words."""

        @app.exception_handler(HTTPException)
        def _refused(request: Request, error: HTTPException) -> Response:
            return self.answer(request, error.status_code, str(error.detail), error.headers)

        @app.exception_handler(RequestValidationError)
        def _unreadable(request: Request, error: RequestValidationError) -> Response:
            return self.answer(request, 400, "What was sent is not what is asked for here")

        @app.exception_handler(OperatorError)
        def _impossible(request: Request, error: OperatorError) -> Response:
            return self.answer(request, 503, str(error))

        @app.exception_handler(Exception)
        def _broken(request: Request, error: Exception) -> Response:
            return self.answer(request, 500, "Something is wrong with this program")
