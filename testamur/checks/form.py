"""form: whether it is a whole and well-made record, every word of which means something."""

from __future__ import annotations

from testamur.checks.answer import Check, Outcome
from testamur.checks.case import Case
from testamur.credentials import check_rules
from testamur.errors import Malformed, Missing, Unsupported
from testamur.jsonld import check_meaning
from testamur.jsontext import Json
from testamur.words import because, joined, say

_NAMED = 3


def check_form(case: Case) -> Check:
    """Name every broken rule of the data model; a term that no context defines breaks one too."""
    if not case.policy.allows(case.document.format):
        raise Unsupported(
            say(
                "documents of the format {format} are not accepted here",
                format=f"{case.document.format!r:.40}",
            )
        )
    if isinstance(case.opened, Malformed):
        raise case.opened
    if not case.is_sd_jwt_vc:
        _check_kind(case)
    broken = check_rules(case.claims, plain=case.is_plain)
    left_out = [each for each in broken if isinstance(each, Missing)] if case.may_lack else []
    if len(broken) > len(left_out):
        if case.keeps_back:
            raise Unsupported(
                because(say("its holder keeps back what the rules ask for"), broken[0].message),
                clause=broken[0].clause,
            )
        return _failed(broken)
    if not case.is_sd_jwt_vc and not _meaning_was_signed(case):
        check_meaning(_in_json_ld(case), contexts=case.contexts)
    sentences = [_well_formed(case), *map(_not_shown, left_out[:_NAMED])]
    return Check("form", Outcome.PASSED, joined("; ", sentences), clause=_clause(case))


def _well_formed(case: Case) -> str:
    if case.document.is_presentation:
        return say("A well-formed presentation ({format})", format=case.document.format)
    return say("A well-formed record ({format})", format=case.document.format)


def _not_shown(missing: Malformed) -> str:
    return say("its holder does not show {member}", member=missing.path)


def _clause(case: Case) -> str:
    return "SD-JWT VC §2.2" if case.is_sd_jwt_vc else "VCDM §4"


def _check_kind(case: Case) -> None:
    """Refuse a token that is both: what a holder signs as a presentation is never read as an issuer's record."""
    kinds = [name for name in case.types if name in ("VerifiableCredential", "VerifiablePresentation")]
    if len(set(kinds)) > 1 or case.document.is_presentation is not ("VerifiablePresentation" in kinds):
        raise Malformed(
            "type", "a document is a credential or a presentation, as it is sent", clause="VCDM §4.5"
        )


def _failed(broken: list[Malformed]) -> Check:
    named = "; ".join(str(error) for error in broken[:_NAMED])
    more = f"; and {len(broken) - _NAMED} more" if len(broken) > _NAMED else ""
    first = broken[0]
    return Check(
        "form",
        Outcome.FAILED,
        because(say("Rules are broken"), named + more),
        first.problem,
        first.clause,
    )


def _in_json_ld(case: Case) -> Json:
    """The members that are JSON-LD, without a token's claims and the tokens an older presentation holds.

    These stand there as they are (VCDM 1.1 §6.3.1) and each is opened for itself.
    """
    members = {name: value for name, value in case.claims.items() if name not in _claims(case)}
    if case.document.format == "jwt_vp_json" and "verifiableCredential" in members:
        held = members.pop("verifiableCredential")
        embedded = [
            each for each in (held if isinstance(held, list) else [held]) if not isinstance(each, str)
        ]
        members |= {"verifiableCredential": embedded} if embedded else {}
    return members


def _claims(case: Case) -> tuple[str, ...]:
    """Claims of a token that no context has to define: ``cnf`` (RFC 7800) and ``status`` (TSL §6.2)."""
    return ("cnf",) if case.document.format in ("ldp_vc", "ldp_vp") else ("cnf", "status")


def _meaning_was_signed(case: Case) -> bool:
    """Whether a signature that holds covers the JSON-LD statements, which proves that there are no others."""
    return any(signature.holds and signature.is_of_statements for signature in case.signatures)
