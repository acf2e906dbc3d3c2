"""Offers opened and codes exchanged for tokens: the part of an authorization server (OID4VCI §4, §6)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime

from testamur.jsontext import Json
from testamur.openid4vci.configurations import Configuration, configurations_of
from testamur.openid4vci.counter import C_NONCE, CredentialIssuer, sent_once
from testamur.openid4vci.dpop import hash_of
from testamur.openid4vci.offering import AUTHORIZATION_CODE, PRE_AUTHORIZED, Offer, TxCode
from testamur.openid4vci.refusing import (
    DENIED,
    INVALID_DETAILS,
    INVALID_DPOP,
    INVALID_GRANT,
    INVALID_REQUEST,
    INVALID_SCOPE,
    UNSUPPORTED_GRANT,
    Denial,
)
from testamur.openid4vci.requests import DETAILS_TYPE, Asked, Reply, read_details, read_form
from testamur.store import VALID
from testamur.store.claims import OPEN, REPLAYED, SPENT, NotNow, OfferEntry, Transaction, offers, passing

PRE, STATE, CODE, PUSHED = "pre", "state", "code", "par"
"""The kinds of codes: pre-authorized, the state of an offer, of an authorization, of a pushed request."""

_SAME = "the code is not good, or not any more"  # for whatever reason, so that nobody learns which


def open_offer(issuer: CredentialIssuer, entry: OfferEntry, at: datetime, *, by_code: bool = False) -> Offer:
    """What a wallet is offered now, with a fresh code that is good for minutes; raises Denial where nothing is.

    One grant is offered at a time: the authorization code where that is asked for ``by_code`` or HAIP wants it,
    else the pre-authorized one. Some wallets that are offered both take the first they think of, and fail.
    """
    if closed(issuer, entry, at):
        raise Denial(DENIED, "there is nothing to take here any more", status=410)
    ids = tuple(each.id for each in configurations_for(issuer, entry))
    until = min(at + issuer.rules.code_lifetime, entry.until)
    said: Json = {"configurations": list(ids)}
    with issuer.claims.writing() as connection:
        passing.sweep(connection, at)
        kind = STATE if by_code or issuer.rules.haip else PRE
        code = passing.make_code(connection, entry.id, kind, said, until)
    if kind == STATE:
        return Offer(issuer.identifier, ids, issuer_state=code)
    return Offer(issuer.identifier, ids, code, TxCode(length=entry.code_length) if entry.has_code else None)


def closed(issuer: CredentialIssuer, entry: OfferEntry, at: datetime) -> bool:
    """Whether nothing can be taken: taken, withdrawn, over, its code tried too often, or its record not valid."""
    record = issuer.ledger.get(entry.record_id)
    return (
        entry.state != OPEN or entry.is_over(at) or entry.is_locked or record is None or record.state != VALID
    )


def configurations_for(issuer: CredentialIssuer, entry: OfferEntry) -> tuple[Configuration, ...]:
    """The configurations in which the record of an offer can be had."""
    record = issuer.ledger.get(entry.record_id)
    if record is None:
        return ()
    return configurations_of(issuer.kind(record), issuer.rules.forms)


@dataclass(frozen=True, slots=True)
class _Bound:
    """What a token is bound to, and what its request is remembered by."""

    jkt: str
    client_id: str
    once: list[str]


def token(issuer: CredentialIssuer, asked: Asked) -> Reply:
    """The token endpoint; raises Denial."""
    form = read_form(asked)
    sender, client = issuer.sender(asked), issuer.client(asked)
    if issuer.rules.haip and sender is None:
        raise Denial(INVALID_DPOP, "tokens are bound to a key here: send a DPoP proof")
    if client is not None and form.get("client_id", client.id) != client.id:
        raise Denial(INVALID_REQUEST, "client_id is that of another wallet")
    bound = _Bound(
        sender.thumbprint if sender else "",
        client.id if client else form.get("client_id", ""),
        sent_once(sender, client),
    )
    grant = form.get("grant_type", "")
    exchange = {PRE_AUTHORIZED: _redeem, AUTHORIZATION_CODE: _exchange}.get(grant)
    if exchange is None:
        raise Denial(INVALID_REQUEST if not grant else UNSUPPORTED_GRANT, "this grant_type is not known")
    with issuer.claims.writing() as connection:
        _remember(connection, issuer, bound, asked.at)
        found = exchange(issuer, connection, form, bound, asked.at)
    if isinstance(found, Denial):
        raise found  # after the transaction, which has counted the try
    return found


def _redeem(
    issuer: CredentialIssuer, connection: Transaction, form: dict[str, str], bound: _Bound, at: datetime
) -> Reply | Denial:
    code = form.get("pre-authorized_code", "")
    if not code:
        return Denial(INVALID_REQUEST, "pre-authorized_code is missing")
    try:
        offer, said = passing.peek_code(connection, PRE, code, at)
    except NotNow:
        return Denial(INVALID_GRANT, _SAME)
    offers.lock(connection, offer)
    entry = issuer.entry(connection, offer)
    if entry is None or entry.state != OPEN or entry.is_over(at) or entry.is_locked:
        return Denial(INVALID_GRANT, _SAME)
    tx_code = form.get("tx_code", "")
    if entry.has_code is not bool(tx_code):
        return Denial(INVALID_REQUEST, "tx_code is needed" if entry.has_code else "no tx_code is asked for")
    if not offers.code_holds(connection, offer, tx_code):
        return Denial(INVALID_GRANT, _SAME)
    allowed = wanted(form, said["configurations"])
    try:
        passing.spend_code(connection, PRE, code, at)
    except NotNow:
        return Denial(INVALID_GRANT, _SAME)
    return _given(issuer, connection, offer, code, allowed, bound, at)


def _exchange(
    issuer: CredentialIssuer, connection: Transaction, form: dict[str, str], bound: _Bound, at: datetime
) -> Reply | Denial:
    """An authorization code is spent by the first who shows it, and a second one ends what it gave (RFC 6749 §4.1.2)."""
    code, verifier = form.get("code", ""), form.get("code_verifier", "")
    if not code or not verifier:
        return Denial(INVALID_REQUEST, "code and code_verifier are needed")
    try:
        offer, said = passing.spend_code(connection, CODE, code, at)
    except NotNow as late:
        if late.why == SPENT:
            passing.end_tokens(connection, code=code)
        return Denial(INVALID_GRANT, _SAME)
    same = (
        hmac.compare_digest(hash_of(verifier), said["challenge"])
        and form.get("redirect_uri", "") == said["redirect_uri"]
        and bound.client_id == said["client_id"]
        and said.get("jkt", "") in ("", bound.jkt)
    )
    offers.lock(connection, offer)  # or a wallet that takes it now would not end this token
    entry = issuer.entry(connection, offer)
    if not same or entry is None or entry.state != OPEN:
        return Denial(INVALID_GRANT, _SAME)
    allowed: tuple[list[str], bool] = (said["configurations"], bool(said["details"]))
    return _given(issuer, connection, offer, code, allowed, bound, at)


def _given(
    issuer: CredentialIssuer,
    connection: Transaction,
    offer: int,
    code: str,
    allowed: tuple[list[str], bool],
    bound: _Bound,
    at: datetime,
) -> Reply:
    """The answer with a fresh token, beside which no other one of the offer is good."""
    configurations, by_identifier = allowed
    passing.end_tokens(connection, offer=offer)
    said: Json = {
        "configurations": configurations,
        "identifiers": by_identifier,
        "jkt": bound.jkt,
        "client_id": bound.client_id,
    }
    fresh = passing.make_token(connection, offer, code, said, at + issuer.rules.token_lifetime)
    answer: Json = {
        "access_token": fresh,
        "token_type": "DPoP" if bound.jkt else "Bearer",
        "expires_in": int(issuer.rules.token_lifetime.total_seconds()),
    }
    if by_identifier:
        answer["authorization_details"] = [
            {"type": DETAILS_TYPE, "credential_configuration_id": each, "credential_identifiers": [name_of(each)]}
            for each in configurations
        ]  # fmt: skip
    if not issuer.rules.haip:  # wallets of drafts before 15 take the first nonce from here
        answer["c_nonce"] = issuer.nonces.make(C_NONCE, at)
        answer["c_nonce_expires_in"] = int(issuer.nonces.lifetime.total_seconds())
    return Reply(200, answer, {"Cache-Control": "no-store"})


def name_of(configuration: str) -> str:
    """The credential identifier of a configuration: of each offer there is one dataset in each."""
    return f"{configuration}.1"


def wanted(form: dict[str, str], allowed: list[str]) -> tuple[list[str], bool]:
    """The configurations asked for, and whether by ``authorization_details``; raises Denial."""
    details = read_details(form.get("authorization_details", ""))
    if set(details) - set(allowed):
        raise Denial(INVALID_DETAILS, "this configuration is not offered")
    return (list(details), True) if details else (_wanted_scopes(form, allowed), False)


def _wanted_scopes(form: dict[str, str], allowed: list[str]) -> list[str]:
    """The configurations that ``scope`` asks for, all that are allowed where it says nothing; raises Denial."""
    scopes = form.get("scope", "").split()
    if not scopes:
        return allowed
    named = [each for each in allowed if each in scopes]
    if not named:
        raise Denial(INVALID_SCOPE, "no scope is one of a configuration that is offered")
    return named


def _remember(connection: Transaction, issuer: CredentialIssuer, bound: _Bound, at: datetime) -> None:
    """Refuse a DPoP proof or a wallet's proof that was seen before."""
    try:
        passing.see_once(connection, bound.once, at + 2 * issuer.rules.code_lifetime)
    except NotNow as late:
        error = INVALID_DPOP if late.why == REPLAYED else INVALID_REQUEST
        raise Denial(error, "the proof was used before") from None
