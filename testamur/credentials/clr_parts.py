"""The parts of a learner record: whose they are, and whether a signature says which fact belongs to which.

JSON-LD tells things apart by their ids. Where one thing with an id is described in several places of a record,
a signature over statements does not say which fact stood in which place, so facts of what is not signed apart
could change places unseen.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from testamur.credentials.clr import held_by
from testamur.credentials.members import first, identifier, objects, text
from testamur.credentials.names import normal
from testamur.jsontext import Json

_NAMED_ANYWHERE = frozenset({"issuer", "creator", "source", "proof", "endorsement", "image", "@context"})
"""Members whose things may be described again: no fact about the learner stands there."""


def is_signed_apart(held: Any) -> bool:
    """Whether a credential in a record has a signature of its own, or stands in an envelope."""
    return not isinstance(held, dict) or bool(objects(held.get("proof"))) or "issuer" not in held


def mixed_thing(record: Json) -> str:
    """The id of a thing that something not signed apart describes, and that is described otherwise elsewhere."""
    said: set[str] = set()
    places: dict[str, list[Json]] = {}
    for thing in _things({name: value for name, value in record.items() if name != "credentialSubject"}):
        places.setdefault(thing["id"], []).append(thing)
    subject = first(record.get("credentialSubject"))
    for thing in _things({**subject, "verifiableCredential": []}):
        places.setdefault(thing["id"], []).append(thing)
    for held in held_by(record):
        for thing in _things(held):
            places.setdefault(thing["id"], []).append(thing)
            if not is_signed_apart(held):
                said.add(thing["id"])
    return min((name for name in said if any(thing != places[name][0] for thing in places[name])), default="")


def _things(value: Any) -> Iterator[Json]:
    """Every object that says something of a thing with an id."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            if isinstance(item.get("id"), str) and len(item) > 1:
                yield item
            waiting += [inner for name, inner in item.items() if name not in _NAMED_ANYWHERE]
        elif isinstance(item, list):
            waiting += item


def is_about_learner(held: Json, record: Json) -> bool | None:
    """Whether a held credential is about the learner of the record, by id or identifier; None where that cannot be told."""
    learner = first(record.get("credentialSubject"))
    own = [identifier(subject) for subject in objects(held.get("credentialSubject"))]
    name = identifier(learner)
    if name and name in own:
        return True
    known, found = (
        _identities(learner),
        [_identities(item) for item in objects(held.get("credentialSubject"))],
    )
    if known and any(known & some for some in found):
        return True
    comparable = (name and any(own)) or any(_kinds(known) & _kinds(some) for some in found)
    return False if comparable else None


def _identities(subject: Json) -> frozenset[tuple[str, str]]:
    return frozenset(
        (text(item.get("identityType")), normal(text(item.get("identityHash"))).casefold())
        for item in objects(subject.get("identifier"))
        if text(item.get("identityHash"))
    )


def _kinds(identities: frozenset[tuple[str, str]]) -> frozenset[str]:
    return frozenset(kind for kind, _ in identities)
