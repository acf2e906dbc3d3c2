"""holder: whether a presentation was made by its holder, for the one who asked and in answer to the question."""

from __future__ import annotations

from collections.abc import Sequence

from testamur.checks.answer import Check, Outcome
from testamur.checks.binding import check_binding
from testamur.checks.case import Case
from testamur.checks.policy import Audience
from testamur.errors import EvidenceUnusable, ProofInvalid
from testamur.proofs import Signature
from testamur.words import say

_DOMAIN = "https://w3id.org/security#INVALID_DOMAIN_ERROR"
_CHALLENGE = "https://w3id.org/security#INVALID_CHALLENGE_ERROR"
_CLAUSE = "VC-DI §4.4"


def check_holder(case: Case) -> Check:
    """Pass if a signature of the holder was made for this audience; without one asked for, if it names none."""
    if not case.document.is_presentation:
        return check_binding(case)
    own = case.held
    if not own:
        raise EvidenceUnusable(say("no signature of the holder could be relied on"))
    audience = case.policy.audience
    if audience is None:
        return _unasked(case, own)
    errors = [error for signature in own if (error := _mismatch(signature, audience))]
    if len(errors) == len(own):
        raise errors[0]
    sentence = say("Presented by {holder} to you, as you asked", holder=_holder(case))
    return Check("holder", Outcome.PASSED, sentence, clause=_CLAUSE)


def _holder(case: Case) -> str:
    return case.author or say("a holder it does not name")


def _unasked(case: Case, own: Sequence[Signature]) -> Check:
    if any(signature.domain or signature.challenge for signature in own):
        raise EvidenceUnusable(
            say("it answers somebody's question, and it is not known whether that was yours")
        )
    sentence = say(
        "Presented by {holder}, to nobody in particular; a copy of it would look the same",
        holder=_holder(case),
    )
    return Check("holder", Outcome.PASSED, sentence, clause=_CLAUSE)


def _mismatch(signature: Signature, audience: Audience) -> ProofInvalid | None:
    if audience.domain and signature.domain != (audience.domain,):
        made_for = ", ".join(signature.domain) or say("nobody in particular")
        return ProofInvalid(
            say("it was made for {reader}, not for {you}", reader=made_for, you=audience.domain),
            clause=_CLAUSE,
            problem=_DOMAIN,
        )
    if audience.challenge and signature.challenge != audience.challenge:
        return ProofInvalid(
            say("it does not answer the question that was asked"), clause=_CLAUSE, problem=_CHALLENGE
        )
    return None
