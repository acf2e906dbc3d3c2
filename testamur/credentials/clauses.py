"""Rules that both versions of the data model share: URLs, types, dates, and the parts that name a method."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from typing import Any

from testamur.credentials.findings import Findings, each, join, quoted
from testamur.credentials.members import is_url
from testamur.credentials.status_entry import StatusEntry
from testamur.errors import Malformed
from testamur.jsontext import Json
from testamur.times import parse_instant

V1 = "https://www.w3.org/2018/credentials/v1"
V2 = "https://www.w3.org/ns/credentials/v2"

_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8}){0,12}", re.ASCII)
_TERM = re.compile(r"\S+")
_MAX_FEW = 8
_MAX_WORDS = 400  # characters of what is remembered


def check_contexts(value: Any, base: str, path: str, found: Findings) -> None:
    """An ordered list of URLs and objects that begins with the base context and has no other version's."""
    if isinstance(value, list) and _are_contexts(_few_words(value), base):
        return None
    spot = join(path, "@context")
    if not isinstance(value, list) or not value:
        return found.add(spot, f"it must be a list that begins with {base}", "VCDM §4.3")
    if value[0] != base:
        found.add(f"{spot}[0]", f"the first context must be {base}", "VCDM §4.3")
    for item, place in each(value, spot):
        if item == (V1 if base == V2 else V2):
            found.add(place, "the contexts of VCDM 1.1 and 2.0 cannot be mixed", "VCDM §4.3")
        elif not isinstance(item, dict) and not is_url(item):
            found.add(place, f"{quoted(item)} is neither a URL nor an object", "VCDM §4.3")
    return None


def check_types(document: Json, wanted: str, path: str, found: Findings, clause: str = "VCDM §4.5") -> None:
    """One type or several, each a term or a URL; the wanted one among them ("" wants none in particular)."""
    value = document.get("type")
    if _are_types(_few_words(value), wanted):
        return
    spot = join(path, "type")
    items = each(value, spot)
    for item, place in items:
        if not isinstance(item, str) or not _is_type(item):
            found.add(place, f"{quoted(item)} is not a type", clause)
    if not items:
        found.add(spot, f"it must be there{f' and contain {wanted}' if wanted else ''}", clause)
    elif wanted and wanted not in [item for item, _ in items if isinstance(item, str)]:
        found.add(spot, f"it must contain {wanted}", clause)


def check_id(
    holder: Json, path: str, found: Findings, *, required: bool = False, clause: str = "VCDM §4.4"
) -> None:
    """One URL, where there is an id at all."""
    if "id" not in holder:
        if required:
            found.add(join(path, "id"), "it must be there", clause)
    elif not is_url(holder["id"]):
        found.add(join(path, "id"), f"{quoted(holder['id'])} is not one URL", clause)


def check_party(value: Any, path: str, found: Findings, clause: str) -> None:
    """An issuer or holder: a URL, or an object with one as its id and a name in words."""
    if value is None:
        found.add(path, "it must be there", clause)
    elif not isinstance(value, dict):
        if not is_url(value):
            found.add(path, f"{quoted(value)} is neither a URL nor an object with an id", clause)
    else:
        check_id(value, path, found, required=True, clause=clause)
        check_words(value, path, found)


def check_words(holder: Json, path: str, found: Findings) -> None:
    """``name`` and ``description``: a string, a language object, or a list of language objects."""
    for name in ("name", "description"):
        value = holder.get(name)
        if isinstance(value, str):
            continue
        for item, spot in each(value, join(path, name)):
            if not _is_language_object(item):
                found.add(spot, f"{quoted(item)} is neither words nor a language object", "VCDM §4.6")


def check_parts(
    document: Json, name: str, path: str, found: Findings, clause: str, *, id_required: bool = False
) -> None:
    """One object or several, each with a type and, where it has or needs one, an id that is a URL."""
    if name not in document:
        return
    for item, spot in each(document.get(name), join(path, name)):
        if isinstance(item, dict):
            check_types(item, "", spot, found, clause)
            check_id(item, spot, found, required=id_required, clause=clause)
        else:
            found.add(spot, f"{quoted(item)} must be an object", clause)


def check_statuses(document: Json, path: str, found: Findings, *, id_required: bool = False) -> None:
    """Status entries: the type, and what a type we know demands (BSL §2.1)."""
    check_parts(document, "credentialStatus", path, found, "VCDM §4.10", id_required=id_required)
    for item, spot in each(document.get("credentialStatus"), join(path, "credentialStatus")):
        if isinstance(item, dict) and item.get("type"):
            try:
                StatusEntry.parse(item, spot)
            except Malformed as error:
                if error.path not in (f"{spot}.id", f"{spot}.type"):
                    found.keep(error)


def check_period(document: Json, start: str, end: str, path: str, found: Findings, clause: str) -> None:
    """Two instants with a zone, the second not before the first."""
    since, until = (check_instant(document, name, path, found, clause) for name in (start, end))
    if since and until and until < since:
        found.add(join(path, end), f"it is before {start}", clause)


def check_instant(document: Json, name: str, path: str, found: Findings, clause: str) -> datetime | None:
    """The instant of a member; None where it is absent or, which is reported, not a date and time with a zone."""
    if name not in document:
        return None
    try:
        return parse_instant(document[name], join(path, name))
    except Malformed:
        found.add(join(path, name), f"{quoted(document[name])} is not a date and time with a zone", clause)
        return None


def check_subjects(document: Json, path: str, found: Findings, clause: str = "VCDM §4.8") -> None:
    """One subject or several, each an object that says something."""
    spot = join(path, "credentialSubject")
    subjects = each(document.get("credentialSubject"), spot)
    if not subjects:
        found.lacks(spot, "a credential must have a subject", clause)
    for subject, place in subjects:
        if not isinstance(subject, dict) or not subject:
            found.add(place, "a subject must be an object that claims something", clause)
        else:
            check_id(subject, place, found)


def _few_words(value: Any) -> tuple[str, ...]:
    """A list of a few short strings, or one string, as what can be remembered; () for anything else."""
    names = value if isinstance(value, list) else [value]
    try:
        return tuple(names) if len(names) <= _MAX_FEW and len("".join(names)) <= _MAX_WORDS else ()
    except TypeError:
        return ()


@lru_cache(maxsize=256)
def _are_contexts(names: tuple[str, ...], base: str) -> bool:
    """Whether there are contexts and nothing is wrong with them; many records have the same ones."""
    return names[:1] == (base,) and all(map(is_url, names)) and {V1, V2}.intersection(names) == {base}


@lru_cache(maxsize=256)
def _are_types(names: tuple[str, ...], wanted: str) -> bool:
    return bool(names) and all(map(_is_type, names)) and (not wanted or wanted in names)


def _is_type(text: str) -> bool:
    return bool(_TERM.fullmatch(text)) and (":" not in text or is_url(text))


def _is_language_object(value: Any) -> bool:
    if not isinstance(value, dict) or not isinstance(value.get("@value"), str):
        return False
    language, direction = value.get("@language", "und"), value.get("@direction", "ltr")
    return (
        value.keys() <= {"@value", "@language", "@direction"}
        and isinstance(language, str)
        and _LANGUAGE.fullmatch(language) is not None
        and direction in ("ltr", "rtl")
    )
