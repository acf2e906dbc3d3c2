"""What stands on a printed page: every string of it, worked out from the signed claims and the look alone.

The same claims and look always give the same page, so that a reader can work out again what a page must
say and hold it against what it does say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from testamur.credentials import TRANSCRIPT, Look, facts, leading, print_date
from testamur.errors import Malformed
from testamur.jsontext import Json
from testamur.render.course_table import CourseTable, course_table

_MAX_LINE = 1_000
_DAY = re.compile(r"\d{4}-\d\d-\d\d(?=T|$)", re.ASCII)


@dataclass(frozen=True, slots=True)
class PageData:
    """The strings of a page in reading order; an empty one is not printed."""

    language: str
    title: str
    issuer: str
    confers: str
    holder: str
    holder_latin: str
    degree: str
    award: str
    description: str
    rows: tuple[tuple[str, str], ...]  # label, value
    signatories: tuple[tuple[str, str], ...]  # name, office
    motto: str
    scan: str
    compare: str
    extract: str
    issuer_id: str
    code_alt: str  # not printed: what a screen reader says for the code
    awarded: str  # not printed: the date of the file, ISO
    courses: CourseTable | None = None

    @property
    def strings(self) -> tuple[str, ...]:
        """Everything that is printed, in reading order."""
        pairs = [text for pair in (*self.rows, *self.signatories) for text in pair]
        single = (
            self.motto, self.title, self.issuer, self.confers, self.holder, self.holder_latin, self.degree,
            self.award, self.description, *pairs, *(self.courses.strings if self.courses else ()),
            self.scan, self.compare, self.extract, self.issuer_id,
        )  # fmt: skip
        return tuple(text for text in single if text)


def page_fields(claims: Json, look: Look) -> PageData:
    """The page of a record; raises Malformed where a text is too long or cannot be printed on a line."""
    said = facts(claims)
    labels = look.labels
    is_table = look.style == TRANSCRIPT
    award = facts(_whole(claims)).award
    page = PageData(
        language=look.language,
        title=labels["title"],
        issuer=said.issuer_name or said.issuer,
        confers="" if is_table else labels["confers"],
        holder=said.holder or said.holder_latin,
        holder_latin=said.holder_latin if said.holder and said.holder_latin != said.holder else "",
        degree="" if is_table else labels["degree"],
        award=award,
        description=_description(_whole(claims), award),
        rows=tuple(row for name in look.rows for row in _rows(name, claims, look)),
        signatories=tuple((who.name, who.title) for who in look.signatories),
        motto=look.motto,
        scan=labels["scan"],
        compare=labels["compare"],
        extract=labels["extract"],
        issuer_id=said.issuer,
        code_alt=labels["code"],
        awarded=found[0] if (found := _DAY.match(said.awarded)) else "",
        courses=course_table(claims, labels) if is_table else None,
    )
    for text in page.strings:
        _check_line(text)
    return page


def _whole(claims: Json) -> Json:
    """What speaks of the award as a whole: the record, or in one of many parts the part that they belong to."""
    return leading(claims) or claims


def _check_line(text: str) -> None:
    if len(text) > _MAX_LINE:
        raise Malformed("", f"{text[:40]!r} and what follows is longer than {_MAX_LINE} characters")
    hidden = next((character for character in text if not _printable(character)), "")
    if hidden:
        raise Malformed("", f"{text!r:.80} has the character U+{ord(hidden):04X}, which cannot be printed")


def _printable(character: str) -> bool:
    """Visible characters, the space and the joiners that Indic, Khmer and Persian spelling needs."""
    return character.isprintable() or character in "\u200b\u200c\u200d"


def _rows(name: str, claims: Json, look: Look) -> list[tuple[str, str]]:
    if name == "result":
        found = _results(_whole(claims), look.labels["result"])
        return (
            found if look.style == TRANSCRIPT or len(found) != 1 else [(look.labels["result"], found[0][1])]
        )
    value = _value(name, claims, look)
    label = "issued" if name == "awarded" and look.style == TRANSCRIPT else name
    return [(look.labels[label], value)] if value else []


def _value(name: str, claims: Json, look: Look) -> str:
    subject = _object(_whole(claims).get("credentialSubject"))
    achievement = _object(subject.get("achievement"))
    if name == "record":
        return _text(claims.get("id")).removeprefix("urn:uuid:")
    if name in _DATES:
        return _in_words(claims.get(_DATES[name]) or subject.get(_DATES[name]), look)
    if name == "birth_date":
        return _in_words(_identifier(claims, "ext:birthDate"), look)
    if name == "student_number":
        return _identifier(claims, "sourcedId")
    if name == "credits":
        return _text(subject.get("creditsEarned") or achievement.get("creditsAvailable"))
    if name == "number":
        return _text(subject.get("licenseNumber"))
    return _text(achievement.get({"field": "fieldOfStudy", "scope": "specialization"}[name]))


_DATES = {
    "awarded": "awardedDate",
    "started": "activityStartDate",
    "ended": "activityEndDate",
    "valid_until": "validUntil",
}


def _results(claims: Json, label: str) -> list[tuple[str, str]]:
    """Each result under the name that its description gives it, else under the common label (OB §B.1.16)."""
    subject = _object(claims.get("credentialSubject"))
    described = _objects(_object(subject.get("achievement")).get("resultDescription"))
    names = {_text(item.get("id")): _text(item.get("name")) for item in described}
    return [
        (names.get(_text(item.get("resultDescription"))) or label, value)
        for item in _objects(subject.get("result"))
        if (value := _text(item.get("value")) or _text(item.get("status")))
    ]


def _identifier(claims: Json, kind: str) -> str:
    """The identifier of a kind that the holder is known by, under the name that the templates give it."""
    entries = _objects(_object(claims.get("credentialSubject")).get("identifier"))
    found = (entry for entry in entries if entry.get("identityType") == kind and entry.get("hashed") is False)
    return next((_text(entry.get("identityHash")) for entry in found), "")


def _in_words(moment: Any, look: Look) -> str:
    """A day in the look's language and calendar; what is no day is printed as it is written."""
    written = _text(moment)
    found = _DAY.match(written)
    try:
        return print_date(found[0], look.language, look.calendar) if found else written
    except ValueError:
        return written


def _description(claims: Json, award: str) -> str:
    """The sentence about the award, unless it only says the award's name again."""
    achievement = _object(_object(claims.get("credentialSubject")).get("achievement"))
    text = _text(achievement.get("description"))
    return "" if text.strip().casefold() == award.strip().casefold() else text


def _object(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return ""
    return value if isinstance(value, str) else f"{value:g}" if isinstance(value, int | float) else ""


def _objects(value: Any) -> list[Json]:
    """The objects of a member that may be one or a list."""
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, dict)]
