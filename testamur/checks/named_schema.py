"""The schemas a credential names: fetched, held against their digests, verified where signed, and applied."""

from __future__ import annotations

from dataclasses import replace

from testamur.checks.answer import Check, Outcome
from testamur.checks.case import Case
from testamur.checks.dates import check_dates
from testamur.checks.fetching import fetch_evidence
from testamur.checks.proof import check_proof
from testamur.credentials import (
    JSON_SCHEMA,
    JSON_SCHEMA_CREDENTIAL,
    apply_schema,
    check_digest,
    schema_in,
)
from testamur.errors import EvidenceUnusable, Malformed, TestamurError, Unsupported
from testamur.jsontext import Json, parse_object
from testamur.proofs import decode, open_document
from testamur.words import because, say

KINDS = (JSON_SCHEMA, JSON_SCHEMA_CREDENTIAL)
_ACCEPT = "application/schema+json, application/vc, application/json"
_MAX_SCHEMA = 1_000_000
_MAX_SCHEMAS = 8
_NAMED = 3
_CLAUSE = "VC-JSON-SCHEMA §4"


def check_named(case: Case, entries: list[Json]) -> Check:
    """Pass if the record has the shape of every schema it names; raises what kept it from being applied."""
    if len(entries) > _MAX_SCHEMAS:
        raise Malformed("credentialSchema", f"{len(entries)} schemas are more than {_MAX_SCHEMAS}")
    if not any(signature.holds for signature in case.signatures):
        raise EvidenceUnusable(say("the schema it names is not fetched, since no signature of its own holds"))
    document = case.document.parsed if case.document.format.startswith("ldp_") else case.claims
    broken: list[Malformed] = []
    for entry in entries:
        url = entry.get("id")
        if not isinstance(url, str):
            raise Malformed("credentialSchema.id", "it must be a URL", clause="VCDM §4.11")
        schema = _schema(case, entry, url)
        try:
            broken += apply_schema(document, schema, url=url if entry["type"] == JSON_SCHEMA else "")
        except Malformed as error:
            raise EvidenceUnusable(
                because(say("the schema at {url} is not usable", url=url[:200]), error.message)
            ) from None
    if broken:
        named = "; ".join(str(error) for error in broken[:_NAMED])
        sentence = because(say("It departs from the schema it names"), named)
        return Check("schema", Outcome.FAILED, sentence, clause=_CLAUSE)
    return Check("schema", Outcome.PASSED, say("It has the shape of the schema it names"), clause=_CLAUSE)


def _schema(case: Case, entry: Json, url: str) -> Json:
    body = fetch_evidence(case, url, _ACCEPT, _MAX_SCHEMA)
    if "digestSRI" in entry or "digestMultibase" in entry:
        check_digest(entry, body)
    try:
        if entry["type"] == JSON_SCHEMA:
            return parse_object(body)
        return schema_in(_verified(case, body), url=url)
    except EvidenceUnusable:
        raise
    except TestamurError as error:
        raise EvidenceUnusable(
            because(say("the schema at {url} is not usable", url=url[:200]), error.message)
        ) from None


def _verified(case: Case, body: bytes) -> Json:
    """The claims of a schema that is a credential itself: its proof and its days must hold (VC-JSON-SCHEMA §2.2)."""
    document = decode(body)
    inner = replace(case, document=document, opened=open_document(document, case.resolver.method))
    for check in (check_proof(inner), check_dates(inner)):
        if check.outcome in (Outcome.FAILED, Outcome.UNKNOWN):
            raise Unsupported(check.sentence)
    return inner.claims
