"""What a record of a template says, by the places of its columns: the way back from ``template_fill``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from testamur.credentials.cells import Value
from testamur.credentials.courses import COURSES, write_courses
from testamur.credentials.template_fill import BIRTH_DATE, SUBJECT_PLACES
from testamur.jsontext import Json

if TYPE_CHECKING:
    from testamur.credentials.template import Template

_ACHIEVEMENT = {
    "name": "award.name",
    "description": "award.description",
    "fieldOfStudy": "award.field",
    "specialization": "award.specialization",
    "humanCode": "award.code",
    "inLanguage": "award.language",
}
_COURSE = {"name": "course.name", "humanCode": "course.code", "fieldOfStudy": "course.field",
           "inLanguage": "course.language"}  # fmt: skip
_DATED = ("started", "ended")


def values_of(template: Template, document: Json) -> dict[str, Value]:
    """The values of the row that a record was made of; an e-mail address, of which it has only a digest, is not among them."""
    shown = {column.place for column in template.columns if column.goes_to != "nothing"}
    found = dict(_places(template, document))
    if template.courses is not None:
        found[COURSES] = write_courses([dict(_course(item)) for item in _held(document)[1:]])
        shown.add(COURSES)
    return {place: value for place, value in found.items() if place in shown}


def _places(template: Template, document: Json) -> Iterator[tuple[str, Value]]:
    outer = document["credentialSubject"]
    subject = outer if template.courses is None else _held(document)[0]["credentialSubject"]
    yield from _person(outer)
    for member, place in SUBJECT_PLACES.items():
        if member in subject:
            value = subject[member]
            yield place, _day(value) if place in _DATED else value
    achievement = subject["achievement"]
    for member, place in _ACHIEVEMENT.items():
        value = achievement.get(member)
        if value and not (member == "description" and value == achievement.get("name")):
            yield place, value
    if "awardedDate" in document:
        yield "awarded", _day(document["awardedDate"])
    if "validUntil" in document:
        yield "valid_until", _day(document["validUntil"])
    yield from _results(template, subject)


def _person(subject: Json) -> Iterator[tuple[str, Value]]:
    if "id" in subject:
        yield "holder.id", subject["id"]
    names = iter(("holder.name", "holder.latin_name"))
    for identifier in subject.get("identifier", []):
        kind, value = identifier["identityType"], identifier["identityHash"]
        place = {BIRTH_DATE: "holder.birth_date", "sourcedId": "holder.student_number"}.get(kind)
        if kind == "name":
            place = next(names, None)
        if place and not identifier.get("hashed"):
            yield place, value


def _results(template: Template, subject: Json) -> Iterator[tuple[str, Value]]:
    names = {item["id"]: item["name"] for item in subject["achievement"].get("resultDescription", [])}
    keys = {result.name: result.key for result in template.results}
    for result in subject.get("result", []):
        key = keys.get(names.get(result.get("resultDescription"), ""))
        if key:
            yield f"result.{key}", result.get("value", result.get("status"))


def _held(document: Json) -> list[Any]:
    held: list[Any] = document["credentialSubject"]["verifiableCredential"]
    return held


def _course(record: Json) -> Iterator[tuple[str, Value]]:
    subject = record["credentialSubject"]
    for member, place in _COURSE.items():
        if member in subject["achievement"]:
            yield place, subject["achievement"][member]
    if "creditsEarned" in subject:
        yield "course.credits", subject["creditsEarned"]
    if "term" in subject:
        yield "course.term", subject["term"]
    if "activityEndDate" in subject:
        yield "course.completed", _day(subject["activityEndDate"])
    for result in subject.get("result", []):
        yield "course.grade", result.get("value", result.get("status"))


def _day(moment: str) -> str:
    return moment[:10]
