"""holder, of a record that may carry its holder's signature: an SD-JWT with a key binding (RFC 9901 §7.3)."""

from __future__ import annotations

from testamur.checks.answer import Check, Outcome
from testamur.checks.case import Case
from testamur.checks.policy import Audience
from testamur.errors import EvidenceUnusable, ProofInvalid
from testamur.proofs import Signature, confirmed_key
from testamur.words import say

_CLAUSE = "RFC 9901 §7.3"
_SHOWN = say("Shown by its holder to you, as you asked")


def check_binding(case: Case) -> Check:
    """Pass if the holder's signature holds and was made for whoever asks; fail if one was asked for and is not there.

    Whether one is needed is decided by the question and by the key that the issuer named, never by what was sent.
    """
    binding, audience = case.binding, case.policy.audience
    _check_readers(case, audience)
    if binding is None:
        if audience is not None and "cnf" in case.claims:
            _check_presenter(case)
            return Check("holder", Outcome.PASSED, _SHOWN, clause=_CLAUSE)
        return Check("holder", Outcome.ABSENT, say("It is a record, not a presentation by its holder"))
    if binding.error is not None:
        raise binding.error
    if audience is None:
        raise EvidenceUnusable(
            say("it answers somebody's question, and it is not known whether that was yours")
        )
    _check_answer(case, binding, audience)
    return Check("holder", Outcome.PASSED, _SHOWN, clause=_CLAUSE)


def _check_presenter(case: Case) -> None:
    """A presentation around it is the holder's answer too, if the key that the issuer named signed it."""
    if case.shown_with:
        key = confirmed_key(case.claims, case.resolver.method, case.at).public_key
        if key in case.shown_with:
            return
    raise ProofInvalid(
        say("its holder has not signed it for you; whoever has a copy could send it"), clause=_CLAUSE
    )


def _check_readers(case: Case, audience: Audience | None) -> None:
    """An SD-JWT VC may name for whom it was issued at all (RFC 7519 §4.1.3)."""
    readers = [name for each in case.signatures for name in each.domain] if case.is_sd_jwt_vc else []
    if not readers:
        return
    if audience is None or not audience.domain:
        raise EvidenceUnusable(
            say("it was issued for {reader} only, and it is not known who asks", reader=readers[0][:120])
        )
    if audience.domain not in readers:
        raise ProofInvalid(
            say("it was issued for {reader}, not for {you}", reader=readers[0][:120], you=audience.domain),
            clause="RFC 7519 §4.1.3",
        )


def _check_answer(case: Case, binding: Signature, audience: Audience) -> None:
    if audience.domain and binding.domain != (audience.domain,):
        raise ProofInvalid(
            say("it was made for {reader}, not for {you}", reader=binding.domain[0], you=audience.domain),
            clause=_CLAUSE,
        )
    if audience.challenge and binding.challenge != audience.challenge:
        raise ProofInvalid(say("it does not answer the question that was asked"), clause=_CLAUSE)
    made, policy = binding.created, case.policy
    if made is None or made - case.at > policy.clock_skew:
        raise ProofInvalid(say("the holder's signature is dated in the future"), clause=_CLAUSE)
    if case.at - made > policy.max_binding_age:
        raise ProofInvalid(say("the holder signed it on {day}, too long ago", day=made), clause=_CLAUSE)
