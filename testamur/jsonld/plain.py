"""What a signature over statements does not see, and a reader of the document has to rely on.

Statements are signed, not the text that makes them. Whoever holds a record can write the same statements in
another way: with a context of their own in it that gives one thing the name of another, or with part of what
the record says of itself moved into a node inside it, where nobody looks for ``credentialStatus``.
"""

from __future__ import annotations

from typing import Any

from testamur.errors import Malformed, Unsupported
from testamur.jsontext import Json

_LIMITS = ("credentialStatus", "validUntil", "expirationDate")


def check_plain(document: Json) -> None:
    """Raise Unsupported for a context written out in the document, Malformed for a limit of it in another place."""
    name = document.get("id")
    named = type(name) is str
    level: list[Any] = [document]
    while level:
        inner: list[Any] = []
        for item in level:
            if type(item) is dict:
                if "@context" in item:
                    _check_context(item["@context"])
                if named and item.get("id") == name:
                    _check_limits(document, item)
                inner += item.values()
            elif type(item) is list:
                inner += item
        level = inner


def stays_plain(document: Json) -> bool:
    """Whether a plain document stays plain whatever its ids are: no limit stands anywhere inside it."""
    level: list[Any] = list(document.values())
    while level:
        inner: list[Any] = []
        for item in level:
            if type(item) is dict:
                if "@context" in item or not item.keys().isdisjoint(_LIMITS):
                    return False
                inner += item.values()
            elif type(item) is list:
                inner += item
        level = inner
    return True


def _check_limits(document: Json, again: Json) -> None:
    """Refuse a node inside the document that says of the document what its own members do not say."""
    for limit in _LIMITS:
        if limit in again and again[limit] != document.get(limit):
            raise Malformed(
                limit, "it stands in another place than the record it is about", clause="VCDM §4.4"
            )


def _check_context(context: Any) -> None:
    for part in context if type(context) is list else [context]:
        if type(part) is dict:
            raise Unsupported("the signature does not cover the context that is written out in the document")
