"""The endpoints: a DID in the path, options in the query or in a small body (DID Resolution §12.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from testamur.did import INVALID_OPTIONS, Resolver
from testamur.errors import Malformed, TestamurError
from testamur.jsontext import parse_object
from testamur.verifier.resolution.answering import (
    Answer,
    answer_document,
    answer_error,
    answer_part,
    answer_place,
)
from testamur.verifier.resolution.asking import (
    DEREFERENCED,
    DOCUMENTS,
    LEGACY,
    RESULT,
    read_identifier,
    wanted,
)
from testamur.verifier.resolution.dereferencing import expanded, part_of, place_of

_MAX_BODY = 16_384
_PREFIX = "/1.0/identifiers/"
_HEADERS = {
    "Cache-Control": "no-cache",
    "X-Content-Type-Options": "nosniff",
    "Access-Control-Allow-Origin": "*",  # what is told is public
    "Vary": "Accept",
}


def did_router(resolver: Resolver) -> APIRouter:
    """Return the routes of a DID resolver, to be included in an app as they are."""
    router = APIRouter(tags=["DID resolution"])

    @router.get(_PREFIX + "{identifier:path}", summary="Resolve a DID, or dereference a DID URL")
    def resolve(request: Request, identifier: str) -> Response:
        return _response(answer(resolver, _raw(request), dict(request.query_params), _accept(request)))

    @router.post(_PREFIX + "{identifier:path}", summary="The same, with the options in the body")
    async def resolve_with_body(request: Request, identifier: str) -> Response:
        try:
            options = {**request.query_params, **await _body(request)}
        except TestamurError as error:
            return _response(answer_error(error, RESULT))
        found = await run_in_threadpool(answer, resolver, _raw(request), options, _accept(request))
        return _response(found)

    return router


def answer(resolver: Resolver, identifier: str, options: Mapping[str, str], accept: str) -> Answer:
    """Return the answer to one question; whatever goes wrong is in it."""
    form = RESULT
    try:
        form = wanted(accept, (RESULT, LEGACY, *DOCUMENTS, DEREFERENCED))
        asked = read_identifier(identifier, options)
        if asked.is_url:
            form = wanted(accept, (DEREFERENCED, *DOCUMENTS, RESULT, LEGACY))
        found = resolver.resolve(
            asked.did,
            version_id=asked.version_id,
            version_number=asked.version_number,
            version_time=asked.version_time,
        )
        document = found.document.document
        if form == DEREFERENCED and not asked.is_url:
            return answer_part(document, form)
        if not asked.is_url or found.deactivated:
            return answer_document(found, form, expanded(document) if asked.expands else document)
        if asked.fragment:
            return answer_part(part_of(document, asked), form)
        return answer_place(place_of(document, asked))
    except TestamurError as error:
        return answer_error(error, form)


def _response(answered: Answer) -> Response:
    return Response(
        answered.text,
        answered.status,
        headers=_HEADERS | answered.headers,
        media_type=answered.media_type,
    )


def _raw(request: Request) -> str:
    """The identifier as it stands in the path: ``%3A`` in a did:web is part of its name."""
    raw = request.scope.get("raw_path") or request.url.path.encode()
    return bytes(raw).partition(_PREFIX.encode())[2].decode("latin-1")


def _accept(request: Request) -> str:
    """The ``accept`` option, else the header; raises nothing."""
    return ", ".join(request.headers.getlist("accept"))[:2000]


async def _body(request: Request) -> dict[str, str]:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MAX_BODY:
            raise _options(f"the options are longer than {_MAX_BODY} bytes")
    if not body.strip():
        return {}
    try:
        given: dict[str, Any] = parse_object(body, max_bytes=_MAX_BODY, max_depth=4)
    except Malformed as error:
        raise _options(f"the options are {error}") from None
    return {name: _text(name, value) for name, value in given.items()}


def _text(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str | int):
        raise _options(f"the option {name!r:.40} must be a text")
    return str(value)


def _options(why: str) -> Malformed:
    return Malformed("", why, clause="DID Resolution §4.1", problem=INVALID_OPTIONS)
