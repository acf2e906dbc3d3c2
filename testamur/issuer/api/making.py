"""A credential as it came in becomes one that can be signed, or the reasons why it cannot."""

from __future__ import annotations

from testamur.contexts import ContextSet
from testamur.credentials import check_rules, check_schema
from testamur.errors import Malformed
from testamur.issuer.api.settings import ENFORCE, REFUSE, IssuerSettings
from testamur.jsontext import Json

V1 = "https://www.w3.org/2018/credentials/v1"
DATA_INTEGRITY = "https://w3id.org/security/data-integrity/v2"
ED25519_2020 = "https://w3id.org/security/suites/ed25519-2020/v1"
_NAMED = 5


def with_proof_context(document: Json, suite: str) -> Json:
    """The document with the context that defines its proof, where its others do not (VC-DI §2.4.1).

    The context of VCDM 2.0 defines Data Integrity proofs; that of 1.1 does not.
    """
    contexts = document["@context"]
    if suite == "Ed25519Signature2020":
        wanted = ED25519_2020
    elif contexts[0] == V1 and suite:
        wanted = DATA_INTEGRITY
    else:
        return document
    return document if wanted in contexts else document | {"@context": [*contexts, wanted]}


def prepared(credential: Json, settings: IssuerSettings, issuer_id: str, contexts: ContextSet) -> Json:
    """The credential with its issuer; raises Malformed naming what speaks against issuing it.

    The issuer may be left out, as VCALM advises, and is then this instance's.
    """
    document = _with_issuer(credential, issuer_id)
    _check_version(document, settings)
    if broken := check_rules(document) or check_schema(document):
        raise _together(broken)
    _check_issuer(document, settings, issuer_id)
    if settings.status and "credentialStatus" in document:
        raise Malformed("credentialStatus", "this instance adds it itself", clause="VCALM §3.2.1")
    if "proof" in document and settings.existing_proofs == REFUSE:
        raise Malformed("proof", "this instance adds no proof beside others", clause="VCALM §3.2.1")
    return document


def _with_issuer(credential: Json, issuer_id: str) -> Json:
    issuer = credential.get("issuer")
    if "issuer" not in credential:
        return credential | {"issuer": issuer_id}
    if isinstance(issuer, dict) and "id" not in issuer:
        return credential | {"issuer": {"id": issuer_id} | issuer}
    return credential


def _check_version(document: Json, settings: IssuerSettings) -> None:
    contexts = document.get("@context")
    first = contexts[0] if isinstance(contexts, list) and contexts else contexts
    if first == V1 and not settings.conformance:
        raise Malformed("@context", "credentials of VCDM 1.1 are not issued any more", clause="VCDM §4.3")


def _check_issuer(document: Json, settings: IssuerSettings, issuer_id: str) -> None:
    issuer = document["issuer"]
    named = issuer["id"] if isinstance(issuer, dict) else issuer
    if named != issuer_id and settings.binding == ENFORCE:
        raise Malformed("issuer", f"this instance issues as {issuer_id} only", clause="VCALM §3.2.1")


def _together(broken: list[Malformed]) -> Malformed:
    if len(broken) == 1:
        return broken[0]
    named = "; ".join(error.message for error in broken[:_NAMED])
    more = f"; and {len(broken) - _NAMED} more" if len(broken) > _NAMED else ""
    return Malformed("", f"{named}{more}", clause=broken[0].clause, problem=broken[0].problem)
