"""What a request brings: files and texts of a form, or a body that is the document itself."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException

from testamur.scanning import MAX_FILE
from testamur.verifier.desk import Upload

MAX_FILES = 200
_MAX_FIELDS = 1200
_MAX_TEXT = 8_000_000


@dataclass(frozen=True, slots=True)
class Incoming:
    """Everything a request brought, held in memory until it is answered."""

    files: tuple[Upload, ...] = ()
    texts: tuple[str, ...] = ()
    body: bytes = b""
    is_json: bool = False
    name: str = ""
    fields: tuple[tuple[str, str], ...] = ()


async def incoming(request: Request) -> Incoming:
    """What the request brings; raises HTTPException where it is no form that can be read."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in ("multipart/form-data", "application/x-www-form-urlencoded"):
        return await _form(request)
    body = await request.body()
    if len(body) > MAX_FILE:
        raise HTTPException(413, "What was sent is too large")
    return Incoming(body=body, is_json=kind == "application/json" or kind.endswith("+json"))


async def _form(request: Request) -> Incoming:
    files: list[Upload] = []
    fields: list[tuple[str, str]] = []
    try:
        async with request.form(max_files=MAX_FILES, max_fields=_MAX_FIELDS, max_part_size=_MAX_TEXT) as form:
            for name, value in form.multi_items():
                if not isinstance(value, UploadFile):
                    fields.append((name, value))
                elif value.filename or value.size:
                    files.append(Upload(value.filename or "", await value.read()))
    except MultiPartException as error:
        raise HTTPException(400, error.message) from None
    texts = tuple(value for name, value in fields if name == "text" and value.strip())
    others = tuple((name, value) for name, value in fields if name != "text")
    return Incoming(tuple(files), texts, fields=others)
