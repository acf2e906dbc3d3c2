"""What is answered to a request that cannot be done: problem details (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException

from testamur.checks import Check, Outcome
from testamur.console import talk
from testamur.errors import Malformed, OperatorError, TestamurError
from testamur.jsontext import Json, write_json

PROBLEM_JSON = "application/problem+json"
UNKNOWN_OPTION = "https://www.w3.org/TR/vcalm#UNKNOWN_OPTION_PROVIDED"
_NO_TYPE = "about:blank"


def problem(
    status: int, detail: str, *, kind: str = "", headers: Mapping[str, str] | None = None
) -> Response:
    """An answer that says what is wrong, in a sentence."""
    members = problem_details(kind, detail, status=status)
    return Response(write_json(members), status, media_type=PROBLEM_JSON, headers=dict(headers or {}))


def refuse(
    scope: MutableMapping[str, Any], status: int, sentence: str, headers: dict[str, str]
) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """The headers and the body of a refusal, for the layers around the app."""
    response = problem(status, sentence, headers=headers)
    return response.raw_headers, bytes(response.body)


def problem_details(kind: str, detail: str, *, status: int = 0) -> Json:
    """The members of a problem; its title is the name that its type ends in, else the phrase of the status."""
    title = kind.rpartition("#")[2] if "#" in kind else HTTPStatus(status or 400).phrase
    members: Json = {"type": kind or _NO_TYPE, "title": title, "detail": detail}
    return members | ({"status": status} if status else {})


def problem_of_check(check: Check) -> Json:
    """What a check that did not pass found, with its name, outcome and clause."""
    kind = check.problem or _KINDS.get(check.name, "")
    more = {"check": check.name, "outcome": check.outcome.value, "clause": check.clause}
    title = check.name.upper() + ("_FAILED" if check.outcome is Outcome.FAILED else "_UNDECIDED")
    named = problem_details(kind, check.sentence)
    return named | ({} if kind else {"title": title}) | {name: value for name, value in more.items() if value}


_KINDS = {
    "form": "https://www.w3.org/TR/vc-data-model#MALFORMED_VALUE_ERROR",
    "proof": "https://w3id.org/security#PROOF_VERIFICATION_ERROR",
    "dates": "https://www.w3.org/TR/vc-data-model#RANGE_ERROR",
    "status": "https://www.w3.org/ns/credentials/status-list#STATUS_VERIFICATION_ERROR",
}


def status_of(error: TestamurError) -> int:
    """The HTTP status of an error: what the caller can put right is 400, what only the operator can is 503."""
    return 503 if isinstance(error, OperatorError) else 400


def handle(app: FastAPI) -> None:
    """Answer every error in these words."""

    @app.exception_handler(HTTPException)
    def _http(request: Request, error: HTTPException) -> Response:
        return problem(error.status_code, str(error.detail), headers=error.headers)

    @app.exception_handler(TestamurError)
    def _ours(request: Request, error: TestamurError) -> Response:
        if isinstance(error, OperatorError):
            talk(f"error: {error}")
            return problem(503, "This server cannot do that now; whoever runs it was told why")
        kind = error.problem or (Malformed.problem if isinstance(error, Malformed) else "")
        return problem(status_of(error), f"{error}", kind=kind)

    @app.exception_handler(Exception)
    def _bug(request: Request, error: Exception) -> Response:
        return problem(500, "Something is wrong with this program; nothing was kept")
