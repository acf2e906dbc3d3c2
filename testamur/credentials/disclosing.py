"""What of a record can be shown by itself: under names that people use, each with its JSON pointers.

A record whose holder may leave members out always shows what its kind requires and what limits it; the rest
is the holder's choice, by name ("grade", "birth date") or by pointer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from testamur.credentials.members import first, objects, types, values
from testamur.credentials.open_badges import BADGE_TYPES
from testamur.credentials.sd_jwt_vc import is_sd_jwt_vc
from testamur.credentials.template_fill import BIRTH_DATE
from testamur.errors import OperatorError
from testamur.jsontext import Json
from testamur.pointers import Path, write_pointer

_LIMITS = (
    "issuer", "validFrom", "validUntil", "issuanceDate", "expirationDate", "credentialStatus",
    "credentialSchema", "termsOfUse",
)  # fmt: skip
"""What nobody may leave out: who says it, since when, until when, and whether it still holds."""

_SUBJECT = {
    "activityStartDate": ("started", "started"),
    "activityEndDate": ("ended", "ended"),
    "creditsEarned": ("credits", "credits"),
    "licenseNumber": ("number", "number"),
    "narrative": ("narrative", "narrative"),
    "role": ("role", "role"),
    "term": ("term", "term"),
}
_ACHIEVEMENT = {
    "name": ("award", "award.name"),
    "description": ("description", "award.description"),
    "criteria": ("criteria", "award.criteria"),
    "achievementType": ("kind of award", "award.type"),
    "fieldOfStudy": ("field", "award.field"),
    "specialization": ("specialization", "award.specialization"),
    "humanCode": ("code", "award.code"),
    "inLanguage": ("language", "award.language"),
    "creditsAvailable": ("credits available", "award.credits"),
}
_IDENTIFIERS = {
    BIRTH_DATE: ("birth date", "holder.birth_date"),
    "sourcedId": ("student number", "holder.student_number"),
    "emailAddress": ("email", "holder.email"),
}
_OWN = {
    "awardedDate": ("awarded", "awarded"),
    "name": ("title", ""),
    "description": ("summary", ""),
    "image": ("picture", ""),
    "relatedResource": ("printed page", ""),
}
_NAMES = (("name", "holder.name"), ("latin name", "holder.latin_name"))
_CLAIMS = {"birthdate": "birth date"}
_REQUIRED = ("award.name", "award.description", "award.criteria")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One thing that can be shown: its name, the place a template knows it by, and the pointers to it."""

    name: str
    place: str
    pointers: tuple[str, ...]


def disclosures(document: Json) -> list[Disclosure]:
    """Everything in a record that has a name and can be shown or left out, in the order of the record."""
    if is_sd_jwt_vc(document):
        return [
            Disclosure(_claim(document, name), name, (write_pointer((name,)),)) for name in sorted(document)
        ]
    subject = first(document.get("credentialSubject"))
    root = _subject_path(document)
    found = [*_of_badge(subject, root)] if _is_badge(document) else []
    taken = {pointer for each in found for pointer in each.pointers}
    found += _others(subject, root, taken, ("id", "type", "achievement", "identifier", "result"))
    found += _others(document, (), taken, ("@context", "id", "type", "credentialSubject", "proof", *_LIMITS))
    return found


def always_shown(document: Json, places: Sequence[str] | None = None) -> list[str]:
    """The pointers to what every copy of a record shows: its limits, who it is about, and these places.

    Without places: what the schema of its kind requires, so that a copy still meets it.
    """
    subject = first(document.get("credentialSubject"))
    found = [write_pointer((name,)) for name in _LIMITS if name in document]
    wanted = set(_REQUIRED if places is None else places)
    if "id" in subject:
        found.append(write_pointer((*_subject_path(document), "id")))
    elif places is None and objects(subject.get("identifier")):
        wanted.add("holder.name")
    return found + [
        pointer for each in disclosures(document) if each.place in wanted for pointer in each.pointers
    ]


def pointers_to(document: Json, asked: Sequence[str]) -> list[str]:
    """The pointers to what somebody asks for by name or pointer; raises OperatorError naming what there is."""
    known = disclosures(document)
    found: list[str] = []
    for text in asked:
        found += [text] if text.startswith("/") else _named(known, text).pointers
    return found


def _named(known: Sequence[Disclosure], text: str) -> Disclosure:
    """The one thing that has this name, or all these words in its name."""
    words = _words(text)
    exact = [each for each in known if _words(each.name) == words or each.place == text]
    close = [each for each in known if words and set(words) <= set(_words(each.name))]
    for matching in (exact, close):
        if len(matching) == 1:
            return matching[0]
    what = "several things in it are" if exact or close else "nothing in it is"
    names = ", ".join(dict.fromkeys(each.name for each in (exact or close or known)))
    raise OperatorError(f"{what} called {text!r:.60}", hint=f"there is {names}")


def _of_badge(subject: Json, root: Path) -> Iterator[Disclosure]:
    yield from _identifiers(subject, root)
    achievement = first(subject.get("achievement"))
    spot = (*root, "achievement")
    yield from _table(achievement, spot, _ACHIEVEMENT)
    described = _results(subject, achievement, root)
    yield from described
    yield from _table(subject, root, _SUBJECT)
    taken = {pointer for each in described for pointer in each.pointers}
    yield from _others(achievement, spot, taken, ("id", "type", "resultDescription", *_ACHIEVEMENT))


def _identifiers(subject: Json, root: Path) -> Iterator[Disclosure]:
    """Names are told apart by their order: the first is the native one, the second the Latin one."""
    names = iter(_NAMES)
    for entry, path in _each(subject, "identifier", root):
        kind = str(entry.get("identityType", ""))
        name, place = (
            next(names, ("another name", "")) if kind == "name" else _IDENTIFIERS.get(kind, (kind, ""))
        )
        yield Disclosure(name, place, (write_pointer(path),))


def _results(subject: Json, achievement: Json, root: Path) -> list[Disclosure]:
    """Each result with its description, under the name it is described by."""
    described = {
        entry.get("id"): (str(entry.get("name", "")), path)
        for entry, path in _each(achievement, "resultDescription", (*root, "achievement"))
    }
    found = []
    for entry, path in _each(subject, "result", root):
        name, about = described.get(entry.get("resultDescription"), ("", None))
        pointers = (write_pointer(path), *((write_pointer(about),) if about else ()))
        found.append(Disclosure(name or "result", f"result.{name}", pointers))
    return found


def _table(holder: Json, root: Path, table: dict[str, tuple[str, str]]) -> Iterator[Disclosure]:
    for member, (name, place) in table.items():
        if member in holder:
            yield Disclosure(name, place, (write_pointer((*root, member)),))


def _others(holder: Json, root: Path, taken: set[str], known: Sequence[str]) -> list[Disclosure]:
    """Members under their own names, as words."""
    found = []
    for member in holder:
        pointer = write_pointer((*root, member))
        if member not in known and pointer not in taken:
            words = (_HUMP.sub(" ", member).lower(), "")
            name, place = words if root else _OWN.get(member, words)
            found.append(Disclosure(name, place, (pointer,)))
    return found


def _claim(document: Json, name: str) -> str:
    """What a claim of an SD-JWT VC is called: a single result as the template calls it ("Final grade")."""
    results = objects(document.get("results")) if name == "results" else []
    if len(results) == 1 and isinstance(called := results[0].get("name"), str) and called:
        return called
    return _CLAIMS.get(name, name.replace("_", " "))


def _each(holder: Json, member: str, root: Path) -> Iterator[tuple[Json, Path]]:
    """The objects under a member that is one or a list of them, with their paths."""
    value: Any = holder.get(member)
    for number, item in enumerate(values(value)):
        if isinstance(item, dict):
            yield item, (*root, member, number) if isinstance(value, list) else (*root, member)


def _subject_path(document: Json) -> Path:
    return (
        ("credentialSubject", 0)
        if isinstance(document.get("credentialSubject"), list)
        else ("credentialSubject",)
    )


def _is_badge(document: Json) -> bool:
    return any(name in types(document) for name in BADGE_TYPES)


def _words(text: str) -> list[str]:
    return _WORD.findall(_HUMP.sub(" ", text).replace("_", " ").casefold())
