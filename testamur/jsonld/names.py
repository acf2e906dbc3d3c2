"""Compacted form (VCDM §6.1): each thing is called by the name that the shipped contexts have for it.

A signature over statements does not see how they are written. ``credentialStatus`` under its full address,
under a name of somebody's own or within ``@included`` makes the same statement, and nobody who looks for
``credentialStatus`` would find it: so a revoked record could be made to look as if it had no status.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from testamur.contexts import SHIPPED
from testamur.jsontext import Json

ALLOWED = frozenset(("@context", "@value", "@language", "@direction", "@type", "@json"))
"""Keywords that stand in a document as they are; ``@type`` in value objects only."""


def is_word(text: str, meaning: str | None) -> bool:
    """Whether a key, type or vocabulary word is the name, or one of the names, of what it means."""
    if meaning is None:
        return True
    if meaning.startswith("@"):
        return text in ALLOWED or text in _names().get(meaning, ())
    if meaning.startswith("_:"):
        return False
    names = _names().get(meaning)
    return names is None or text in names


def is_key(text: str, meaning: str | None) -> bool:
    """The same for a member: where a property and a class share an address, a member has the property's name."""
    if not is_word(text, meaning):
        return False
    names = _names().get(meaning or "", frozenset())
    return not text[:1].isupper() or not any(name[:1].islower() for name in names)


def is_address(text: str, meaning: str | None) -> bool:
    """Whether an address is written in full, and not as a prefix and the rest or as a blank node's label."""
    return meaning is None or (text == meaning and not text.startswith("_:"))


@cache
def _names() -> dict[str, frozenset[str]]:
    """The names of each address and keyword in all shipped contexts together."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for url in SHIPPED.urls:
        for meaning, name in _defined(SHIPPED.load(url).get("@context"), {}):
            found[meaning].add(name)
    return {meaning: frozenset(names) for meaning, names in found.items()}


def _defined(context: Any, around: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Each term of a context, and of the contexts within it, as meaning and name."""
    for part in _parts(context):
        written = _written(part)
        around = {**around, **written}
        yield from ((_meaning(name, around), name) for name in written)
        for definition in part.values():
            if isinstance(definition, dict) and "@context" in definition:
                yield from _defined(definition["@context"], around)


def _parts(context: Any) -> Iterator[Json]:
    for part in context if isinstance(context, list) else [context]:
        if isinstance(part, str):
            yield from _parts(SHIPPED.load(part)["@context"])
        elif isinstance(part, dict):
            yield part


def _written(context: Json) -> dict[str, str]:
    """What each term of a context says it stands for."""
    ids = {
        name: definition.get("@id") if isinstance(definition, dict) else definition
        for name, definition in context.items()
        if not name.startswith("@")
    }
    return {name: text for name, text in ids.items() if isinstance(text, str)}


def _meaning(name: str, written: Mapping[str, str]) -> str:
    """The address or keyword: what stands there may begin with a prefix or be another term."""
    text = written[name]
    prefix, colon, rest = text.partition(":")
    if colon and prefix in written and not rest.startswith("//"):
        return written[prefix] + rest
    return _meaning(text, written) if text in written and text != name else text
