"""The SD-JWT VC types of our records: what each kind is called, and what its claims are called in words."""

from __future__ import annotations

from collections.abc import Mapping

from testamur.credentials.sd_jwt_vc import PERSONAL
from testamur.jsontext import Json

_NAMES: Mapping[str, str] = {
    "diploma": "Diploma",
    "badge": "Badge",
    "course": "Course certificate",
    "enrolment": "Certificate of enrolment",
    "licence": "Licence",
    "record": "Learning record",
}
RECORD_KINDS = tuple(_NAMES)
"""The kinds of templates, and one name for whatever has none."""

_LABELS: Mapping[tuple[str, ...], str] = {
    ("issuer_name",): "Issuer",
    ("name",): "Name",
    ("latin_name",): "Name in Latin letters",
    ("birthdate",): "Date of birth",
    ("student_number",): "Student number",
    ("award", "name"): "Award",
    ("award", "field_of_study"): "Field of study",
    ("award", "specialization"): "Specialization",
    ("awarded",): "Awarded on",
    ("number",): "Number",
    ("results",): "Results",
    ("credits",): "Credits",
    ("started",): "Began on",
    ("ended",): "Ended on",
    ("role",): "Role",
    ("term",): "Term",
}


def kind_metadata(kind: str, vct: str) -> Json:
    """The metadata of one kind (SD-JWT VC §4): its name, and its claims with those the holder may keep back."""
    claims = [
        {
            "path": list(path),
            "display": [{"locale": "en", "label": label}],
            "sd": "allowed" if path[0] in PERSONAL else "never",
        }
        for path, label in _LABELS.items()
    ]
    award = {"path": ["award"], "sd": "never", "mandatory": True}
    name = _NAMES.get(kind, _NAMES["record"])
    return {
        "vct": vct,
        "name": name,
        "display": [{"locale": "en", "name": name}],
        "claims": [award, *claims],
    }
