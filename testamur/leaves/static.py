"""Style sheets, modules and catalogues, as they are in the package."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.resources import files

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from testamur.jsontext import write_json
from testamur.web import web_files
from testamur.web.files import MEDIA_TYPES
from testamur.words import LANGUAGES, catalogue

_KEPT = "public, max-age=600"


def static_routes(package: str) -> APIRouter:
    """``/web/…``, ``/pages/…`` of an app and ``/words/LANGUAGE.json``; names not in the table are not there."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/{place:path}", name="static")
    def static(request: Request, place: str) -> Response:
        if place not in _table(package):
            raise HTTPException(404, "There is nothing at this address")
        kind, body = _table(package)[place]
        mark = f'"{sha256(body).hexdigest()[:32]}"'
        headers = {"cache-control": _KEPT, "etag": mark}
        if request.headers.get("if-none-match") == mark:
            return Response(status_code=304, headers=headers)
        return Response(body, media_type=kind, headers=headers)

    return routes


@cache
def _table(package: str) -> dict[str, tuple[str, bytes]]:
    found = {f"web/{file.path}": (file.media_type, file.data) for file in web_files()}
    for entry in files(package).joinpath("pages").iterdir():
        end = entry.name.rpartition(".")[2]
        if end in ("css", "js"):
            found[f"pages/{entry.name}"] = (MEDIA_TYPES[end], entry.read_bytes())
    for language in LANGUAGES:
        words = write_json(dict(catalogue(language))).encode()
        found[f"words/{language}.json"] = (MEDIA_TYPES["json"], words)
    return found
