"""schema: whether it has the shape that the standard of its kind or a schema it names prescribes."""

from __future__ import annotations

from testamur.checks.answer import Check, Outcome
from testamur.checks.case import Case, identifier, objects
from testamur.checks.named_schema import KINDS, check_named
from testamur.checks.type_metadata import check_type_of
from testamur.credentials import SCHEMA_NAMES, check_schema, schema_for
from testamur.errors import Malformed, Missing
from testamur.words import because, say

_KNOWN = (
    "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/schema/json-ld/ob_v3p0_achievementcredential_schema.json",
    "https://purl.imsglobal.org/spec/clr/v2p0/schema/json/clr_v2p0_clrcredential_schema.json",
)
_NAMED = 3
_CLAUSE = "OB §B"


def check_schema_of(case: Case) -> Check:
    """Validate against the shipped schema and those named; one that cannot be had never blocks."""
    if case.is_sd_jwt_vc:
        return check_type_of(case)
    written = objects(case.claims, "credentialSchema") if "credentialSchema" in case.claims else []
    entries = [entry for entry in written if identifier(entry) not in _KNOWN]
    named = [entry for entry in entries if entry.get("type") in KINDS]
    others = [identifier(entry) for entry in entries if entry not in named]
    schema = schema_for(case.claims)
    if schema is not None:
        standard = SCHEMA_NAMES[schema.partition("#")[0]]
        broken = check_schema(case.claims, plain=case.is_plain)
        only_missing = case.may_lack and all(isinstance(each, Missing) for each in broken)
        if broken:
            return _not_seen(broken) if case.keeps_back or only_missing else _failed(broken, standard)
        if not entries:
            sentence = say("It has the shape that {standard} prescribes", standard=standard)
            return Check("schema", Outcome.PASSED, sentence, clause=_CLAUSE)
    if others:
        sentence = say("It names a schema that is not known here: {schema}", schema=others[0][:200])
        return Check("schema", Outcome.UNKNOWN, sentence)
    if named:
        return _as_shown(case, check_named(case, named))
    return Check("schema", Outcome.ABSENT, say("No schema is known for this kind of record"))


def _as_shown(case: Case, check: Check) -> Check:
    """A copy that lacks members is not held to a schema of the whole record."""
    if check.outcome is not Outcome.FAILED or not case.may_lack:
        return check
    sentence = because(
        say("Its holder may have left members out, so that its schema says nothing"), check.sentence
    )
    return Check("schema", Outcome.UNKNOWN, sentence, clause=check.clause)


def _not_seen(broken: list[Malformed]) -> Check:
    named = "; ".join(str(each) for each in broken[:_NAMED])
    sentence = because(
        say("Its holder keeps something back, so that it could not be held against its schema"), named
    )
    return Check("schema", Outcome.UNKNOWN, sentence, clause=broken[0].clause or _CLAUSE)


def _failed(broken: list[Malformed], standard: str) -> Check:
    named = "; ".join(str(error) for error in broken[:_NAMED])
    more = f"; and {len(broken) - _NAMED} more" if len(broken) > _NAMED else ""
    sentence = because(say("It departs from the schema of {standard}", standard=standard), named + more)
    return Check("schema", Outcome.FAILED, sentence, broken[0].problem, broken[0].clause or _CLAUSE)
