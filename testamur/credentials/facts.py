"""The facts of a record that a person compares with the paper and with the learner's identity card.

They are the same for every way of writing what was signed (``described``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from testamur.credentials.clr import is_clr, wholes
from testamur.credentials.described import Described, nativeness, words
from testamur.credentials.members import first, identifier, objects, types, values
from testamur.credentials.sd_jwt_vc import is_sd_jwt_vc
from testamur.credentials.sd_jwt_vc import told as told_by
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
    credits: str = ""


def facts(document: Any, *, within: Described | None = None, may_lack: bool = False) -> Facts:
    """The facts of any document; what it does not say, or says in an unknown way, stays empty.

    ``within`` is all that the learner record around it describes, where it has no signature of its own: what
    the record says of a thing anywhere is said here too. A record without a day of its own is taken as awarded
    when it became valid, unless it ``may_lack`` what its holder left out.
    """
    if not isinstance(document, dict):
        return Facts()
    if is_sd_jwt_vc(document):
        return Facts(**told_by(document, may_lack=may_lack))
    said = within or Described(document)
    subject = said.thing(document.get("credentialSubject"))
    main = leading(document, said)
    told = said.thing(main.get("credentialSubject")) if main else subject
    achievement = said.thing(told.get("achievement")) if main or not is_clr(document) else {}
    holder, latin = _holder(said, subject)
    result, result_name = _result(said, told)
    return Facts(
        holder=holder,
        holder_latin=latin,
        award=_award(document, achievement, is_part=bool(main)) or _degree(said, subject),
        result=result,
        result_name=result_name,
        awarded=_day(document, "awardedDate", *(() if may_lack else ("validFrom", "issuanceDate"))),
        number=words(told.get("licenseNumber")),
        issuer_name=words(said.thing(document.get("issuer")).get("name")),
        issuer=identifier(document.get("issuer")),
        id=identifier(document),
        kind=words(achievement.get("achievementType")) or _own_type(document),
        valid_until=_day(document, "validUntil", "expirationDate"),
        credits=_credits(told, achievement),
    )


def leading(record: Json, said: Described | None = None) -> Json:
    """What a learner record says of the whole that the rest of it is part of; {} where that is not one thing.

    It is the issuer's own word, without a signature of its own. Where no part is named it is the only one.
    """
    if not is_clr(record):
        return {}
    said = said or Described(record)
    issuer, main = identifier(record.get("issuer")), wholes(record)
    subject = said.thing(record.get("credentialSubject"))
    own = [
        held
        for held in said.things(subject.get("verifiableCredential"))
        if not objects(held.get("proof")) and identifier(held.get("issuer")) == issuer
    ]
    if main:
        own = [held for held in own if _achievement_id(held) in main]
    return own[0] if len(own) == 1 else {}


def _achievement_id(held: Json) -> str:
    return identifier(first(first(held.get("credentialSubject")).get("achievement")))


def _award(document: Json, achievement: Json, *, is_part: bool) -> str:
    """The award, or the record's own name; of a record about a programme both: a transcript is no degree."""
    own, named = words(document.get("name")), words(achievement.get("name"))
    return f"{own}: {named}" if is_part and own and named else named or own


def _credits(subject: Json, achievement: Json) -> str:
    """The credits earned, else those the award is worth; of several all, in order."""
    for value in (subject.get("creditsEarned"), achievement.get("creditsAvailable")):
        numbers = sorted({one for one in values(value) if type(one) in (int, float)})
        if numbers:
            return "; ".join(f"{number:g}" for number in numbers)
    return ""


def _holder(said: Described, subject: Json) -> tuple[str, str]:
    """The name, and its Latin form if there is a second one; a hashed name is no name."""
    names = {
        words(entry.get("identityHash"))
        for entry in said.things(subject.get("identifier"))
        if words(entry.get("identityType")) == "name" and values(entry.get("hashed")) == [False]
    }
    native, latin = in_order(names)
    return native or _plain_name(subject), latin


def in_order(names: Iterable[str]) -> tuple[str, str]:
    """Of a person's names the one in native script and the Latin one, "" where there are fewer."""
    found = [*sorted({*names} - {""}, key=nativeness), "", ""]
    return found[0], found[1]


def _plain_name(subject: Json) -> str:
    parts = [words(subject.get(member)) for member in ("givenName", "familyName")]
    return words(subject.get("name")) or " ".join(part for part in parts if part)


def _result(said: Described, subject: Json) -> tuple[str, str]:
    """The result and what it is called; of several each one under its name, values before levels and statuses."""
    told = sorted(
        {one for one in (_told(said, result) for result in said.things(subject.get("result"))) if one[1]}
    )
    if len(told) > 1:
        return "; ".join(f"{name}: {text}" if name else text for _, text, name in told), ""
    return (told[0][1], told[0][2]) if told else ("", "")


def _told(said: Described, result: Json) -> tuple[int, str, str]:
    level = words(said.thing(result.get("achievedLevel")).get("name"))
    ways = (words(result.get("value")), level, words(result.get("status")))
    rank = next((rank for rank, text in enumerate(ways) if text), len(ways))
    name = words(said.thing(result.get("resultDescription")).get("name"))
    return rank, next(filter(None, ways), ""), name


def _degree(said: Described, subject: Json) -> str:
    """Where credentials other than Open Badges commonly name what was awarded."""
    for member in ("degree", "hasCredential"):
        if name := words(said.thing(subject.get(member)).get("name")):
            return name
    return ""


def _day(document: Json, *names: str) -> str:
    for name in names:
        texts = [value for value in values(document.get(name)) if isinstance(value, str) and value]
        if texts:
            day = _DAY.match(min(texts))
            return day[0] if day else min(texts)
    return ""


def _own_type(document: Json) -> str:
    """The first of its own types in the order of the alphabet; both names of a badge are the same type."""
    own = sorted(
        "OpenBadgeCredential" if name == "AchievementCredential" else name for name in types(document)
    )
    return next((name for name in own if name not in _BASE_TYPES), "")
