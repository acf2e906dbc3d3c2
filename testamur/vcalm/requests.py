"""The body of a request: strict, bounded JSON whose members are known, or tolerated where an instance says so."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, Any

from fastapi import Depends, Request

from testamur.errors import Malformed
from testamur.jsontext import Json, parse_object
from testamur.vcalm.problems import UNKNOWN_OPTION

_CLAUSE = "VCALM §3"
_JSON = ("application/json", "application/vc", "application/vp", "application/ld+json")


async def _body(request: Request) -> bytes:
    return await request.body()


Body = Annotated[bytes, Depends(_body)]
"""The bytes of a request, which a ``def`` endpoint cannot read itself."""


def request_members(body: bytes, known: Collection[str], *, tolerant: bool = False) -> Json:
    """The members of a JSON body; raises Malformed for any other body and, unless ``tolerant``, for unknown members."""
    members = parse_object(body)
    _check_known(members, known, "", tolerant)
    return members


def options_of(members: Json, known: Collection[str], *, tolerant: bool = False) -> Json:
    """The ``options`` of a request, empty where there are none."""
    options = members.get("options")
    if options is None:
        return {}
    if not isinstance(options, dict):
        raise Malformed("options", "it must be an object", clause=_CLAUSE)
    _check_known(options, known, "options.", tolerant)
    return options


def object_of(members: Json, name: str) -> Json:
    """The object under a name; raises Malformed where it is missing or something else."""
    value = members.get(name)
    if not isinstance(value, dict):
        raise Malformed(name, "the request must have this, and it must be an object", clause=_CLAUSE)
    return value


def text_of(options: Json, name: str) -> str:
    """The text under a name, "" where there is none."""
    return str(_of_kind(options, name, str, "", "a text"))


def flag_of(options: Json, name: str) -> bool:
    """The truth value under a name, false where there is none."""
    return bool(_of_kind(options, name, bool, False, "true or false"))


def texts_of(options: Json, name: str) -> tuple[str, ...]:
    """The list of texts under a name."""
    value = _of_kind(options, name, list, [], "a list of texts")
    if not all(isinstance(each, str) for each in value) or len(value) > 1000:
        raise Malformed(f"options.{name}", "it must be a list of at most 1,000 texts", clause=_CLAUSE)
    return tuple(value)


def _of_kind(options: Json, name: str, kind: type, default: Any, wanted: str) -> Any:
    value = options.get(name)
    if value is None:
        return default
    if not isinstance(value, kind):
        raise Malformed(f"options.{name}", f"it must be {wanted}", clause=_CLAUSE)
    return value


def _check_known(members: Json, known: Collection[str], path: str, tolerant: bool) -> None:
    unknown = sorted(members.keys() - set(known))
    if unknown and not tolerant:
        raise Malformed(
            f"{path}{unknown[0]:.60}", "this is not known here", clause=_CLAUSE, problem=UNKNOWN_OPTION
        )
