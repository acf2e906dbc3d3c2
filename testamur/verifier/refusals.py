"""What is answered to a request that is no question: problem details for programs (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from testamur.jsontext import write_json
from testamur.serving.bounds import Scope

_PROBLEM = "application/problem+json"


def refuse(
    scope: Scope, status: int, sentence: str, headers: dict[str, str]
) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """The headers and the body of a refusal, for the layers around the app."""
    response = problem(status, sentence, headers)
    return response.raw_headers, bytes(response.body)


def problem(
    status: int,
    detail: str,
    headers: Mapping[str, str] | None = None,
    more: Mapping[str, Any] | None = None,
) -> Response:
    """Problem details with a status and a sentence."""
    members = {"title": HTTPStatus(status).phrase, "status": status, "detail": detail, **(more or {})}
    return Response(write_json(members), status, media_type=_PROBLEM, headers=dict(headers or {}))


def handle(app: FastAPI) -> None:
    """Put what the framework refuses into the same words."""

    @app.exception_handler(HTTPException)
    def _refused(request: Request, error: HTTPException) -> Response:
        return problem(error.status_code, str(error.detail), error.headers)

    @app.exception_handler(RequestValidationError)
    def _unreadable(request: Request, error: RequestValidationError) -> Response:
        return problem(400, "What was sent is not what is asked for here")

    @app.exception_handler(Exception)
    def _broken(request: Request, error: Exception) -> Response:
        return problem(500, "Something is wrong with this program; nothing was kept")
