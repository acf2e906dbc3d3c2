"""A change of status as VCALM asks for it (VCALM §3.2.5)."""

from __future__ import annotations

from datetime import datetime

from starlette.exceptions import HTTPException

from testamur.errors import Malformed
from testamur.issuer.api.instance import IssuerInstance
from testamur.jsontext import Json
from testamur.store import Record
from testamur.vcalm import object_of, request_members

_MEMBERS = ("credentialId", "credentialStatus", "status", "indexAllocator")
_ENTRY = ("id", "type", "statusPurpose", "statusListIndex", "statusListCredential")
_TYPES = ("BitstringStatusListEntry", "BitstringStatusList")
_CLAUSE = "VCALM §3.2.5"


def change_status(instance: IssuerInstance, body: bytes, *, at: datetime) -> None:
    """Set or clear the bit that a request names; raises Malformed, Refused, HTTPException 404."""
    tolerant = instance.manner.tolerant
    members = request_members(body, _MEMBERS, tolerant=tolerant)
    entry = object_of(members, "credentialStatus")
    request_members_of(entry, tolerant)
    value = members.get("status", True if tolerant else None)
    if not isinstance(value, bool):
        raise Malformed("status", "it must be true or false", clause=_CLAUSE)
    record_id = members.get("credentialId")
    record = instance.record(record_id) if isinstance(record_id, str) and instance.equipment.ledger else None
    if record is None:
        raise HTTPException(404, "There is no such credential")
    purpose = _purpose(entry, record)
    instance.ledger.set_status(record.id, purpose, value, reason="unspecified", at=at)


def request_members_of(entry: Json, tolerant: bool) -> None:
    """Raise Malformed where a status entry has members that are not known."""
    unknown = sorted(entry.keys() - set(_ENTRY))
    if unknown and not tolerant:
        raise Malformed(f"credentialStatus.{unknown[0]:.60}", "this is not known here", clause=_CLAUSE)


def _purpose(entry: Json, record: Record) -> str:
    """The purpose, where the record has an entry for it and it is the one that is named."""
    purpose = entry.get("statusPurpose")
    if entry.get("type") not in _TYPES or not isinstance(purpose, str):
        raise Malformed("credentialStatus", "it must have the type and purpose of a list", clause=_CLAUSE)
    slots = [slot for slot in record.slots if slot.purpose == purpose]
    if not slots:
        raise Malformed(
            "credentialStatus.statusPurpose",
            f"the credential has no {purpose!r:.40} entry",
            clause=_CLAUSE,
        )
    index = entry.get("statusListIndex")
    if index is not None and str(index) != str(slots[0].index):
        raise Malformed(
            "credentialStatus.statusListIndex", "the credential has another index", clause=_CLAUSE
        )
    return purpose
