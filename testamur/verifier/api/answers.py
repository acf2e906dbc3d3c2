"""What is answered to a verification, in VCALM's members (VerificationResult)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from testamur.checks import Check, Outcome, Report
from testamur.jsontext import Json
from testamur.vcalm import problem_details, problem_of_check
from testamur.verifier.api.instance import Asked
from testamur.verifier.api.verdicts import has_doubts, is_verified, objections


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which members an answer has beside ``verified``."""

    results: bool = False
    problems: bool = False
    document: bool = False


_INNER = Wanted(results=True, problems=True)


def credential_answer(
    report: Report, sent: Json, asked: Asked, wanted: Wanted, excuse: Collection[str]
) -> Json:
    """The answer for a credential; one that says no tells everything that was found."""
    verified = is_verified(report, asked, excuse)
    answer: Json = {"verified": verified}
    if wanted.document:
        answer["credential"] = sent
    if wanted.problems or not verified:
        answer["problemDetails"] = list(_problems(report, asked, excuse, verified))
    if wanted.results or not verified:
        answer["results"] = _credential_results(report, sent)
    return answer


def presentation_answer(
    report: Report, sent: Json, asked: Asked, wanted: Wanted, excuse: Collection[str]
) -> Json:
    """The answer for a presentation, with one for each credential in it."""
    verified = is_verified(report, asked, excuse)
    answer: Json = {"verified": verified}
    if wanted.document:
        answer["verifiablePresentation"] = sent
    answer["problemDetails"] = list(_problems(report, asked, excuse, verified))
    presented = _listed(sent.get("verifiableCredential"))
    sources = presented if len(presented) == len(report.inner) else [inner.claims for inner in report.inner]
    answer["results"] = {
        "presentation": _presentation_results(report, sent, asked),
        "credentials": [
            credential_answer(
                inner, source if isinstance(source, dict) else {}, asked.of_inner, _INNER, excuse
            )
            for inner, source in zip(report.inner, sources, strict=True)
        ],
    }
    return answer


def _problems(report: Report, asked: Asked, excuse: Collection[str], verified: bool) -> Iterator[Json]:
    """The verdict with the whole report, where it is no; then each check that was not answered well."""
    against = list(objections(report, asked, excuse))
    if not verified:
        yield problem_details("", _reason(report, against)) | {
            "title": report.headline.value.upper(),
            "report": report.to_json(),
        }
    yield from map(problem_of_check, against)
    if has_doubts(report):
        yield from (problem_details("", doubt) for doubt in report.doubts)
    for check in report.checks:
        if check not in against and check.outcome in (Outcome.FAILED, Outcome.UNKNOWN):
            yield problem_of_check(check)


def _reason(report: Report, against: list[Check]) -> str:
    if against:
        return f"{against[0].sentence}"
    return "; ".join(report.doubts) if has_doubts(report) else "A credential in it is not verified"


def _credential_results(report: Report, sent: Json) -> Json:
    claims = report.claims
    results: Json = {"proof": list(_proofs(report, sent))}
    dates = report.outcome("dates") is Outcome.PASSED
    for name in ("validFrom", "validUntil"):
        if isinstance(claims.get(name), str):
            results[name] = {"verified": dates, "input": claims[name]}
    for name, check in (("credentialStatus", "status"), ("credentialSchema", "schema")):
        if entries := [entry for entry in _listed(claims.get(name)) if isinstance(entry, dict)]:
            found = report.check(check)
            results[name] = [_entry(entry, found, len(entries)) for entry in entries]
    return results


def _entry(entry: Json, check: Check | None, count: int) -> Json:
    outcome = check.outcome if check else Outcome.SKIPPED
    said: Json = {"verified": outcome is Outcome.PASSED, "input": entry}
    if check is not None and check.name == "status":
        if outcome is Outcome.PASSED:
            said["value"] = 0
        elif outcome is Outcome.FAILED and check.headline and count == 1:
            said["value"] = 1
    return said


def _proofs(report: Report, sent: Json) -> Iterator[Json]:
    proofs = _listed(sent.get("proof"))
    for number, signature in enumerate(report.signatures):
        proof = proofs[number] if number < len(proofs) and isinstance(proofs[number], dict) else {}
        said: Json = {"verified": signature.holds, "input": proof or {"type": signature.algorithm}}
        if signature.error is not None:
            error = signature.error
            said["problemDetails"] = [problem_details(error.problem, f"{error}")]
        yield said


def _presentation_results(report: Report, sent: Json, asked: Asked) -> Json:
    results: Json = {"proof": list(_proofs(report, sent))}
    holder = report.check("holder")
    is_answer = holder is not None and holder.outcome is Outcome.PASSED
    if asked.audience and asked.audience.challenge:
        results["challenge"] = {"verified": is_answer, "input": asked.audience.challenge}
    if asked.audience and asked.audience.domain:
        results["domain"] = {"verified": is_answer, "input": asked.audience.domain}
    named = report.claims.get("holder")
    name = named.get("id") if isinstance(named, dict) else named
    if isinstance(name, str):
        results["holder"] = {"verified": report.outcome("proof") is Outcome.PASSED, "input": name}
    return results


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
