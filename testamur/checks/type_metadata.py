"""schema, of an SD-JWT VC: whether it has the claims that its type prescribes, as the type's address tells."""

from __future__ import annotations

from testamur.checks.answer import Check, Outcome
from testamur.checks.case import Case
from testamur.checks.fetching import fetch_evidence
from testamur.credentials import MAX_EXTENDS, MAX_METADATA, TypeMetadata, departures, integrity_holds
from testamur.errors import EvidenceUnusable, Malformed, TestamurError
from testamur.proofs import Opened
from testamur.words import because, say

_NAMED = 3
_CLAUSE = "SD-JWT VC §4"


def check_type_of(case: Case) -> Check:
    """Hold the claims against the metadata of their type; a type without an address never blocks."""
    vct = case.types[0] if case.types else ""
    if not vct.startswith("https://"):
        return Check(
            "schema",
            Outcome.ABSENT,
            say("Its type, {name}, has no address where it is described", name=f"{vct!r:.80}"),
        )
    if not any(signature.holds for signature in case.signatures):  # anybody could have written the address
        raise EvidenceUnusable(say("the schema it names is not fetched, since no signature of its own holds"))
    integrity = case.claims.get("vct#integrity", "")
    found = case.memory.get(("vct", vct, integrity, case.at), lambda: _or_why_not(case, vct, integrity))
    if not isinstance(found, TypeMetadata):
        raise EvidenceUnusable(
            because(say("the description of its type is not usable"), found), clause=_CLAUSE
        )
    opened = case.opened
    if isinstance(opened, Opened) and (
        broken := departures(found, opened.claims, opened.disclosed, opened.kept_back)
    ):
        return _failed(found, broken)
    name = found.name or (found.names[0][1] if found.names else vct)
    return Check(
        "schema",
        Outcome.PASSED,
        say("It has the claims that its type prescribes: {name}", name=name[:120]),
        clause=_CLAUSE,
    )


def _failed(metadata: TypeMetadata, broken: list[Malformed]) -> Check:
    named = "; ".join(str(error) for error in broken[:_NAMED])
    more = f"; and {len(broken) - _NAMED} more" if len(broken) > _NAMED else ""
    return Check(
        "schema", Outcome.FAILED, because(say("It departs from its type"), named + more), clause=_CLAUSE
    )


def _or_why_not(case: Case, vct: str, integrity: str) -> TypeMetadata | str:
    try:
        return _whole(case, vct, integrity)
    except TestamurError as error:
        return error.message


def _whole(case: Case, vct: str, integrity: str) -> TypeMetadata:
    """A type with all it extends; the chain is short and never comes back to where it was."""
    chain = [_one(case, vct, integrity)]
    while chain[-1].extends:
        if len(chain) == MAX_EXTENDS or chain[-1].extends in {each.vct for each in chain}:
            raise EvidenceUnusable(f"it extends more than {MAX_EXTENDS} types, or itself")
        chain.append(_one(case, chain[-1].extends, chain[-1].extends_integrity))
    whole = chain.pop()
    while chain:
        whole = chain.pop().merged(whole)
    return whole


def _one(case: Case, vct: str, integrity: str) -> TypeMetadata:
    raw = fetch_evidence(case, vct, "application/json", MAX_METADATA)
    if integrity and not integrity_holds(integrity, raw):
        raise EvidenceUnusable(f"what lies at {vct:.120} is not what was signed (vct#integrity)")
    return TypeMetadata.parse(raw, vct=vct)
