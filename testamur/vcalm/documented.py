"""What the OpenAPI document says of each operation: bodies are read by testamur's own parser, so they are told here."""

from __future__ import annotations

from typing import Any

from testamur.jsontext import Json

_TEXT = {"type": "string"}
_OBJECT = {"type": "object"}
_FLAG = {"type": "boolean"}
_TEXTS = {"type": "array", "items": _TEXT}
PROBLEM: Json = {
    "type": "object",
    "properties": {"type": _TEXT, "title": _TEXT, "detail": _TEXT, "status": {"type": "integer"}},
    "required": ["type", "title", "detail"],
}


def text(description: str) -> Json:
    """A text, described."""
    return _TEXT | {"description": description}


def texts(description: str) -> Json:
    """A list of texts, described."""
    return _TEXTS | {"description": description}


def flag(description: str) -> Json:
    """True or false, described."""
    return _FLAG | {"description": description}


def record(description: str) -> Json:
    """A JSON object of another specification, described."""
    return _OBJECT | {"description": description}


def members(properties: Json, *, required: tuple[str, ...] = (), closed: bool = False) -> Json:
    """An object with these members."""
    schema: Json = {"type": "object", "properties": properties}
    schema |= {"required": list(required)} if required else {}
    return schema | ({"additionalProperties": False} if closed else {})


def operation(
    request: Json | None,
    answer: Json | None,
    *,
    status: int = 200,
    says: str,
    refusals: tuple[int, ...] = (400, 401, 403, 404, 413),
) -> dict[str, Any]:
    """The arguments of a route: its status, what it takes and what it answers."""
    responses: dict[int | str, dict[str, Any]] = {
        code: {"description": _REFUSALS[code], "content": {"application/problem+json": {"schema": PROBLEM}}}
        for code in refusals
    }
    content = {"content": {"application/json": {"schema": answer}}} if answer else {}
    more: Json = {"responses": {str(status): {"description": says, **content}}}
    if request is not None:
        more["requestBody"] = {"required": True, "content": {"application/json": {"schema": request}}}
    return {"status_code": status, "responses": responses, "openapi_extra": more, "response_model": None}


_REFUSALS = {
    400: "The request is malformed, or asks for something this instance does not do.",
    401: "A bearer token is needed.",
    403: "The client may not use this instance.",
    404: "There is no such instance or credential.",
    410: "The credential was deleted.",
    413: "The body is too long.",
    422: "The verification failed, where the instance is set to say so by the status.",
}
