"""The extract for paper: what a template lists, and what no Open Badge can do without."""

from __future__ import annotations

import zlib
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from testamur.credentials.template_fill import BIRTH_DATE
from testamur.jsontext import Json

if TYPE_CHECKING:
    from testamur.credentials.template import Template

_ALWAYS = ("@context", "id", "type", "issuer", "validFrom", "validUntil", "credentialStatus")
_SUBJECT = {
    "holder.id": "id",
    "started": "activityStartDate",
    "ended": "activityEndDate",
    "credits": "creditsEarned",
    "number": "licenseNumber",
    "narrative": "narrative",
    "role": "role",
    "term": "term",
}
_ACHIEVEMENT = {
    "award.type": "achievementType",
    "award.field": "fieldOfStudy",
    "award.specialization": "specialization",
    "award.code": "humanCode",
    "award.language": "inLanguage",
    "award.credits": "creditsAvailable",
}
_ROOM = 700
"""Bytes that the courses of a transcript may take in a code."""

_REQUIRED = ("id", "type", "name", "description", "criteria")


def extract(template: Template, document: Json) -> Json:
    """The members of a full document that go on paper, in the order they have there."""
    return _badge(template, document) if template.courses is None else _transcript(template, document)


def _transcript(template: Template, document: Json) -> Json:
    """A learner record that holds its programme alone; the courses stand in its description where they fit."""
    listed = frozenset(template.paper)
    kept = {*_ALWAYS, "name"} | ({"awardedDate"} if "awarded" in listed else set())
    if "courses" in listed and _fits(document.get("description", "")):
        kept.add("description")
    found = _only(document, kept)
    found["issuer"] = _only(
        document["issuer"], {"id", "type", *(["name"] if "issuer.name" in listed else [])}
    )
    subject = document["credentialSubject"]
    programme = subject["verifiableCredential"][0]
    held = _badge(template, programme | {"issuer": {"id": programme["issuer"]}}) | {
        "issuer": programme["issuer"]
    }
    held["credentialSubject"]["identifier"] = programme["credentialSubject"]["identifier"]
    whole = _only(subject, {"type", *(["id"] if "holder.id" in listed else [])})
    whole["identifier"] = _identifiers(subject.get("identifier", []), listed)
    whole["verifiableCredential"] = [{name: held[name] for name in programme if name in held}]
    found["credentialSubject"] = {name: whole[name] for name in subject if whole.get(name)}
    return {name: found[name] for name in (*document, "credentialSubject") if name in found}


def _fits(text: str) -> bool:
    """Whether a text leaves a code that a camera reads; packed it is about as long as with zlib."""
    return bool(text) and len(zlib.compress(text.encode("utf-8"), 9)) <= _ROOM


def _badge(template: Template, document: Json) -> Json:
    listed = frozenset(template.paper)
    kept = set(_ALWAYS) | ({"awardedDate"} if "awarded" in listed else set())
    found = _only(document, kept)
    found["issuer"] = _only(
        document["issuer"], {"id", "type"} | ({"name"} if "issuer.name" in listed else set())
    )
    found["credentialSubject"] = _subject(template, document["credentialSubject"], listed)
    return {name: found[name] for name in (*document, "credentialSubject") if name in found}


def _subject(template: Template, subject: Json, listed: Collection[str]) -> Json:
    found = _only(subject, {"type", *(_SUBJECT[place] for place in listed if place in _SUBJECT)})
    found["identifier"] = _identifiers(subject.get("identifier", []), listed)
    found["result"] = _results(template, subject, listed)
    found["achievement"] = _achievement(subject["achievement"], found["result"], listed)
    return {name: found[name] for name in subject if found.get(name)}


def _identifiers(identifiers: list[Json], listed: Collection[str]) -> list[Json]:
    """Names are told apart by their order: the first is the native one, the second the Latin one."""
    places = {
        BIRTH_DATE: "holder.birth_date",
        "sourcedId": "holder.student_number",
        "emailAddress": "holder.email",
    }
    names = iter(("holder.name", "holder.latin_name"))
    return [
        entry
        for entry in identifiers
        if (next(names, "") if entry["identityType"] == "name" else places.get(entry["identityType"], ""))
        in listed
    ]


def _results(template: Template, subject: Json, listed: Collection[str]) -> list[Json]:
    """The listed results; one that stands alone needs no description to say which it is."""
    names = {
        described["id"]: described["name"]
        for described in subject["achievement"].get("resultDescription", [])
    }
    wanted = {result.name for result in template.results if f"result.{result.key}" in listed}
    found = [
        result for result in subject.get("result", []) if names.get(result["resultDescription"]) in wanted
    ]
    if len(found) == 1 and "value" in found[0]:
        return [_only(found[0], {"type", "value"})]
    return found


def _achievement(achievement: Json, results: list[Json], listed: Collection[str]) -> Json:
    found = _only(
        achievement, {*_REQUIRED, *(_ACHIEVEMENT[place] for place in listed if place in _ACHIEVEMENT)}
    )
    if "award.criteria" not in listed:
        found["criteria"] = _only(achievement["criteria"], {"id"})
    linked = {result.get("resultDescription") for result in results}
    described = [
        _only(entry, {"id", "type", "name", "resultType"})
        for entry in achievement.get("resultDescription", [])
        if entry["id"] in linked
    ]
    return found | ({"resultDescription": described} if described else {})


def _only(members: Json, names: Collection[str]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if name in names}
