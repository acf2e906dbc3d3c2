"""The rules of the Comprehensive Learner Record 2.0, and what such a record holds.

A record is one credential about a learner that holds others: signed ones of any issuer, and what its own
issuer says of each course without signing it apart.
"""

from __future__ import annotations

import re
from typing import Any

from testamur.credentials.clauses import check_instant
from testamur.credentials.findings import Findings, each, join, quoted
from testamur.credentials.members import first, objects, types, values
from testamur.credentials.open_badges import check_class, is_badge_context
from testamur.credentials.vcdm import is_version_1
from testamur.jsontext import Json

CLR_TYPE = "ClrCredential"
CLR_CONTEXT = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"
NOT_IN_PART = "a part of it would leave out grades and whose they are"
"""Why nobody makes a form of a learner record that its holder shows in part."""

_CONTEXT = re.compile(r"https://purl\.imsglobal\.org/spec/clr/v2p0/context(-2\.[0-9]\.[0-9])?\.json")
_CLAUSE = "CLR §B.1"


def is_clr(document: Any) -> bool:
    """Whether a document says that it is a learner record."""
    return CLR_TYPE in types(document)


def held_by(document: Json) -> list[Any]:
    """What a learner record holds, in its order; nothing for any other document."""
    return [item for item, _ in held_at(document, "")]


def held_at(document: Json, path: str) -> list[tuple[Any, str]]:
    """What a learner record holds, each with its path."""
    if not is_clr(document):
        return []
    spot = join(path, "credentialSubject")
    return [
        found
        for subject, place in each(document.get("credentialSubject"), spot)
        if isinstance(subject, dict)
        for found in each(subject.get("verifiableCredential"), join(place, "verifiableCredential"))
    ]


def wholes(document: Json) -> frozenset[str]:
    """The ids of the achievements that others are part of, and that are part of none themselves (CLR §B.5)."""
    associations = objects(first(document.get("credentialSubject")).get("association"))
    pairs = [
        (item.get("sourceId"), item.get("targetId"))
        for item in associations
        if item.get("associationType") in ("isPartOf", "isChildOf")
    ]
    parts = {source for source, _ in pairs if isinstance(source, str)}
    return frozenset(target for _, target in pairs if isinstance(target, str) and target not in parts)


def check_clr(document: Json, path: str, found: Findings) -> None:
    """A ClrCredential; what it holds is held to the rules of its own kind."""
    old = is_version_1(document)
    contexts = values(document.get("@context"))
    if len(contexts) < 2 or not isinstance(contexts[1], str) or not _CONTEXT.fullmatch(contexts[1]):
        found.add(join(path, "@context[1]"), "the second context must be that of CLR 2.0", _CLAUSE)
    if len(contexts) < 3 or not is_badge_context(contexts[2]):
        found.add(join(path, "@context[2]"), "the third context must be that of Open Badges 3.0", _CLAUSE)
    start = "issuanceDate" if old else "validFrom"
    if start not in document:
        found.add(join(path, start), "a learner record must have it", _CLAUSE)
    check_instant(document, "awardedDate", path, found, _CLAUSE)
    check_class(document, CLR_TYPE, path, found)
    if isinstance(document.get("issuer"), str):
        found.add(join(path, "issuer"), "it must be an object of class Profile", _CLAUSE)
    if "partial" in document and not isinstance(document["partial"], bool):
        found.add(join(path, "partial"), f"{quoted(document['partial'])} is neither true nor false", _CLAUSE)
    if len(values(document.get("credentialSubject"))) > 1:
        found.add(join(path, "credentialSubject"), "there must be exactly one subject", _CLAUSE)
    _check_held(document, path, found)


def _check_held(document: Json, path: str, found: Findings) -> None:
    held = held_at(document, path)
    if not held:
        spot = join(path, "credentialSubject.verifiableCredential")
        found.add(spot, "a learner record must hold a credential", _CLAUSE)
    for item, spot in held:
        if not isinstance(item, dict):
            found.add(spot, f"{quoted(item)} must be an object; a token belongs in an envelope", _CLAUSE)
        elif "VerifiablePresentation" in types(item):
            found.add(join(spot, "type"), "a presentation stands where a credential should", _CLAUSE)
