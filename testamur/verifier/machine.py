"""``POST /verify``: the report that ``testamur verify --json`` gives, for other programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import StreamingResponse
from starlette.exceptions import HTTPException

from testamur.checks import Headline, worst
from testamur.checks.answer import VERDICTS
from testamur.display import shown_json
from testamur.errors import Malformed, TestamurError
from testamur.jsontext import Json, parse_object, write_json
from testamur.leaves import problem
from testamur.times import write_instant
from testamur.verifier.described import VERIFY
from testamur.verifier.desk import Desk, Looked, Upload
from testamur.verifier.incoming import Incoming, incoming

JSON_LINES = ("application/jsonl", "application/x-ndjson")
_NOTHING = "There was nothing to check in what was sent"


def machine_routes(desk: Desk) -> APIRouter:
    """The routes for other programs."""
    routes = APIRouter()

    @routes.post("/verify", **VERIFY)
    def verify(request: Request, sent: Annotated[Incoming, Depends(incoming)]) -> Response:
        uploads = list(_uploads(desk, sent))
        if not uploads:
            raise HTTPException(422, _NOTHING)
        accept = request.headers.get("accept", "")
        if any(name in accept for name in JSON_LINES):
            lines = (shown_json(write_json(to_json(looked))) + "\n" for looked in desk.look(uploads))
            return StreamingResponse(lines, media_type=JSON_LINES[0])
        return _answer(desk, list(desk.look(uploads)))

    @routes.get("/health", include_in_schema=False)
    def health() -> dict[str, str]:
        return {"status": "ok"}

    return routes


def _uploads(desk: Desk, sent: Incoming) -> Iterator[Upload]:
    """The files, and what the texts lead to; a JSON body may name texts under ``sources``."""
    try:
        yield from desk.opened((*sent.texts, *_sources(sent)))
    except TestamurError as error:
        raise HTTPException(422, str(error)) from None
    if sent.body and not _sources(sent):
        yield Upload(sent.name, sent.body)
    yield from sent.files


def _sources(sent: Incoming) -> Sequence[str]:
    if not sent.is_json or not sent.body.lstrip().startswith(b"{") or b'"sources"' not in sent.body:
        return ()
    try:
        members = parse_object(sent.body)
    except Malformed as error:
        raise HTTPException(400, str(error)) from None
    sources = members.get("sources")
    if "@context" in members or not isinstance(sources, list):
        return ()
    if not all(isinstance(source, str) for source in sources):
        raise HTTPException(400, "sources: each is a text: a token, a code, a credential, an address")
    return sources


def _answer(desk: Desk, looked: Sequence[Looked]) -> Response:
    headlines = [report.headline for each in looked for report in each.reports]
    files = [to_json(each) for each in looked]
    if not headlines:
        detail = "; ".join(dict.fromkeys(each.error for each in looked if each.error))[:500]
        return problem(422, detail or _NOTHING, more={"files": files})
    headline = worst((*headlines, *(Headline.CANNOT_TELL for each in looked if each.error)))
    members: Json = {
        "verdict": VERDICTS[headline][0].value,
        "headline": headline.value,
        "checked_at": write_instant(desk.now()),
        "files": files,
    }
    return Response(shown_json(write_json(members)), media_type="application/json")


def to_json(looked: Looked) -> Json:
    """One file's answer; ``reports`` are those of ``testamur verify --json``."""
    members: dict[str, Any] = {
        "name": looked.name,
        "sha256": looked.digest,
        "reports": [report.to_json() for report in looked.reports],
        "notes": list(looked.notes),
        "error": looked.error,
    }
    return {name: value for name, value in members.items() if value or name in ("name", "reports")}
