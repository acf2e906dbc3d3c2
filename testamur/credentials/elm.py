"""A record as the European Learning Model 3 has it, for readers of European Digital Credentials; never sealed.

ELM is another vocabulary in a credential of VCDM 1.1 shape. What is made here says what the record says, by
the same issuer, and is not signed: a European credential is sealed with a certificate (JAdES), which is not
done here.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from testamur.credentials.clauses import V1
from testamur.credentials.clr import held_by
from testamur.credentials.elm_concepts import (
    concept,
    country_concept,
    eqf_concept,
    isced_concept,
    language_concept,
)
from testamur.credentials.facts import Facts, facts, leading
from testamur.credentials.members import first, identifier, objects, text, types, values
from testamur.errors import Malformed
from testamur.jsontext import Json

ELM_CONTEXT = "http://data.europa.eu/snb/model/context/edc-ap"
NOT_SEALED = (
    "Not sealed: an export of the record {id}, whose own signature proves it. This file proves nothing."
)
_PROFILE = "http://data.europa.eu/snb/model/ap/edc-generic-full"


def to_elm(record: Json, *, language: str = "en", country: str = "", credits_are_ects: bool = False) -> Json:
    """The unsealed European Digital Credential of an Open Badge or a learner record; raises Malformed for others.

    ``country`` (three letters, ISO 3166-1) says where the issuer is, which no record says.
    """
    if not {"OpenBadgeCredential", "AchievementCredential", "ClrCredential"} & set(types(record)):
        raise Malformed(
            "type", "only Open Badges and learner records have a form in the European Learning Model"
        )
    return _Writing(record, language, country, credits_are_ects).document()


@dataclass
class _Writing:
    """One record on its way; things get ids in the order they are written, as the model's own tools do."""

    record: Json
    language: str
    country: str
    is_ects: bool
    numbers: Counter[str] = field(default_factory=Counter)

    def document(self) -> Json:
        said = facts(self.record)
        whole = leading(self.record) or self.record
        organisation = self._organisation(said)
        claim = self._achievement(whole, organisation)
        parts = [
            self._achievement(held, organisation)
            for held in held_by(self.record)
            if isinstance(held, dict) and held.get("id") != whole.get("id") and "credentialSubject" in held
        ]
        issued = text(self.record.get("validFrom")) or text(self.record.get("issuanceDate"))
        until = text(self.record.get("validUntil")) or text(self.record.get("expirationDate"))
        return _said(
            {
                "@context": [V1, ELM_CONTEXT],
                "id": f"urn:credential:{uuid.uuid5(uuid.NAMESPACE_URL, said.id)}",
                "type": ["VerifiableCredential", "EuropeanDigitalCredential"],
                "credentialProfiles": concept("credential-profile", "generic"),
                "credentialSchema": {"id": _PROFILE, "type": "ShaclValidator2017"},
                "identifier": self._thing("Identifier", schemeName="Record", notation=said.id),
                "displayParameter": self._display(said),
                "issuer": organisation,
                "issuanceDate": issued,
                "validFrom": issued,
                "expirationDate": until,
                "validUntil": until,
                "credentialSubject": self._person(said, claim | _said({"hasPart": parts})),
            }
        )

    def _display(self, said: Facts) -> Json:
        spoken = language_concept(self.language)
        return self._thing(
            "DisplayParameter",
            title=self._words(said.award),
            description=self._words(NOT_SEALED.format(id=said.id)),
            primaryLanguage=spoken,
            language=spoken,
        )

    def _person(self, said: Facts, claim: Json) -> Json:
        subject = first(self.record.get("credentialSubject"))
        names = {self.language: said.holder} | ({"en": said.holder_latin} if said.holder_latin else {})
        if said.holder_latin and self.language == "en":
            names = {"en": said.holder_latin, "und": said.holder}
        known = {text(item.get("identityType")): item for item in objects(subject.get("identifier"))}
        birth, number = (
            text(known[kind].get("identityHash"))
            if kind in known and known[kind].get("hashed") is False
            else ""
            for kind in ("ext:birthDate", "sourcedId")
        )
        return self._thing(
            "Person",
            fullName=names if said.holder else None,
            dateOfBirth=f"{birth}T00:00:00Z" if birth else None,
            identifier=self._thing("Identifier", schemeName="Student number", notation=number)
            if number
            else None,
            hasClaim=claim,
        )

    def _organisation(self, said: Facts) -> Json:
        site = text(first(self.record.get("issuer")).get("url"))
        address = {"countryCode": country_concept(self.country)} if self.country else None
        return self._thing(
            "Organisation",
            legalName=self._words(said.issuer_name or said.issuer),
            identifier=self._thing("Identifier", schemeName="DID", notation=said.issuer),
            homepage=self._thing("WebResource", contentURL=site) if site else None,
            location=self._thing("Location", address=self._thing("Address", **address)) if address else None,
        )

    def _achievement(self, held: Json, organisation: Json) -> Json:
        said = facts(held)
        subject = first(held.get("credentialSubject"))
        made = first(subject.get("achievement"))
        day = text(held.get("awardedDate")) or text(held.get("validFrom")) or text(held.get("issuanceDate"))
        owner = identifier(held.get("issuer"))
        body = organisation if owner in ("", identifier(self.record.get("issuer"))) else self._other(held)
        notes = [f"{said.credits} credits"] if said.credits and not self.is_ects else []
        notes += [text(subject.get("term"))] if text(subject.get("term")) else []
        return self._thing(
            "LearningAchievement",
            title=self._words(text(made.get("name")) or said.award),
            description=self._words(_other_than_name(made)),
            awardedBy=self._thing("AwardingProcess", awardingBody=body, awardingDate=day),
            provenBy=[self._assessment(item, made) for item in objects(subject.get("result"))],
            creditReceived=self._credits(said.credits),
            additionalNote=[self._note(note) for note in notes],
            specifiedBy=self._specification(made),
        )

    def _other(self, held: Json) -> Json:
        said = facts(held)
        return self._thing("Organisation", legalName=self._words(said.issuer_name or said.issuer))

    def _specification(self, made: Json) -> Json:
        alignments = objects(made.get("alignment"))
        level = next(filter(None, map(eqf_concept, alignments)), None)
        code = text(made.get("humanCode"))
        taught = text(made.get("inLanguage"))
        return self._thing(
            "Qualification" if level else "LearningAchievementSpecification",
            title=self._words(text(made.get("name"))),
            identifier=self._thing("Identifier", schemeName="Code", notation=code) if code else None,
            eqfLevel=level,
            thematicArea=[found for item in alignments if (found := isced_concept(item))],
            language=language_concept(taught) if taught else None,
            creditPoint=self._credits(_number(made.get("creditsAvailable"))),
        )

    def _assessment(self, result: Json, made: Json) -> Json:
        described = {
            identifier(item): text(item.get("name")) for item in objects(made.get("resultDescription"))
        }
        name = described.get(text(result.get("resultDescription"))) or "Result"
        grade = text(result.get("value")) or text(result.get("status"))
        return self._thing(
            "LearningAssessment", title=self._words(name), grade=self._note(grade) if grade else None
        )

    def _credits(self, amount: str) -> Json | None:
        if not amount or not self.is_ects:
            return None
        return self._thing("CreditPoint", framework=concept("education-credit", "ects"), point=amount)

    def _note(self, words: str) -> Json:
        return self._thing("Note", noteLiteral=self._words(words))

    def _words(self, words: str) -> Json | None:
        return {self.language: words} if words else None

    def _thing(self, kind: str, **members: Any) -> Json:
        self.numbers[kind] += 1
        name = f"urn:epass:{kind[:1].lower()}{kind[1:]}:{self.numbers[kind]}"
        return {"id": name, "type": kind} | _said(members)


def _other_than_name(made: Json) -> str:
    description = text(made.get("description"))
    return "" if description == text(made.get("name")) else description


def _number(value: Any) -> str:
    found = next((item for item in values(value) if type(item) in (int, float)), None)
    return "" if found is None else f"{found:g}"


def _said(members: Mapping[str, Any]) -> Json:
    return {name: value for name, value in members.items() if value not in (None, "", [], {})}
