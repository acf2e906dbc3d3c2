"""The rules of the W3C data model for credentials, 2.0 and (to verify older ones) 1.1."""

from __future__ import annotations

from testamur.credentials.clauses import (
    V1,
    V2,
    check_contexts,
    check_id,
    check_parts,
    check_party,
    check_period,
    check_statuses,
    check_subjects,
    check_types,
    check_words,
)
from testamur.credentials.findings import Findings, join
from testamur.credentials.members import values
from testamur.credentials.related_resource import check_related
from testamur.jsontext import Json

_OLD_MEMBERS = ("issuanceDate", "expirationDate")
_NEW_MEMBERS = ("validFrom", "validUntil")
_PARTS = {
    "credentialSchema": "VCDM §4.11",
    "refreshService": "VCDM §5.4",
    "termsOfUse": "VCDM §5.5",
    "evidence": "VCDM §5.6",
    "renderMethod": "VCDM §5.9",
    "confidenceMethod": "VCDM §5.9",
}


def is_version_1(document: Json) -> bool:
    """Whether the first context says VCDM 1.1; every other document is held to 2.0."""
    contexts = values(document.get("@context"))
    return bool(contexts) and contexts[0] == V1


def check_credential(document: Json, path: str, found: Findings) -> None:
    """Every clause of the data model that the credential's first context names."""
    if is_version_1(document):
        _check_version_1(document, path, found)
    else:
        _check_version_2(document, path, found)


def check_proofs(document: Json, path: str, found: Findings) -> None:
    """Proofs are objects with a type; whether they hold is not asked here (VC-DI §2.1)."""
    check_parts(document, "proof", path, found, "VC-DI §2.1")


def _check_version_2(document: Json, path: str, found: Findings) -> None:
    names = document.keys()
    _refuse(document, _OLD_MEMBERS, "2.0", path, found)
    check_contexts(document.get("@context"), V2, path, found)
    check_id(document, path, found)
    check_types(document, "VerifiableCredential", path, found)
    check_words(document, path, found)
    check_party(document.get("issuer"), join(path, "issuer"), found, "VCDM §4.7")
    check_period(document, "validFrom", "validUntil", path, found, "VCDM §4.9")
    check_subjects(document, path, found)
    check_statuses(document, path, found)
    for name, clause in _PARTS.items():
        if name in names:
            check_parts(document, name, path, found, clause, id_required=name == "credentialSchema")
    if "relatedResource" in names:
        check_related(document, path, found)
    check_proofs(document, path, found)


def _check_version_1(document: Json, path: str, found: Findings) -> None:
    _refuse(document, _NEW_MEMBERS, "1.1", path, found)
    check_contexts(document.get("@context"), V1, path, found)
    check_id(document, path, found, clause="VCDM 1.1 §4.2")
    check_types(document, "VerifiableCredential", path, found, "VCDM 1.1 §4.3")
    check_party(document.get("issuer"), join(path, "issuer"), found, "VCDM 1.1 §4.5")
    if "issuanceDate" not in document:
        found.lacks(join(path, "issuanceDate"), "it must be there", "VCDM 1.1 §4.6")
    check_period(document, "issuanceDate", "expirationDate", path, found, "VCDM 1.1 §4.6")
    check_subjects(document, path, found, "VCDM 1.1 §4.4")
    check_statuses(document, path, found, id_required=True)
    check_parts(document, "credentialSchema", path, found, "VCDM 1.1 §5.4", id_required=True)
    check_parts(document, "refreshService", path, found, "VCDM 1.1 §5.5", id_required=True)
    check_parts(document, "termsOfUse", path, found, "VCDM 1.1 §5.6")
    check_parts(document, "evidence", path, found, "VCDM 1.1 §5.7")
    check_proofs(document, path, found)


def _refuse(document: Json, names: tuple[str, ...], version: str, path: str, found: Findings) -> None:
    for name in names:
        if name in document:
            found.add(
                join(path, name), f"this member does not belong in a VCDM {version} credential", "VCDM §4.9"
            )
