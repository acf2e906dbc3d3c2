"""Which further forms the records of a template can have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from testamur.credentials.clr import NOT_IN_PART

if TYPE_CHECKING:
    from testamur.credentials.template import Template

FURTHER_FORMS = (
    "ecdsa-sd-2023", "bbs-2023", "dc+sd-jwt", "vc+sd-jwt", "vc+jwt", "vc+cose", "jwt_vc_json",
)  # fmt: skip
"""Forms of a record beside full and paper, as ``forming`` makes them."""

IN_PART = ("ecdsa-sd-2023", "bbs-2023", "dc+sd-jwt", "vc+sd-jwt")
"""Those of which a holder can show a part."""


def why_not(template: Template, form: str) -> str:
    """Why the records of a template have no such form; "" where they can have it."""
    if template.courses is not None and form in IN_PART:
        return f"{form} is not made of a transcript: {NOT_IN_PART}"
    named = any(column.required and column.goes_to == "holder.id" for column in template.columns)
    if form == "jwt_vc_json" and not named:
        return "jwt_vc_json names its holder by an id: a required column must go to holder.id"
    return ""
