"""The values of one row become an unsecured Open Badges 3.0 credential (OB §B.1, VCDM 2.0)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from testamur.credentials.award import Result
from testamur.credentials.cells import Value
from testamur.jsontext import Json
from testamur.times import write_instant

if TYPE_CHECKING:
    from testamur.credentials.template import Template

CONTEXTS = (
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
)
BIRTH_DATE = "ext:birthDate"
"""The ``identityType`` of a birth date; Open Badges has no word for it and lets issuers add one."""

SUBJECT_PLACES = {
    "activityStartDate": "started",
    "activityEndDate": "ended",
    "creditsEarned": "credits",
    "licenseNumber": "number",
    "narrative": "narrative",
    "role": "role",
    "term": "term",
}


@dataclass(frozen=True, slots=True)
class Filling:
    """A template, the values of a row, and who issues when."""

    template: Template
    values: Mapping[str, Value]
    issuer_id: str
    issuer_name: str
    issuer_url: str
    record_id: str
    at: datetime

    def document(self) -> Json:
        """The credential; members that would be empty are left out."""
        return present(
            {
                "@context": list(CONTEXTS),
                "id": self.record_id,
                "type": ["VerifiableCredential", "OpenBadgeCredential"],
                "issuer": self._issuer(),
                "validFrom": write_instant(self.at),
                "validUntil": self._valid_until(),
                "awardedDate": self._moment("awarded"),
                "name": self._award("name"),
                "credentialSubject": self._subject(),
                "relatedResource": [self._look()],
            }
        )

    def _issuer(self) -> Json:
        return present(
            {"id": self.issuer_id, "type": ["Profile"], "name": self.issuer_name, "url": self.issuer_url}
        )

    def _subject(self) -> Json:
        members: dict[str, Any] = {
            "id": self.values.get("holder.id"),
            "type": ["AchievementSubject"],
            "identifier": self._identifiers(),
        }
        for member, place in SUBJECT_PLACES.items():
            dated = place in ("started", "ended")
            members[member] = self._moment(place) if dated else self.values.get(place)
        members["result"] = [self._result(result) for result in self._results()]
        members["achievement"] = self._achievement()
        return present(members)

    def _identifiers(self) -> list[Json]:
        """The name in its own script first, then the Latin one; readers rely on the order."""
        plain = (
            ("holder.name", "name"),
            ("holder.latin_name", "name"),
            ("holder.birth_date", BIRTH_DATE),
            ("holder.student_number", "sourcedId"),
        )
        found = [
            {
                "type": "IdentityObject",
                "identityHash": self.values[place],
                "identityType": kind,
                "hashed": False,
            }
            for place, kind in plain
            if place in self.values and not self._same_name(place)
        ]
        return found + ([self._email()] if "holder.email" in self.values else [])

    def _same_name(self, place: str) -> bool:
        return place == "holder.latin_name" and self.values[place] == self.values.get("holder.name")

    def _email(self) -> Json:
        """A salted digest (OB §B.8.3); the salt is the record's own id, so that no two digests are alike."""
        salt = self.record_id.rpartition(":")[2]
        digest = sha256((str(self.values["holder.email"]).lower() + salt).encode("utf-8")).hexdigest()
        return {
            "type": "IdentityObject",
            "identityHash": f"sha256${digest}",
            "identityType": "emailAddress",
            "hashed": True,
            "salt": salt,
        }

    def _achievement(self) -> Json:
        award = self.template.award
        return present(
            {
                "id": self._achievement_id(),
                "type": ["Achievement"],
                "achievementType": award.type,
                "name": self._award("name"),
                "description": self._award("description") or self._award("name"),
                "criteria": present({"id": self.link(award.criteria_url), "narrative": award.criteria}),
                "humanCode": self._award("code"),
                "fieldOfStudy": self._award("field"),
                "specialization": self._award("specialization"),
                "inLanguage": self._award("language"),
                "creditsAvailable": award.credits,
                "image": self._image(),
                "alignment": [
                    present(
                        {
                            "type": ["Alignment"],
                            "targetName": alignment.name,
                            "targetUrl": self.link(alignment.url),
                            "targetFramework": alignment.framework,
                            "targetCode": alignment.code,
                        }
                    )
                    for alignment in award.alignments
                ],
                "resultDescription": [
                    described(result, self._result_id(result)) for result in self._results()
                ],
            }
        )

    def _image(self) -> Json | None:
        award = self.template.award
        if not award.image:
            return None
        return present({"id": self.link(award.image), "type": "Image", "caption": award.image_caption})

    def _results(self) -> list[Result]:
        """The results that this row has: with a value of its own, or the one that all rows have."""
        return [
            found for found in self.template.results if found.value or f"result.{found.key}" in self.values
        ]

    def _result(self, result: Result) -> Json:
        value = str(self.values.get(f"result.{result.key}", result.value))
        member = "status" if result.type == "Status" else "value"
        return {"type": ["Result"], "resultDescription": self._result_id(result), member: value}

    def _achievement_id(self) -> str:
        """The same for every record of one award of one version of a template (RFC 9562 §5.5)."""
        parts = [self.issuer_id, self.template.title, str(self.template.version)]
        parts += [self._award(part) for part in ("name", "code", "field", "specialization")]
        return uuid.uuid5(uuid.NAMESPACE_URL, "\n".join(parts)).urn

    def _result_id(self, result: Result) -> str:
        return uuid.uuid5(uuid.UUID(self._achievement_id()), result.key).urn

    def _award(self, part: str) -> str:
        return str(self.values.get(f"award.{part}") or getattr(self.template.award, part))

    def link(self, link: str) -> str:
        """A link that begins with "/" is a page of the issuer's own site."""
        return self.issuer_url.rstrip("/") + link if link.startswith("/") else link

    def _look(self) -> Json:
        digest = self.template.look.digest
        return {
            "id": self.link(f"/looks/{digest}.json"),
            "digestMultibase": digest,
            "mediaType": "application/json",
        }

    def _moment(self, place: str) -> str | None:
        return f"{self.values[place]}T00:00:00Z" if place in self.values else None

    def _valid_until(self) -> str | None:
        """The last second, in UTC, of the last day."""
        last = self.values.get("valid_until") or self.template.valid_until
        if not last and self.template.valid_years:
            first = date.fromisoformat(str(self.values.get("awarded") or write_instant(self.at)[:10]))
            last = _years_later(first, self.template.valid_years).isoformat()
        return f"{last}T23:59:59Z" if last else None


def described(result: Result, name: str) -> Json:
    """How a result is to be read (OB §B.1.17), under this id."""
    statuses = result.type == "Status"
    return present(
        {
            "id": name,
            "type": ["ResultDescription"],
            "name": result.name,
            "resultType": result.type,
            "allowedValue": [] if statuses else list(result.allowed),
            "requiredValue": result.required,
            "valueMin": result.minimum,
            "valueMax": result.maximum,
        }
    )


def _years_later(day: date, years: int) -> date:
    leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + years, day=28 if leap_day else day.day)


def present(members: Mapping[str, Any]) -> Json:
    """The members that say something; nulls and empty lists are not Open Badges JSON (OB §6)."""
    return {name: value for name, value in members.items() if value is not None and value not in ("", [], {})}
