"""Whether a report comes to ``verified``: no check failed, and none required is undecided unless that is excused."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from testamur.checks import Check, Outcome, Report
from testamur.verifier.api.instance import Asked

_OF_CREDENTIALS = ("form", "proof", "dates", "status", "issuer")
_OF_PRESENTATIONS = ("form", "proof", "dates", "holder")
_UNDECIDED = (Outcome.UNKNOWN, Outcome.SKIPPED)
_PURPOSES = {True: "authentication", False: "assertionMethod"}


def is_verified(report: Report, asked: Asked, excuse: Collection[str]) -> bool:
    """Whether everything that was asked of a document, and of what it presents, was answered well."""
    if any(True for _ in objections(report, asked, excuse)) or has_doubts(report):
        return False
    return all(is_verified(inner, asked.of_inner, excuse) for inner in report.inner)


def objections(report: Report, asked: Asked, excuse: Collection[str]) -> Iterator[Check]:
    """The checks of a document itself that speak against it."""
    required = _OF_PRESENTATIONS if report.is_presentation else _OF_CREDENTIALS
    for check in report.checks:
        if check.outcome is Outcome.FAILED or (
            check.outcome in _UNDECIDED and check.name in required and check.name not in excuse
        ):
            yield check
    yield from _unmet(report, asked)


def has_doubts(report: Report) -> bool:
    """Whether anything in it is doubtful; that a presentation holds nothing is not: it is as good as its proof."""
    is_empty = report.is_presentation and not report.claims.get("verifiableCredential")
    return bool(report.doubts) and not is_empty


def _unmet(report: Report, asked: Asked) -> Iterator[Check]:
    """What a request asked of the proof itself and the proof does not meet (VC-DI §4.4)."""
    purpose = _PURPOSES[report.is_presentation]
    if asked.purpose not in ("", purpose):
        yield _failed(
            f"It was signed for {purpose}, not for {asked.purpose!r:.60}", "PROOF_VERIFICATION_ERROR"
        )
    if asked.audience is None or report.is_presentation:
        return  # the check of the holder asks it of presentations
    held = [signature for signature in report.signatures if signature.holds]
    domain, challenge = asked.audience.domain, asked.audience.challenge
    if domain and not any(signature.domain == (domain,) for signature in held):
        yield _failed(f"It was not signed for {domain!r:.80}", "INVALID_DOMAIN_ERROR")
    if challenge and not any(signature.challenge == challenge for signature in held):
        yield _failed("It does not answer the question that was asked", "INVALID_CHALLENGE_ERROR")


def _failed(sentence: str, problem: str) -> Check:
    return Check("proof", Outcome.FAILED, sentence, f"https://w3id.org/security#{problem}", "VC-DI §4.4")
