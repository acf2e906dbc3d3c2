"""Whether two forms of one record say the same, as far as both speak."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from testamur.jsontext import Json

_OF_THE_FORM = frozenset(
    ("@context", "type", "proof", "iat", "exp", "iss", "jti", "sub", "nbf", "relatedResource")
)


def record_key(claims: Json) -> tuple[str, str] | None:
    """Issuer and id: two documents with the same ones are forms of one record; None where it has no id."""
    issuer = identifier(claims.get("issuer", claims.get("iss")))
    name = claims.get("id", claims.get("jti"))
    return (issuer, name) if issuer and isinstance(name, str) and name else None


def identifier(value: Any) -> str:
    """The id of a member that is written as a text or as an object with an ``id``; "" where it has none."""
    if isinstance(value, dict):
        value = value.get("id")
    return value if isinstance(value, str) else ""


def differences(one: Json, other: Json) -> list[str]:
    """The paths of members that both documents have and that differ."""
    shared = [name for name in one if name in other and name not in _OF_THE_FORM]
    return [path for name in shared for path in _differing(one[name], other[name], name)]


def _differing(one: Any, other: Any, path: str) -> Iterator[str]:
    if isinstance(one, dict) and isinstance(other, dict):
        for name in one:
            if name in other:
                yield from _differing(one[name], other[name], f"{path}.{name}")
    elif isinstance(one, list) and isinstance(other, list):
        yield from _differing_lists(one, other, path)
    elif isinstance(one, dict) and isinstance(other, str):
        yield from _differing(one.get("id"), other, path)
    elif isinstance(one, str) and isinstance(other, dict):
        yield from _differing(one, other.get("id"), path)
    elif one != other or isinstance(one, bool) is not isinstance(other, bool):
        yield path


def _differing_lists(one: list[Any], other: list[Any], path: str) -> Iterator[str]:
    """An extract may leave entries out, but not change one or the order of them."""
    short, long = sorted((one, other), key=len)
    rest = iter(long)
    for index, entry in enumerate(short):
        if not any(not list(_differing(entry, candidate, path)) for candidate in rest):
            yield f"{path}[{index}]"
            return
