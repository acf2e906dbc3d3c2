"""The classes of Open Badges 3.0 as a table: what each must have, and which class its members are of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_EXTENSION = re.compile(r"ext:[A-Za-z0-9._|-]+")


def vocabulary(words: str) -> frozenset[str]:
    """The words of a list in one text."""
    return frozenset(words.split())


ACHIEVEMENT_TYPES = vocabulary(
    "Achievement ApprenticeshipCertificate Assessment Assignment AssociateDegree Award Badge BachelorDegree "
    "Certificate CertificateOfCompletion Certification CoCurricular CommunityService Competency Course Degree "
    "Diploma DoctoralDegree Fieldwork GeneralEducationDevelopment JourneymanCertificate LearningProgram License "
    "MasterCertificate MasterDegree Membership MicroCredential ProfessionalDoctorate "
    "QualityAssuranceCredential ResearchDoctorate SecondarySchoolDiploma"
)
RESULT_TYPES = vocabulary(
    "GradePointAverage LetterGrade Percent PerformanceLevel PredictedScore RawScore Result RubricCriterion "
    "RubricCriterionLevel RubricScore ScaledScore Status"
)
RESULT_STATUSES = vocabulary("Completed Enrolled Failed InProgress OnHold Provisional Withdrew")
TARGET_TYPES = vocabulary(
    "ceasn:Competency ceterms:Credential CFItem CFRubric CFRubricCriterion CFRubricCriterionLevel CTDL"
)
ASSOCIATION_TYPES = vocabulary(
    "exactMatchOf isChildOf isParentOf isPartOf isPeerOf isRelatedTo precedes replacedBy"
)
CLOSED = (RESULT_STATUSES, ASSOCIATION_TYPES)
"""Vocabularies that no issuer can add a word to."""


def is_word(value: Any, vocabulary: frozenset[str]) -> bool:
    """Whether a vocabulary has this word, or may have it as an extension."""
    if not isinstance(value, str):
        return False
    return value in vocabulary or (vocabulary not in CLOSED and bool(_EXTENSION.fullmatch(value)))


IDENTIFIER_TYPES = vocabulary(
    "accountId emailAddress identifier isbn issn lisSourcedId ltiContextId ltiDeploymentId ltiPlatformId "
    "ltiToolId ltiUserId name nationalIdentityNumber oneRosterSourcedId productId sisSourcedId sourcedId "
    "systemId userName"
)


@dataclass(frozen=True, slots=True)
class BadgeClass:
    """One class: the members it must have, those of another class, of a vocabulary, or that are URLs."""

    required: tuple[str, ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict)  # member → class
    words: Mapping[str, frozenset[str]] = field(default_factory=dict)  # member → vocabulary
    urls: tuple[str, ...] = ("id",)
    typed: bool = True  # its type must contain the name of the class
    only: frozenset[str] = frozenset()  # the members it may have; empty: others too
    needed: frozenset[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "needed", frozenset(self.required))


_PROFILE_PARTS = {
    "endorsement": "EndorsementCredential",
    "image": "Image",
    "address": "Address",
    "otherIdentifier": "IdentifierEntry",
    "parentOrg": "Profile",
}

CLASSES: Mapping[str, BadgeClass] = {
    "AchievementCredential": BadgeClass(
        required=("id",),
        parts={
            "issuer": "Profile",
            "image": "Image",
            "credentialSubject": "AchievementSubject",
            "endorsement": "EndorsementCredential",
            "evidence": "Evidence",
        },
        typed=False,
    ),
    "ClrCredential": BadgeClass(
        required=("id", "name"),
        parts={
            "issuer": "Profile",
            "image": "Image",
            "credentialSubject": "ClrSubject",
            "endorsement": "EndorsementCredential",
            "evidence": "Evidence",
        },
        typed=False,
    ),
    "ClrSubject": BadgeClass(
        parts={"identifier": "IdentityObject", "achievement": "Achievement", "association": "Association"},
    ),
    "Association": BadgeClass(
        required=("associationType", "sourceId", "targetId"),
        words={"associationType": ASSOCIATION_TYPES},
        urls=("sourceId", "targetId"),
        only=frozenset(("type", "associationType", "sourceId", "targetId")),
    ),
    "EndorsementCredential": BadgeClass(
        required=("id", "name"),
        parts={"issuer": "Profile", "credentialSubject": "EndorsementSubject", "evidence": "Evidence"},
        typed=False,
    ),
    "AchievementSubject": BadgeClass(
        required=("achievement",),
        parts={
            "achievement": "Achievement",
            "identifier": "IdentityObject",
            "image": "Image",
            "result": "Result",
            "source": "Profile",
        },
    ),
    "EndorsementSubject": BadgeClass(required=("id",)),
    "Achievement": BadgeClass(
        required=("id", "criteria", "description", "name"),
        parts={
            "alignment": "Alignment",
            "creator": "Profile",
            "criteria": "Criteria",
            "endorsement": "EndorsementCredential",
            "image": "Image",
            "otherIdentifier": "IdentifierEntry",
            "related": "Related",
            "resultDescription": "ResultDescription",
        },
        words={"achievementType": ACHIEVEMENT_TYPES},
    ),
    "Criteria": BadgeClass(typed=False),
    "Profile": BadgeClass(required=("id",), parts=_PROFILE_PARTS, urls=("id", "url")),
    "Address": BadgeClass(parts={"geo": "GeoCoordinates"}),
    "GeoCoordinates": BadgeClass(required=("latitude", "longitude")),
    "Image": BadgeClass(required=("id",), only=frozenset(("id", "type", "caption"))),
    "Alignment": BadgeClass(
        required=("targetName", "targetUrl"), words={"targetType": TARGET_TYPES}, urls=("id", "targetUrl")
    ),
    "Evidence": BadgeClass(),
    "Related": BadgeClass(required=("id",)),
    "Result": BadgeClass(
        parts={"alignment": "Alignment"},
        words={"status": RESULT_STATUSES},
        urls=("achievedLevel", "resultDescription"),
    ),
    "ResultDescription": BadgeClass(
        required=("id", "name", "resultType"),
        parts={"alignment": "Alignment", "rubricCriterionLevel": "RubricCriterionLevel"},
        words={"resultType": RESULT_TYPES},
        urls=("id", "requiredLevel"),
    ),
    "RubricCriterionLevel": BadgeClass(required=("id", "name"), parts={"alignment": "Alignment"}),
    "IdentityObject": BadgeClass(
        required=("hashed", "identityHash", "identityType"),
        words={"identityType": IDENTIFIER_TYPES},
        only=frozenset(("type", "hashed", "identityHash", "identityType", "salt")),
    ),
    "IdentifierEntry": BadgeClass(
        required=("identifier", "identifierType"),
        words={"identifierType": IDENTIFIER_TYPES},
        only=frozenset(("type", "identifier", "identifierType")),
    ),
}
