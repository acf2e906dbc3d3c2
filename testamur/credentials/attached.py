"""What a record carries beside its claims: evidence, terms of use, a place for newer copies, ways to show it."""

from __future__ import annotations

from testamur.credentials.members import identifier, objects, text, types
from testamur.jsontext import Json

_MAX_TOLD = 12


def attached(document: Json) -> list[tuple[str, str]]:
    """Each such thing in words, with its label; what it names is not opened (VCDM §5.3 to §5.6)."""
    found = [("Evidence", _evidence(item)) for item in objects(document.get("evidence"))]
    found += [("Terms", _named(item)) for item in objects(document.get("termsOfUse"))]
    found += [("Refresh", _named(item)) for item in objects(document.get("refreshService"))]
    found += [("Display", _named(item)) for item in objects(document.get("renderMethod"))]
    return [(label, words) for label, words in found if words][:_MAX_TOLD]


def _evidence(item: Json) -> str:
    """What is offered as evidence, and whether its content is sealed: then it cannot be another one later."""
    words = text(item.get("name")) or text(item.get("narrative")) or text(item.get("description"))
    address = identifier(item)
    sealed = text(item.get("digestMultibase")) or text(item.get("digestSRI"))
    told = f"{words} ({address})" if words and address else words or address
    if not told or not address:
        return told
    return f"{told}, {'sealed by a digest' if sealed else 'which may have changed since'}"


def _named(item: Json) -> str:
    kind = next(iter(types(item)), "")
    name = text(item.get("name")) or text(item.get("renderSuite"))
    return ", ".join(part for part in (name, identifier(item), kind) if part)
