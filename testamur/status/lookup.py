"""Looking an entry up in a list whose signature was already checked (BSL §3.2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from testamur.credentials import STATUS_CLAIM, StatusEntry
from testamur.errors import EvidenceUnusable, Malformed, Unsupported
from testamur.jsontext import Json
from testamur.proofs import FindKey
from testamur.status.bitstring import decode_list, value_at
from testamur.status.list_token import open_list_token
from testamur.status.packed import packed_value
from testamur.status.revocation_list import look_up_revocation_list, open_revocation_list
from testamur.status.values import STATUS_VERIFICATION_ERROR, UNUSABLE, StatusValue
from testamur.times import from_epoch, parse_instant
from testamur.words import because, joined, say

_SKEW = timedelta(minutes=5)

OpenList = Callable[[bytes, StatusEntry, FindKey, str], Json]
"""``open(body, entry, find_key, issuer)``: what a list says once it is known to be the issuer's."""


@dataclass(frozen=True, slots=True)
class StatusMethod:
    """One kind of status entry: how its list is asked for and read."""

    accept: str  # media types to ask for
    read: Callable[[StatusEntry, Json, str], StatusValue]  # entry, list, id of the credential
    open: OpenList | None = None  # None: the list is a credential, to be verified like one before it is read


def look_up(
    entry: StatusEntry,
    list_document: Json,
    at: datetime,
    *,
    credential_id: str = "",
    methods: Mapping[str, StatusMethod] | None = None,
) -> StatusValue:
    """Return what a list says of an entry; raises EvidenceUnusable, Unsupported.

    ``list_document`` are the claims of a list whose proof holds. A list past its days is
    EvidenceUnusable, and the sentence still tells what it said and when.
    """
    method = (STATUS_METHODS if methods is None else methods).get(entry.type)
    if method is None:
        raise Unsupported(f"status entries of type {entry.type!r:.60} are not supported", clause="VCDM §4.10")
    value = method.read(entry, list_document, credential_id)
    if value.as_of is not None and value.as_of - at > _SKEW:
        raise _unusable(say("it is from {day}, which has not come yet", day=value.as_of))
    if value.until is not None and value.until <= at:
        raise _unusable(_expired(value))
    return value


def _expired(value: StatusValue) -> str:
    ended = say("it ended on {until}", until=value.until or "")
    said = _SAID.get((value.purpose, value.is_set))
    if said is None or value.as_of is None:
        return ended
    return joined("; ", (ended, say(said, day=value.as_of)))


def _read_bitstring(entry: StatusEntry, document: Json, credential_id: str) -> StatusValue:
    return _read_list(entry, document, "BitstringStatusListCredential", "BitstringStatusList")


def _read_2021(entry: StatusEntry, document: Json, credential_id: str) -> StatusValue:
    return _read_list(entry, document, "StatusList2021Credential", "StatusList2021", legacy=True)


def _read_list(
    entry: StatusEntry, document: Json, kind: str, subject_kind: str, *, legacy: bool = False
) -> StatusValue:
    subject = document.get("credentialSubject")
    if kind not in _names(document.get("type")) or not isinstance(subject, dict):
        raise _unusable(f"it is no {kind}")
    if subject_kind not in _names(subject.get("type")):
        raise _unusable(f"its subject is no {subject_kind}")
    if document.get("id", entry.list_url) != entry.list_url:
        raise _unusable(f"it says that it is another list, {document['id']!r:.80}")
    if entry.purpose not in _names(subject.get("statusPurpose")):
        raise _unusable(f"it is not kept for the purpose {entry.purpose!r:.40}")
    value = value_at(decode_list(subject.get("encodedList"), legacy=legacy), entry.index, entry.size)
    return StatusValue(
        value,
        entry.purpose,
        as_of=_instant(document, "validFrom", "issuanceDate"),
        until=_instant(document, "validUntil", "expirationDate"),
        message=dict(entry.messages).get(value, ""),
    )


def _read_token(entry: StatusEntry, claims: Json, credential_id: str) -> StatusValue:
    """A value of one bit or more: 1 is revoked and 2 suspended; nobody else's words are guessed (TSL §7.1)."""
    value = packed_value(claims.get("status_list"), entry.index)
    return StatusValue(
        value,
        _TOKEN_PURPOSES.get(value, f"status {value}"),
        as_of=from_epoch(claims.get("iat"), "iat"),
        until=from_epoch(claims["exp"], "exp") if "exp" in claims else None,
    )


def _names(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _instant(document: Json, *names: str) -> datetime | None:
    try:
        return next((parse_instant(document[name], name) for name in names if name in document), None)
    except Malformed as error:
        raise _unusable(str(error)) from None


def _unusable(why: str) -> EvidenceUnusable:
    return EvidenceUnusable(because(UNUSABLE, why), clause="BSL §3.2", problem=STATUS_VERIFICATION_ERROR)


_SAID = {
    ("revocation", True): say("the record was revoked as of {day}").message,
    ("revocation", False): say("the record was not revoked as of {day}").message,
    ("suspension", True): say("the record was suspended as of {day}").message,
    ("suspension", False): say("the record was not suspended as of {day}").message,
}
_TOKEN_PURPOSES = {0: "revocation", 1: "revocation", 2: "suspension"}
_LIST_TOKENS = "application/statuslist+jwt, application/statuslist+cwt"
_CREDENTIAL = "application/vc, application/vc+jwt, application/ld+json, application/json"

STATUS_METHODS: Mapping[str, StatusMethod] = {
    "BitstringStatusListEntry": StatusMethod(_CREDENTIAL, _read_bitstring),
    "StatusList2021Entry": StatusMethod(_CREDENTIAL, _read_2021),
    "1EdTechRevocationList": StatusMethod("application/json", look_up_revocation_list, open_revocation_list),
    STATUS_CLAIM: StatusMethod(_LIST_TOKENS, _read_token, open_list_token),
}
