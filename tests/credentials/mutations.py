"""Damaging documents at random, the same way for the same seed."""

from __future__ import annotations

import copy
import random
from typing import Any

PALETTE: tuple[Any, ...] = (
    "", "x", "https://school.example/1", "urn:uuid:4f9b", "ext:moduleGrade", "ext:module-grade", "an ext:word", "ext:",
    "2026-07-01", "2026-07-01T00:00:00Z", "2026-07-01T00:00:00", "2026-02-30T00:00:00Z", "2026-07-01t10:00:00.5+01:00",
    "Profile", "Achievement", "VerifiableCredential", "Completed", "Diploma", "name", "en", "pt-BR", "zh-Hant-TW", "EN",
    "a.b.c", "a..c", "a.b", 0, 1, -1.5, 240.0, 2**70, True, False, None, [], {}, [[]], [{}], ["x"], ["Profile"],
    {"en": "word"}, {"en-GB": "word"}, {"en": 1}, {"@value": "word"}, {"id": "x"}, {"id": "x", "type": "Image"},
    {"id": "x", "type": ["Profile"]}, {"type": "Evidence"}, {"type": ["Evidence", "x"]}, {"type": "Other"},
)  # fmt: skip
NAMES = (
    "id",
    "type",
    "name",
    "image",
    "extra",
    "@context",
    "achievement",
    "issuer",
    "proof",
    "validFrom",
    "language",
)


def mutated(document: Any, seed: int) -> Any:
    """A copy of the document with one to three things done to it."""
    chance = random.Random(seed)
    copied = copy.deepcopy(document)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        _damage(chance.choice(_containers(copied)), chance)
    return copied


def _containers(value: Any) -> list[Any]:
    found = [value]
    for item in found:
        inner = item.values() if isinstance(item, dict) else item
        found += [child for child in inner if isinstance(child, dict | list)]
    return found


def _damage(container: Any, chance: random.Random) -> None:
    spots = list(container) if isinstance(container, dict) else list(range(len(container)))
    act = chance.choice(("replace", "replace", "drop", "wrap", "unwrap", "add", "copy"))
    value = copy.deepcopy(chance.choice(PALETTE))
    if not spots or act == "add":
        _add(container, value, chance)
        return
    spot = chance.choice(spots)
    if act == "replace":
        container[spot] = value
    elif act == "drop":
        del container[spot]
    elif act == "wrap":
        container[spot] = [container[spot]]
    elif act == "unwrap" and isinstance(container[spot], list) and container[spot]:
        container[spot] = container[spot][0]
    elif act == "copy":
        _add(container, copy.deepcopy(container[spot]), chance)


def _add(container: Any, value: Any, chance: random.Random) -> None:
    if isinstance(container, dict):
        container[chance.choice(NAMES)] = value
    else:
        container.insert(chance.randint(0, len(container)), value)
