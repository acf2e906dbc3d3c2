"""What a document may weigh before anything is done with it, and which context features are left out.

Everything JSON-LD does costs time, and contexts inside a document multiply it: so the values, the depth,
and the contexts that a document brings along are counted first.
"""

from __future__ import annotations

from typing import Any

from testamur.errors import Malformed, Unsupported
from testamur.jsontext import Json

MAX_VALUES = 50_000
MAX_DEPTH = 64
MAX_CONTEXTS = 500  # named in all the @context members of a document together
MAX_INLINE_MEMBERS = 1_000  # of the contexts written out in a document

_SCALARS = (str, int, float, bool, type(None))
_LEFT_OUT = {
    "@base": "relative addresses are not accepted, so @base has no use",
    "@direction": "the direction of a text has no place in a statement",
    "@import": "a context that imports another is not supported",
}


def check_document(document: Any) -> Json:
    """The document, if it is a JSON object within the bounds; raises Malformed, Unsupported."""
    if type(document) is not dict:
        raise Malformed("", "the document is not a JSON object")
    _Weighing().weigh(document)
    return document


class _Weighing:
    def __init__(self) -> None:
        self.values = self.contexts = self.members = 0

    def weigh(self, document: Json) -> None:
        waiting: list[tuple[Any, int]] = [(document, 1)]
        while waiting:
            value, depth = waiting.pop()
            inner = self._members(value) if type(value) is dict else value
            self.values += len(inner) + 1
            if self.values > MAX_VALUES:
                raise Malformed("", f"the document has more than {MAX_VALUES} values")
            if depth > MAX_DEPTH:
                raise Malformed("", f"the document is nested more than {MAX_DEPTH} deep")
            waiting.extend((item, depth + 1) for item in inner if _is_container(item))

    def _members(self, members: Json) -> list[Any]:
        for name in members:
            if type(name) is not str:
                raise Malformed("", f"the member name {name!r:.40} is not a string")
        if "@context" in members:
            self._context(members["@context"])
        return list(members.values())

    def _context(self, context: Any) -> None:
        for item in context if type(context) is list else [context]:
            self.contexts += 1
            if type(item) is dict:
                self.members += _count_members(item)
        if self.contexts > MAX_CONTEXTS or self.members > MAX_INLINE_MEMBERS:
            raise Malformed("@context", "the document brings too many contexts with it")


def _is_container(value: Any) -> bool:
    if type(value) is dict or type(value) is list:
        return True
    if not isinstance(value, _SCALARS):
        raise Malformed("", f"{type(value).__name__} is not a JSON value")
    return False


def _count_members(context: Json) -> int:
    """How many members a context has, those of contexts within it included."""
    count = 0
    waiting: list[Any] = [context]
    while waiting:
        value = waiting.pop()
        if type(value) is dict:
            count += len(value)
            for name, reason in _LEFT_OUT.items():
                if value.get(name) is not None:
                    raise Unsupported(f"{name} in a context: {reason}")
            waiting.extend(value.values())
        elif type(value) is list:
            waiting.extend(value)
    return count
