"""The 1EdTech Credential Revocation List: unsigned JSON that names revoked credentials (OB §9.4); read only."""

from __future__ import annotations

from testamur.credentials import StatusEntry
from testamur.errors import EvidenceUnusable, Malformed
from testamur.jsontext import Json, parse_object
from testamur.proofs import FindKey
from testamur.status.values import MALFORMED_VALUE_ERROR, StatusValue


def look_up_revocation_list(entry: StatusEntry, document: Json, credential_id: str) -> StatusValue:
    """Return 1 if the credential's id is listed and ``revoked`` is true or absent."""
    if not credential_id:
        raise Malformed(
            "id", "a record without an id cannot be looked up in a revocation list", clause="OB §9.4"
        )
    if document.get("id", entry.list_url) != entry.list_url:
        raise _unusable("it says that it is another list")
    revoked = document.get("revokedCredential", [])
    if not isinstance(revoked, list):
        raise _unusable("its revokedCredential is no list")
    for item in revoked:
        if not isinstance(item, dict) or not isinstance(item.get("id"), str):
            raise _unusable("one of its members has no id")
        if item["id"] == credential_id and item.get("revoked", True) is not False:
            reason = item.get("revocationReason", "")
            return StatusValue(1, "revocation", message=reason[:500] if isinstance(reason, str) else "")
    return StatusValue(0, "revocation")


def open_revocation_list(body: bytes, entry: StatusEntry, find_key: FindKey, issuer: str) -> Json:
    """Return what the list says; it is not signed, so that its address is all that speaks for it."""
    return parse_object(body)


def _unusable(why: str) -> EvidenceUnusable:
    return EvidenceUnusable(
        f"the revocation list is not usable: {why}", clause="OB §9.4", problem=MALFORMED_VALUE_ERROR
    )
