"""The kinds of template, and the words of Open Badges 3.0 that a template may use (OB §B.9)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of template starts from; a template may say otherwise."""

    achievement_type: str
    style: str
    orientation: str
    has_courses: bool = False


KINDS = {
    "diploma": Kind("Diploma", "diploma", "landscape"),
    "course": Kind("CertificateOfCompletion", "certificate", "landscape"),
    "badge": Kind("Badge", "badge", "portrait"),
    "licence": Kind("License", "licence", "portrait"),
    "enrolment": Kind("LearningProgram", "plain", "portrait"),
    "transcript": Kind("LearningProgram", "transcript", "portrait", has_courses=True),
}

ACHIEVEMENT_TYPES = (
    "Achievement", "ApprenticeshipCertificate", "Assessment", "Assignment", "AssociateDegree", "Award",
    "Badge", "BachelorDegree", "Certificate", "CertificateOfCompletion", "Certification",
    "CommunityService", "Competency", "Course", "CoCurricular", "Degree", "Diploma", "DoctoralDegree",
    "Fieldwork", "GeneralEducationDevelopment", "JourneymanCertificate", "LearningProgram", "License",
    "Membership", "ProfessionalDoctorate", "QualityAssuranceCredential", "MasterCertificate",
    "MasterDegree", "MicroCredential", "ResearchDoctorate", "SecondarySchoolDiploma",
)  # fmt: skip

RESULT_TYPES = (
    "GradePointAverage", "LetterGrade", "Percent", "PerformanceLevel", "PredictedScore", "RawScore",
    "Result", "RubricCriterion", "RubricCriterionLevel", "RubricScore", "ScaledScore", "Status",
)  # fmt: skip

RESULT_STATUSES = ("Completed", "Enrolled", "Failed", "InProgress", "OnHold", "Provisional", "Withdrew")

SECOND_PROOFS = ("mldsa44-rdfc-2024", "mldsa44-jcs-2024")
"""Cryptosuites of a proof beside the school's first one, which no quantum computer forges."""
