"""Reading members of JSON that may be of any shape: what fits is given back, what does not is left out."""

from __future__ import annotations

import re
from typing import Any

from testamur.jsontext import Json

_URL = re.compile(
    r"(?!(?i:https?):(?!//[^/?#]))"  # web addresses need a host
    r"[A-Za-z][A-Za-z0-9+.\-]*:[^\s<>\"{}|\\^`\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]+"
)


def values(value: Any) -> list[Any]:
    """The value as a list: JSON-LD lets one value stand for a set of one; an absent one gives none."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def objects(value: Any) -> list[Json]:
    """Those of the values that are objects."""
    return [item for item in values(value) if isinstance(item, dict)]


def first(value: Any) -> Json:
    """The first object among the values, or an empty one."""
    return next(iter(objects(value)), {})


def text(value: Any) -> str:
    """The words of a string, a language object or a list of them (the first); "" for anything else."""
    for item in values(value):
        if isinstance(item, dict):
            item = item.get("@value")
        if isinstance(item, str):
            return item
    return ""


def types(document: Any) -> tuple[str, ...]:
    """The types of an object, one or several."""
    found = document.get("type") if isinstance(document, dict) else None
    if isinstance(found, list):
        return tuple([item for item in found if isinstance(item, str)])
    return (found,) if isinstance(found, str) else ()


def has_type(holder: Json, name: str) -> bool:
    """Whether an object has this type, alone or among others."""
    found = holder.get("type")
    return name in found if isinstance(found, list) else found == name


def identifier(value: Any) -> str:
    """The id of something that is named by its URL or is an object with an ``id``; "" without one."""
    found = value.get("id") if isinstance(value, dict) else value
    return found if isinstance(found, str) else ""


def is_url(value: Any) -> bool:
    """Whether this is an absolute URL or URN in one piece; web addresses need a host. Linear in its length."""
    return isinstance(value, str) and _URL.fullmatch(value) is not None
