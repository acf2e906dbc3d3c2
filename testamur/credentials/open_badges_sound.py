"""A quick look at an object of a class of Open Badges: whether nothing is wrong with it, without saying where.

It says no wherever it is not sure; then the rules are gone through one by one.
"""

from __future__ import annotations

from typing import Any

from testamur.credentials.members import has_type, is_url
from testamur.credentials.open_badges_classes import CLASSES, BadgeClass, is_word
from testamur.jsontext import Json, compact_bytes

_COMMON = frozenset(("Profile", "Achievement", "Result"))
_SELDOM = frozenset(("endorsementJwt", "endorsement"))
_SOUND: dict[tuple[str, bytes], None] = {}
_MAX_SOUND = 16_000  # bytes
_MAX_KEPT = 256


def is_sound(holder: Json, name: str) -> bool:
    """Whether an object surely keeps every rule of its class, and every object inside it those of its own."""
    badge_class, names = CLASSES[name], holder.keys()
    if badge_class.typed and not has_type(holder, name):
        return False
    if not names >= badge_class.needed or (badge_class.only and not names <= badge_class.only):
        return False
    if not names.isdisjoint(_SELDOM) or ("identityHash" in names and holder.get("hashed") is not False):
        return False
    return _has_sound_values(holder, badge_class) and _has_sound_parts(holder, badge_class)


def _has_sound_values(holder: Json, badge_class: BadgeClass) -> bool:
    for member in badge_class.urls:
        if member in holder and not is_url(holder[member]):
            return False
    for member, vocabulary in badge_class.words.items():
        if member in holder and not is_word(holder[member], vocabulary):
            return False
    return True


def _has_sound_parts(holder: Json, badge_class: BadgeClass) -> bool:
    for member, part in badge_class.parts.items():
        if member not in holder:
            continue
        value = holder[member]
        if member == "issuer" and isinstance(value, str):
            continue
        look = _is_sound_common if part in _COMMON else is_sound
        for item in value if isinstance(value, list) else (value,):
            if not isinstance(item, dict) or not look(item, part):
                return False
    return True


def _is_sound_common(item: Json, name: str) -> bool:
    """Of an object that a school's records have in common; one in which nothing is wrong is remembered for the next."""
    text = _written(item)
    if (name, text) in _SOUND:
        return True
    if not is_sound(item, name):
        return False
    if 0 < len(text) <= _MAX_SOUND:
        if len(_SOUND) >= _MAX_KEPT:
            _SOUND.clear()
        _SOUND[name, text] = None
    return True


def _written(item: Any) -> bytes:
    """The object as JSON: what differs in any value, or in the kind of a number, differs here."""
    try:
        return compact_bytes(item)
    except (ValueError, TypeError, RecursionError):
        return b""
