"""Whether everything in a document means something, where it is its text that is signed and not its statements."""

from __future__ import annotations

from typing import Any

from testamur.contexts import SHIPPED, ContextSet
from testamur.jsonld.door import canonize
from testamur.jsontext import Json


def check_meaning(document: Json, *, contexts: ContextSet = SHIPPED) -> None:
    """Raise Malformed or Unsupported where a term, a type or a value says nothing by its contexts.

    The direction of a text has no place in a statement; a signature over the text covers it all the same.
    """
    canonize(_without_directions(document), contexts=contexts)


def _without_directions(value: Any) -> Any:
    if isinstance(value, dict):
        drop = "@direction" if "@value" in value and "@type" not in value else ""
        return {name: _without_directions(item) for name, item in value.items() if name != drop}
    if isinstance(value, list):
        return [_without_directions(item) for item in value]
    return value
