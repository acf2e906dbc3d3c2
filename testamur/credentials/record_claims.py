"""A record of ours as the claims of an SD-JWT VC: plain names that a wallet can ask for one by one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from testamur.credentials.facts import facts
from testamur.credentials.members import first, objects, text
from testamur.credentials.template_fill import BIRTH_DATE
from testamur.jsontext import Json
from testamur.times import parse_instant, to_epoch

_AWARD = {
    "name": "name",
    "type": "achievementType",
    "field_of_study": "fieldOfStudy",
    "specialization": "specialization",
    "code": "humanCode",
    "language": "inLanguage",
    "description": "description",
    "credits_available": "creditsAvailable",
}
_SUBJECT = {
    "number": "licenseNumber",
    "credits": "creditsEarned",
    "narrative": "narrative",
    "role": "role",
    "term": "term",
}


def record_claims(document: Json, *, vct: str, iss: str, status: Json | None = None) -> Json:
    """The claims of a record: who, what, when, with which result; ``status`` is the claim of that name."""
    said = facts(document)
    subject = first(document.get("credentialSubject"))
    claims: Json = {
        "vct": vct,
        "iss": iss,
        "jti": said.id,
        "nbf": _seconds(document, "validFrom"),
        "exp": _seconds(document, "validUntil"),
        "status": status,
        "sub": subject.get("id"),
        "issuer_name": said.issuer_name,
        "name": said.holder,
        "latin_name": said.holder_latin,
        "birthdate": _identity(subject, BIRTH_DATE),
        "student_number": _identity(subject, "sourcedId"),
        "award": _present(
            (name, _plain(first(subject.get("achievement")).get(member))) for name, member in _AWARD.items()
        ),
        "awarded": said.awarded if "awardedDate" in document else "",
        "started": _plain(subject.get("activityStartDate"))[:10],
        "ended": _plain(subject.get("activityEndDate"))[:10],
        "results": _results(subject),
    }
    claims |= {name: subject.get(member) for name, member in _SUBJECT.items()}
    return _present(claims.items())


def _results(subject: Json) -> list[Json]:
    names = {
        described.get("id"): text(described.get("name"))
        for described in objects(first(subject.get("achievement")).get("resultDescription"))
    }
    found = []
    for result in objects(subject.get("result")):
        value = result.get("value", result.get("status"))
        found.append(_present({"name": names.get(result.get("resultDescription")), "value": value}.items()))
    return [result for result in found if "value" in result]


def _identity(subject: Json, kind: str) -> str:
    """A number or a day of the person's, where it stands unhashed."""
    for entry in objects(subject.get("identifier")):
        if entry.get("identityType") == kind and entry.get("hashed") is False:
            return text(entry.get("identityHash"))
    return ""


def _seconds(document: Json, name: str) -> int | None:
    return to_epoch(parse_instant(document[name], name)) if name in document else None


def _plain(value: Any) -> Any:
    return value if isinstance(value, int | float) else text(value)


def _present(members: Iterable[tuple[str, Any]]) -> Json:
    return {name: value for name, value in members if value is not None and value not in ("", [], {})}
