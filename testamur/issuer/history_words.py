"""What a version of a history changed, in words."""

from __future__ import annotations

from collections.abc import Iterator

from testamur.did import DidDocument, Version
from testamur.jsontext import Json


def changes(before: Version | None, now: Version) -> list[str]:
    """Return what a version changed, each in a few words; "nothing that is told here" where there is none."""
    if before is None:
        return ["founded", *(f"key {name}" for name in _keys(now))]
    return [*_key_changes(_keys(before), _keys(now)), *_other_changes(before, now)] or ["no key changed"]


def _keys(version: Version) -> dict[str, Json]:
    methods = DidDocument.parse(version.entry.state).methods
    return {url.rpartition("#")[2]: written for url, written in methods.items()}


def _key_changes(before: dict[str, Json], now: dict[str, Json]) -> Iterator[str]:
    for name in now.keys() - before.keys():
        yield f"key {name} added"
    for name in before.keys() - now.keys():
        yield f"key {name} taken out"
    for name in sorted(before.keys() & now.keys()):
        for member, word in (("revoked", "compromised"), ("expires", "retired")):
            if member in now[name] and member not in before[name]:
                yield f"key {name} {word}"


def _other_changes(before: Version, now: Version) -> Iterator[str]:
    if before.entry.did != now.entry.did:
        yield f"moved to {now.entry.did.split(':', 3)[3]}"
    old, new = before.parameters, now.parameters
    if old.witness != new.witness:
        yield (
            f"{new.witness.threshold} of {len(new.witness.ids)} witnesses"
            if new.witness.ids
            else "no witnesses"
        )
    if new.deactivated:
        yield "given up"
