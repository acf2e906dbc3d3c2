"""Whether everything in a document means something, where it is its text that is signed and not its statements."""

from __future__ import annotations

import re
from typing import Any

from testamur.contexts import SHIPPED, ContextSet
from testamur.errors import TestamurError
from testamur.jsonld.door import canonize
from testamur.jsontext import Json

_TYPE = re.compile(r"<http://www\.w3\.org/1999/02/22-rdf-syntax-ns#type> <([^>]*)>")


def check_meaning(document: Json, *, contexts: ContextSet = SHIPPED) -> None:
    """Raise Malformed or Unsupported where a term, a type or a value says nothing by its contexts.

    The direction of a text has no place in a statement; a signature over the text covers it all the same.
    """
    canonize(_without_directions(document), contexts=contexts)


def type_iris(document: Json, *, contexts: ContextSet = SHIPPED) -> frozenset[str]:
    """The types of a document as absolute IRIs; one that its contexts say nothing of stays as it is written."""
    types = document.get("type", [])
    listed = types if isinstance(types, list) else [types]
    return frozenset(
        _iri(document.get("@context"), each, contexts) for each in listed if isinstance(each, str)
    )


def _iri(context: Any, name: str, contexts: ContextSet) -> str:
    try:
        lines = canonize({"@context": context, "type": name}, contexts=contexts).decode()
    except TestamurError:
        return name
    found = _TYPE.search(lines)
    return found[1] if found else name


def _without_directions(value: Any) -> Any:
    if isinstance(value, dict):
        drop = "@direction" if "@value" in value and "@type" not in value else ""
        return {name: _without_directions(item) for name, item in value.items() if name != drop}
    if isinstance(value, list):
        return [_without_directions(item) for item in value]
    return value
