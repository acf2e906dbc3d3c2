"""The facts of a record that a person compares with the paper and with the learner's identity card."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from testamur.credentials.members import first, identifier, objects, text, types, values
from testamur.jsontext import Json

_DAY = re.compile(r"\d{4}-\d\d-\d\d(?=T|$)", re.ASCII)
_BASE_TYPES = ("VerifiableCredential", "VerifiablePresentation")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a record says in the words of its issuer, unescaped; "" where it says nothing."""

    holder: str = ""  # in native script
    holder_latin: str = ""
    award: str = ""
    result: str = ""
    result_name: str = ""  # what the result is: "Grade point average"
    awarded: str = ""  # the day as written, 2026-07-01
    number: str = ""
    issuer_name: str = ""
    issuer: str = ""
    id: str = ""
    kind: str = ""  # "BachelorDegree"; else the record's own type
    valid_until: str = ""  # the day as written


def facts(document: Any) -> Facts:
    """The facts of any document; what it does not say, or says in an unknown way, stays empty."""
    if not isinstance(document, dict):
        return Facts()
    subject = first(document.get("credentialSubject"))
    achievement = first(subject.get("achievement"))
    holder, latin = _holder(subject)
    result, result_name = _result(subject, achievement)
    return Facts(
        holder=holder,
        holder_latin=latin,
        award=text(achievement.get("name")) or text(document.get("name")) or _degree(subject),
        result=result,
        result_name=result_name,
        awarded=_day(document, "awardedDate", "validFrom", "issuanceDate"),
        number=text(subject.get("licenseNumber")),
        issuer_name=text(first(document.get("issuer")).get("name")),
        issuer=identifier(document.get("issuer")),
        id=identifier(document),
        kind=text(achievement.get("achievementType")) or _own_type(document),
        valid_until=_day(document, "validUntil", "expirationDate"),
    )


def _holder(subject: Json) -> tuple[str, str]:
    """The name, and its Latin form if there is a second one; a hashed name is no name."""
    names = [
        text(entry.get("identityHash"))
        for entry in objects(subject.get("identifier"))
        if entry.get("identityType") == "name" and entry.get("hashed") is False
    ]
    names = [name for name in names if name] + ["", ""]
    return names[0] or _plain_name(subject), names[1]


def _plain_name(subject: Json) -> str:
    parts = [text(subject.get(member)) for member in ("givenName", "familyName")]
    return text(subject.get("name")) or " ".join(part for part in parts if part)


def _result(subject: Json, achievement: Json) -> tuple[str, str]:
    """The first result and what it is called: its value, else the rubric level reached, else its status."""
    result = first(subject.get("result"))
    descriptions = objects(achievement.get("resultDescription"))
    linked = _with_id(descriptions, result.get("resultDescription"))
    levels = [level for item in descriptions for level in objects(item.get("rubricCriterionLevel"))]
    level = _with_id(levels, result.get("achievedLevel"))
    words = text(result.get("value")) or text(level.get("name")) or text(result.get("status"))
    return words, text(linked.get("name")) if words else ""


def _with_id(candidates: list[Json], wanted: Any) -> Json:
    matching = (item for item in candidates if isinstance(wanted, str) and item.get("id") == wanted)
    return next(matching, {})


def _degree(subject: Json) -> str:
    """Where credentials other than Open Badges commonly name what was awarded."""
    for member in ("degree", "hasCredential"):
        if name := text(first(subject.get(member)).get("name")):
            return name
    return ""


def _day(document: Json, *names: str) -> str:
    for name in names:
        for value in values(document.get(name)):
            if isinstance(value, str) and value:
                day = _DAY.match(value)
                return day[0] if day else value
    return ""


def _own_type(document: Json) -> str:
    return next((name for name in types(document) if name not in _BASE_TYPES), "")
