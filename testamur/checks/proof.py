"""proof: whether the issuer signed this, with a key that was allowed to, and every signature holds."""

from __future__ import annotations

from collections.abc import Sequence

from testamur.checks.answer import Check, Headline, Outcome
from testamur.checks.case import Case
from testamur.checks.compromise import doubt_about
from testamur.did import did_of
from testamur.errors import KeyNotAuthorized, ProofInvalid, TestamurError, Undecided
from testamur.proofs import Signature
from testamur.words import Day, because, joined, say

_CLAUSE = "VC-DI §4.4"


def check_proof(case: Case) -> Check:
    """Pass only if a signature by a key of the author, listed for the purpose, holds.

    A signature that fails rejects, whoever made it. One that cannot be checked or that somebody else
    made is named and never counts.
    """
    if isinstance(case.opened, TestamurError):
        raise case.opened
    if not case.signatures:
        raise ProofInvalid(say("it carries no proof at all"), clause=_CLAUSE)
    if not case.author and case.policy.author_bound:
        raise ProofInvalid(_of_nobody(case), clause="VCDM §4.7")
    for signature in case.signatures:
        _must_not_fail(signature)
    own = [signature for signature in case.signatures if _is_own(signature, case)]
    for signature in own:
        _must_be_in_time(signature, case)
    held = [signature for signature in own if signature.holds]
    if not held:
        return _nobody_counts(case, own)
    for signature in held:
        _must_be_for_this_use(signature, case)
    if late := [signature for signature in held if signature.expires and signature.expires <= case.at]:
        return _expired(late[0])
    return _passed(case, held)


def _of_nobody(case: Case) -> str:
    if case.document.is_presentation:
        return say("it names no holder, so nobody could have signed it")
    return say("it names no issuer, so nobody could have signed it")


def _passed(case: Case, held: Sequence[Signature]) -> Check:
    doubts = [_doubt(signature, case) for signature in held]
    believed = [signature for signature, doubt in zip(held, doubts, strict=True) if doubt is None]
    for doubt in doubts:
        if doubt is not None and not believed:
            raise doubt
    others = [signature for signature in case.signatures if signature not in held]
    sentences = [_signed(believed[0], case), *(_aside(signature, case) for signature in others)]
    return Check("proof", Outcome.PASSED, joined("; ", sentences), clause=_CLAUSE)


def _is_own(signature: Signature, case: Case) -> bool:
    return not case.policy.author_bound or _controller(signature) == case.author


def _must_not_fail(signature: Signature) -> None:
    if signature.error is not None and not isinstance(signature.error, Undecided):
        raise signature.error


def _must_be_in_time(signature: Signature, case: Case) -> None:
    if signature.created and signature.created - case.at > case.policy.clock_skew:
        late = say("the signature is dated {day}, in the future", day=Day(signature.created))
        raise ProofInvalid(late, clause=_CLAUSE)


def _must_be_for_this_use(signature: Signature, case: Case) -> None:
    if signature.method and signature.method.use == "status" and not case.is_evidence:
        raise KeyNotAuthorized(
            say("{key} may sign status lists only, not a record", key=signature.method.id), clause="CID §3.3"
        )


def _expired(signature: Signature) -> Check:
    when = Day(signature.expires) if signature.expires else ""
    sentence = say("The signature was good until {day}", day=when)
    return Check("proof", Outcome.FAILED, sentence, headline=Headline.EXPIRED, clause=_CLAUSE)


def _doubt(signature: Signature, case: Case) -> Undecided | None:
    return doubt_about(case, signature.method) if signature.method else None


def _nobody_counts(case: Case, own: Sequence[Signature]) -> Check:
    for signature in own:
        if signature.error is not None:
            raise signature.error
    unknown = [signature.error for signature in case.signatures if not signature.verification_method]
    for error in unknown:
        if error is not None:
            raise error
    signers = ", ".join(dict.fromkeys(_controller(signature) for signature in case.signatures))
    raise ProofInvalid(
        say(
            "it is signed by {signers}, not by {author}, who is said to have made it",
            signers=signers,
            author=case.author,
        ),
        clause=_CLAUSE,
    )


def _controller(signature: Signature) -> str:
    """Whose key it is: as the document found says, else as the name of the key says."""
    if signature.method is not None:
        return signature.method.controller
    return did_of(signature.verification_method)


def _signed(signature: Signature, case: Case) -> str:
    said = _when(signature, case)
    version = signature.method.version.partition("-")[0] if signature.method else ""
    said = joined(", ", (said, _place(version))) if version else said
    if _controller(signature) != case.author:
        return joined(", ", (said, say("who is not the author it names")))
    return joined("; ", (said, say("its holder may have left members out"))) if case.may_lack else said


def _place(version: str) -> str:
    return say("with a key in version {version} of its history", version=version)


def _when(signature: Signature, case: Case) -> str:
    issuer, algorithm, when = _controller(signature), signature.algorithm, signature.created
    if when is None:
        return say("Signed by {issuer} ({algorithm})", issuer=issuer, algorithm=algorithm)
    return say("Signed by {issuer} on {day} ({algorithm})", issuer=issuer, day=Day(when), algorithm=algorithm)


def _aside(signature: Signature, case: Case) -> str:
    who = _controller(signature) or say("somebody who is not named")
    if signature.error is not None:
        return because(
            say("a further signature by {who} could not be checked", who=who), signature.error.message
        )
    return say(
        "also signed by {who}, which does not count as the word of {issuer}", who=who, issuer=case.author
    )
