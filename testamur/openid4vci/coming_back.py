"""Coming back: for what was not ready, and to say what became of it (OID4VCI §9, §11)."""

from __future__ import annotations

from datetime import datetime

from testamur.errors import Malformed
from testamur.jsontext import Json, parse_object
from testamur.keys import PublicKey
from testamur.openid4vci.bearing import Bearer, bearer_of, opened
from testamur.openid4vci.configurations import Configuration, named
from testamur.openid4vci.counter import CredentialIssuer
from testamur.openid4vci.crediting import MEMORY, NO_STORE, answer, record_of, sign_for, too_late
from testamur.openid4vci.holder_keys import HolderKey
from testamur.openid4vci.refusing import (
    DENIED,
    INVALID_CREDENTIAL_REQUEST,
    INVALID_DPOP,
    INVALID_ENCRYPTION,
    INVALID_NOTIFICATION,
    INVALID_NOTIFICATION_ID,
    INVALID_TRANSACTION,
    Denial,
    bearer_denial,
)
from testamur.openid4vci.requests import MAX_REQUEST, Asked, Encrypting, Reply
from testamur.store.claims import REPLAYED, Made, NotNow, passing, taking

EVENTS = ("credential_accepted", "credential_failure", "credential_deleted")


def deferred(issuer: CredentialIssuer, asked: Asked) -> Reply:
    """The deferred credential endpoint (OID4VCI §9); raises Denial."""
    bearer = bearer_of(issuer, asked)
    body, was_encrypted = opened(issuer, asked)
    try:
        members = parse_object(body, max_bytes=MAX_REQUEST, max_depth=12)
    except Malformed:
        raise Denial(INVALID_CREDENTIAL_REQUEST, "the request is no JSON object") from None
    name = members.get("transaction_id")
    if not isinstance(name, str) or not name:
        raise Denial(INVALID_CREDENTIAL_REQUEST, "transaction_id is missing")
    try:
        with issuer.claims.writing() as connection:
            passing.see_once(connection, bearer.once, asked.at + MEMORY)
            said = taking.waiting(connection, bearer.grant, name, asked.at)
    except NotNow as late:
        if late.why == REPLAYED:
            raise bearer_denial(INVALID_DPOP, "the proof was used before") from None
        raise Denial(INVALID_TRANSACTION, "nothing waits under this transaction_id") from None
    wanted = members.get("credential_response_encryption", said["encrypting"])
    encrypting = None if wanted is None else Encrypting.parse(wanted)
    if "credential_response_encryption" in members and issuer.request_key is not None and not was_encrypted:
        raise Denial(INVALID_ENCRYPTION, "who wants the answer encrypted encrypts the request")
    return _collected(issuer, bearer, name, said, encrypting, asked.at)


def _collected(
    issuer: CredentialIssuer,
    bearer: Bearer,
    name: str,
    said: Json,
    encrypting: Encrypting | None,
    at: datetime,
) -> Reply:
    configuration = named(str(said["configuration"]), issuer.rules.forms)
    if configuration is None:
        raise Denial(DENIED, "the record cannot be had in this form any more")
    made = ready(issuer, bearer, configuration, said, at)
    if made is None:
        return Reply(202, {"transaction_id": name, "interval": issuer.rules.interval}, NO_STORE)
    try:
        with issuer.claims.writing() as connection:
            texts, notice = taking.take(
                connection,
                bearer.grant,
                configuration.id,
                made,
                at=at,
                remembered=at + issuer.rules.remembered,
            )
            taking.done_waiting(connection, name)
    except NotNow as late:
        raise too_late(issuer, late, False, at) from None
    return answer(configuration, texts, notice, encrypting)


def ready(
    issuer: CredentialIssuer, bearer: Bearer, configuration: Configuration, said: Json, at: datetime
) -> list[Made] | None:
    """What waits, signed now; None where the desk has no key to sign with."""
    record = record_of(issuer, bearer)
    if issuer.sign is None:
        return None
    keys = tuple(HolderKey(PublicKey.from_jwk(each["jwk"]), str(each["did"])) for each in said["keys"])
    return sign_for(issuer, record, configuration, keys, at)


def notification(issuer: CredentialIssuer, asked: Asked) -> Reply:
    """The notification endpoint (OID4VCI §11): the same said twice is nothing new; raises Denial."""
    bearer = bearer_of(issuer, asked)
    try:
        members = parse_object(asked.body, max_bytes=MAX_REQUEST, max_depth=8)
    except Malformed:
        raise Denial(INVALID_NOTIFICATION, "the notification is no JSON object") from None
    name, event = members.get("notification_id"), members.get("event")
    if not isinstance(name, str) or event not in EVENTS:
        raise Denial(INVALID_NOTIFICATION, "a notification has a notification_id and a known event")
    try:
        with issuer.claims.writing() as connection:
            passing.see_once(connection, bearer.once, asked.at + MEMORY)
            taking.note(connection, bearer.grant, name, str(event), asked.at)
    except NotNow as late:
        if late.why == REPLAYED:
            raise bearer_denial(INVALID_DPOP, "the proof was used before") from None
        raise Denial(INVALID_NOTIFICATION_ID, "this notification_id is not known") from None
    return Reply(204)
