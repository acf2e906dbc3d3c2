"""The rules of the data model for presentations, and for credentials in envelopes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from testamur.credentials.clauses import V1, V2, check_contexts, check_id, check_party, check_types
from testamur.credentials.findings import Findings, each, join, quoted
from testamur.credentials.members import identifier, objects, types
from testamur.credentials.vcdm import check_proofs, is_version_1
from testamur.errors import Malformed
from testamur.jsontext import Json

ENVELOPED_CREDENTIAL = "EnvelopedVerifiableCredential"
ENVELOPED_PRESENTATION = "EnvelopedVerifiablePresentation"
_CLAUSE = "VCDM §4.13"
_ENVELOPE = re.compile(r"data:application/[a-z0-9.+-]{1,60}(;[a-z0-9=-]{1,40}){0,3},\S+", re.ASCII)

CheckRecord = Callable[[Json, str, Findings], None]


def check_presentation(document: Json, path: str, found: Findings, check_record: CheckRecord) -> None:
    """A presentation and each credential in it; VCDM 1.1 lets those be compact tokens."""
    old = is_version_1(document)
    check_contexts(document.get("@context"), V1 if old else V2, path, found)
    check_types(document, "VerifiablePresentation", path, found, _CLAUSE)
    check_id(document, path, found)
    if "holder" in document:
        check_party(document["holder"], join(path, "holder"), found, _CLAUSE)
    for item, spot in each(document.get("verifiableCredential"), join(path, "verifiableCredential")):
        if isinstance(item, dict):
            check_record(item, spot, found)
        elif not (old and isinstance(item, str)):
            found.add(spot, f"{quoted(item)} must be an object; a token belongs in an envelope", _CLAUSE)
    check_proofs(document, path, found)


def check_envelope(document: Json, path: str, found: Findings) -> None:
    """An envelope: the base context, and a data URL that holds the secured document."""
    contexts = document.get("@context")
    check_contexts(contexts if isinstance(contexts, list) else [contexts], V2, path, found)
    name = document.get("id")
    if not isinstance(name, str) or not _ENVELOPE.fullmatch(name):
        found.add(join(path, "id"), "it must be a data: URL of a secured document", _CLAUSE)


def check_self_asserted(document: Any) -> list[Malformed]:
    """Credentials without a proof of their own must be the holder's own words (VCDM §4.13)."""
    if not isinstance(document, dict):
        return []
    holder = identifier(document.get("holder"))
    found = Findings()
    for item, spot in each(document.get("verifiableCredential"), "verifiableCredential"):
        secured = (
            not isinstance(item, dict) or objects(item.get("proof")) or ENVELOPED_CREDENTIAL in types(item)
        )
        if not secured and (not holder or identifier(item.get("issuer")) != holder):
            found.add(spot, "it has no proof of its own and its issuer is not the holder", _CLAUSE)
    return found.all
