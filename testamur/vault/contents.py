"""The content of a vault as JSON, and back."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, TypeVar

from testamur.errors import Malformed
from testamur.jsontext import Json, parse_object, write_json
from testamur.vault.values import (
    Contact,
    Contents,
    Enclosure,
    Event,
    HeldForm,
    HeldRecord,
    HolderKey,
    Look,
)

MAX_CONTENT = 256_000_000
_PAGE = 4096  # the length of what is sealed tells no more than this

Thing = TypeVar("Thing")


def write_contents(contents: Contents) -> bytes:
    """The JSON bytes, filled up with blanks to a whole number of pages."""
    text = write_json(contents_json(contents)).encode("utf-8")
    return text.ljust(-(-len(text) // _PAGE) * _PAGE)


def read_contents(data: bytes) -> Contents:
    """The content of these bytes; raises Malformed where they are not what ``write_contents`` writes."""
    return contents_of(parse_object(data, max_bytes=MAX_CONTENT, max_depth=128))


def contents_json(contents: Contents) -> Json:
    """The content as one JSON object; the bytes of files and keys are base64."""
    plain: Json = _plain(asdict(contents))
    return plain


def contents_of(members: Json) -> Contents:
    """The content that a JSON object tells; raises Malformed."""
    return Contents(
        _each(members, "records", _record),
        _each(members, "keys", lambda key: HolderKey(**_fields(key, _KEY), secret=_bytes(key, "secret"))),
        _each(members, "history", _event),
        _each(members, "contacts", lambda one: Contact(**_fields(one, _CONTACT))),
        _object(members, "settings"),
    )


_KEY = ("id", "algorithm", "name", "relation", "made")
_CONTACT = ("id", "name", "since", "note")
_EVENT = ("id", "at", "act", "who", "why", "terms")
_RECORD = ("id", "received", "source", "replaces", "replaced_by")
_FORM = ("text", "format", "media_type", "key")


def _record(members: Json) -> HeldRecord:
    return HeldRecord(
        **_fields(members, _RECORD),
        forms=_each(members, "forms", lambda form: HeldForm(**_fields(form, _FORM))),
        looks=_each(members, "looks", _look),
        enclosures=_each(members, "enclosures", _enclosure),
        display=_object(members, "display"),
    )


def _look(members: Json) -> Look:
    return Look(**_fields(members, ("at", "headline", "status")), report=_object(members, "report"))


def _enclosure(members: Json) -> Enclosure:
    return Enclosure(**_fields(members, ("name", "media_type")), data=_bytes(members, "data"))


def _event(members: Json) -> Event:
    return Event(
        **_fields(members, _EVENT),
        records=_texts(members, "records"),
        shown=_texts(members, "shown"),
        more=_object(members, "more"),
    )


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def _fields(members: Json, names: tuple[str, ...]) -> dict[str, str]:
    found = {name: members.get(name, "") for name in names}
    for name, value in found.items():
        if not isinstance(value, str):
            raise Malformed(name, "this member of a wallet is a text")
    return found


def _each(members: Json, name: str, read: Callable[[Json], Thing]) -> tuple[Thing, ...]:
    listed = members.get(name, [])
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise Malformed(name, "this member of a wallet is a list of objects")
    return tuple(map(read, listed))


def _texts(members: Json, name: str) -> tuple[str, ...]:
    listed = members.get(name, [])
    if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
        raise Malformed(name, "this member of a wallet is a list of texts")
    return tuple(listed)


def _object(members: Json, name: str) -> Json:
    value = members.get(name, {})
    if not isinstance(value, dict):
        raise Malformed(name, "this member of a wallet is an object")
    return value


def _bytes(members: Json, name: str) -> bytes:
    try:
        return base64.b64decode(str(members.get(name, "")), validate=True)
    except (binascii.Error, ValueError):
        raise Malformed(name, "this member of a wallet is base64 text") from None
