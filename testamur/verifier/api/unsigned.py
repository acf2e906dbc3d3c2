"""A presentation without a proof: only what it holds is verified (VCALM §3.3.2, ``presentation``)."""

from __future__ import annotations

from collections.abc import Collection

from testamur.checks import Report
from testamur.errors import Malformed
from testamur.jsontext import Json
from testamur.proofs import is_envelope
from testamur.verifier.api.answers import Wanted, presentation_answer
from testamur.verifier.api.instance import Asked
from testamur.verifier.api.verdicts import is_verified, objections

_OWN = ("proof", "holder")


def unsigned_answer(
    report: Report, sent: Json, asked: Asked, wanted: Wanted, excuse: Collection[str]
) -> Json:
    """The answer for an unsigned presentation; raises Malformed where it has a proof or answers a question."""
    if "proof" in sent or is_envelope(sent) or asked.audience is not None:
        raise Malformed(
            "presentation",
            "a presentation with a proof goes under verifiablePresentation",
            clause="VCALM §3.3.2",
        )
    own = [check for check in objections(report, asked, excuse) if check.name not in _OWN]
    held = bool(report.inner) and all(is_verified(inner, asked.of_inner, excuse) for inner in report.inner)
    answer = presentation_answer(report, sent, asked, wanted, excuse)
    if not own and held:
        answer |= {"verified": True, "problemDetails": []}
    return answer
