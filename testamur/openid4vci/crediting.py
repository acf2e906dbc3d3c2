"""The endpoints that hand out records: nonce, credential, deferred credential, notification (OID4VCI §7 to §11)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from testamur.errors import Malformed, TestamurError, Undecided
from testamur.jsontext import Json, parse_object, write_json
from testamur.openid4vci.bearing import Bearer, bearer_of, opened
from testamur.openid4vci.configurations import Configuration, named
from testamur.openid4vci.counter import (
    C_NONCE,
    DPOP_NONCE,
    CredentialIssuer,
    once,
)
from testamur.openid4vci.granting import name_of
from testamur.openid4vci.holder_keys import HolderKey
from testamur.openid4vci.key_proofs import Proven, check_attestation, check_proof
from testamur.openid4vci.refusing import (
    DENIED,
    INVALID_CREDENTIAL_REQUEST,
    INVALID_ENCRYPTION,
    INVALID_NONCE,
    INVALID_PROOF,
    INVALID_TOKEN,
    UNKNOWN_CONFIGURATION,
    UNKNOWN_IDENTIFIER,
    Denial,
    bearer_denial,
)
from testamur.openid4vci.requests import (
    Asked,
    CredentialRequest,
    Encrypting,
    Reply,
)
from testamur.store import VALID, Record
from testamur.store.claims import (
    ENDED,
    OTHER_KEYS,
    REPLAYED,
    Grant,
    Made,
    NotNow,
    Transaction,
    passing,
    taking,
)

NO_STORE = {"Cache-Control": "no-store"}
MEMORY = timedelta(minutes=30)  # of what counts once: longer than any of it is good


def nonce(issuer: CredentialIssuer, at: datetime) -> Reply:
    """A fresh ``c_nonce`` (OID4VCI §7.2), and one for DPoP beside it where those are asked for."""
    headers = dict(NO_STORE)
    if issuer.needs_dpop_nonce:
        headers["DPoP-Nonce"] = issuer.nonces.make(DPOP_NONCE, at)
    return Reply(200, {"c_nonce": issuer.nonces.make(C_NONCE, at)}, headers)


def credential(issuer: CredentialIssuer, asked: Asked) -> Reply:
    """The credential endpoint; raises Denial."""
    bearer = bearer_of(issuer, asked)
    body, was_encrypted = opened(issuer, asked)
    request = CredentialRequest.parse(body)
    if request.encrypting and issuer.request_key is not None and not was_encrypted:
        raise Denial(INVALID_ENCRYPTION, "who wants the answer encrypted encrypts the request")
    configuration = _configuration(issuer, bearer.grant, request)
    proven = _proven(issuer, request, asked.at)
    record = record_of(issuer, bearer)
    if issuer.sign is None:
        return _later(issuer, bearer, request, configuration, proven, asked.at)
    made = sign_for(issuer, record, configuration, proven.keys, asked.at)
    return _handed_out(issuer, bearer, request, configuration, made, proven.nonce, asked.at)


def _configuration(issuer: CredentialIssuer, grant: Grant, request: CredentialRequest) -> Configuration:
    """The configuration asked for, which the token allows; raises Denial."""
    allowed = [str(each) for each in grant.said["configurations"]]
    if request.identifier:
        by_name = {name_of(each): each for each in allowed} if grant.said.get("identifiers") else {}
        wanted = by_name.get(request.identifier, "")
        if not wanted:
            raise Denial(UNKNOWN_IDENTIFIER, "there is no credential of this identifier")
    elif request.configuration_id:
        if grant.said.get("identifiers"):
            raise Denial(INVALID_CREDENTIAL_REQUEST, "with this token, ask by credential_identifier")
        wanted = request.configuration_id
    else:
        wanted = _by_format(issuer, request, allowed)
    found = named(wanted, issuer.rules.forms)
    if found is None:
        raise Denial(UNKNOWN_CONFIGURATION, "this configuration is not known")
    if wanted not in allowed:
        raise bearer_denial("insufficient_scope", "the token does not allow this configuration")
    return found


def _by_format(issuer: CredentialIssuer, request: CredentialRequest, allowed: list[str]) -> str:
    """The configuration that a wallet of an older draft means by format and type."""
    wanted = "dc+sd-jwt" if request.format == "vc+sd-jwt" and request.vct else request.format
    for each in allowed:
        found = named(each, issuer.rules.forms)
        if found is not None and found.format == wanted:
            return each
    raise Denial(UNKNOWN_CONFIGURATION, "this format is not offered")


def _proven(issuer: CredentialIssuer, request: CredentialRequest, at: datetime) -> Proven:
    """The keys that the wallet shows, and the nonce its proofs answer; raises Denial."""
    attesters = issuer.rules.attesters if issuer.rules.attesters.authorities else None
    if request.proof_type == "jwt":
        each = [_checked(issuer, proof, at) for proof in request.proofs[: issuer.rules.batch_size + 1]]
        proven = _together(each)
    elif request.proof_type == "attestation" and attesters is not None and len(request.proofs) == 1:
        try:
            proven = check_attestation(request.proofs[0], at=at, attesters=attesters)
        except TestamurError as error:
            raise Denial(INVALID_PROOF, str(error)) from None
    else:
        raise Denial(INVALID_PROOF, "a record is bound to a key: send proofs of a type that is supported")
    if len({key.public_key.thumbprint for key in proven.keys}) != len(proven.keys):
        raise Denial(INVALID_PROOF, "two proofs are of the same key")
    if len(proven.keys) > issuer.rules.batch_size:
        raise Denial(INVALID_CREDENTIAL_REQUEST, f"at most {issuer.rules.batch_size} keys at once")
    if issuer.rules.attested_keys_only and not proven.attested:
        raise Denial(INVALID_PROOF, "only attested keys are taken here")
    if not issuer.nonces.knows(C_NONCE, proven.nonce, at):
        raise stale_nonce(issuer, request.singular, at)
    return proven


def _checked(issuer: CredentialIssuer, proof: str, at: datetime) -> Proven:
    rules = issuer.rules
    attesters = rules.attesters if rules.attesters.authorities else None
    try:
        return check_proof(
            proof, audience=issuer.identifier, at=at, resolver=issuer.resolver, attesters=attesters
        )
    except TestamurError as error:
        raise Denial(INVALID_PROOF, str(error)) from None


def _together(each: list[Proven]) -> Proven:
    if len({proven.nonce for proven in each}) != 1:
        raise Denial(INVALID_NONCE, "the proofs answer different nonces")
    keys = tuple(key for proven in each for key in proven.keys)
    return replace(each[0], keys=keys, attested=all(proven.attested for proven in each))


def stale_nonce(issuer: CredentialIssuer, singular: bool, at: datetime) -> Denial:
    """What is said to a nonce that is not good; wallets of older drafts find the next one in the answer."""
    denial = Denial(
        INVALID_NONCE, "the nonce is not one of ours, or was used, or is too old: ask for another"
    )
    return _Older(denial, issuer.nonces.make(C_NONCE, at)) if singular else denial


class _Older(Denial):
    """A refusal that brings the next nonce along, where drafts before 15 look for it."""

    def __init__(self, denial: Denial, fresh: str) -> None:
        super().__init__(denial.error, str(denial))
        self.fresh = fresh

    @property
    def document(self) -> Json:
        """With the next nonce in it."""
        return {"error": self.error, "error_description": str(self), "c_nonce": self.fresh}


def record_of(issuer: CredentialIssuer, bearer: Bearer) -> Record:
    """The record of a token, while it may be handed out; raises Denial."""
    record = issuer.ledger.get(bearer.record_id)
    if record is None or record.state != VALID or issuer.ledger.is_hidden(record.id):
        raise Denial(DENIED, "the record is not handed out any more")
    return record


def sign_for(
    issuer: CredentialIssuer,
    record: Record,
    configuration: Configuration,
    keys: tuple[HolderKey, ...],
    at: datetime,
) -> list[Made]:
    """The forms for these keys, not kept yet; raises Denial."""
    assert issuer.sign is not None
    try:
        return [
            Made(key.public_key.thumbprint, issuer.sign(record, configuration.format, key, at))
            for key in keys
        ]
    except (Malformed, Undecided):
        raise Denial(DENIED, "the record cannot be had in this form") from None


def _handed_out(
    issuer: CredentialIssuer,
    bearer: Bearer,
    request: CredentialRequest,
    configuration: Configuration,
    made: list[Made],
    used: str,
    at: datetime,
) -> Reply:
    try:
        with issuer.claims.writing() as connection:
            _see(connection, bearer, used, at)
            texts, notice = taking.take(
                connection, bearer.grant, configuration.id, made,
                at=at, remembered=at + issuer.rules.remembered,
            )  # fmt: skip
    except NotNow as late:
        raise too_late(issuer, late, request.singular, at) from None
    return answer(configuration, texts, notice, request.encrypting, singular=request.singular)


def _see(connection: Transaction, bearer: Bearer, used: str, at: datetime) -> None:
    names = once((C_NONCE, used)) + bearer.once
    passing.see_once(connection, names, at + MEMORY)


def too_late(issuer: CredentialIssuer, late: NotNow, singular: bool, at: datetime) -> Denial:
    """What is said where something that counts once was too late."""
    if late.why == REPLAYED:
        return stale_nonce(issuer, singular, at)
    if late.why in (OTHER_KEYS, ENDED):
        return Denial(DENIED, "it was taken into a wallet already, or withdrawn")
    return bearer_denial(INVALID_TOKEN, "the token is not good any more")


def answer(
    configuration: Configuration,
    texts: list[str],
    notice: str,
    encrypting: Encrypting | None,
    *,
    singular: bool = False,
) -> Reply:
    """The credentials as they are (OID4VCI §8.3), encrypted where that was asked for."""
    values = [parse_object(text) if configuration.format == "ldp_vc" else text for text in texts]
    document: Json = {"credentials": [{"credential": value} for value in values], "notification_id": notice}
    if singular:
        document["credential"] = values[0]
    if encrypting is None:
        return Reply(200, document, NO_STORE)
    sealed = encrypting.key.encrypt(write_json(document).encode(), enc=encrypting.enc)
    return Reply(200, headers=NO_STORE, token=sealed)


def _later(
    issuer: CredentialIssuer,
    bearer: Bearer,
    request: CredentialRequest,
    configuration: Configuration,
    proven: Proven,
    at: datetime,
) -> Reply:
    """Keep the request until somebody signs, and say when to come back."""
    said: Json = {
        "configuration": configuration.id,
        "keys": [{"jwk": key.public_key.jwk, "did": key.did} for key in proven.keys],
        "encrypting": request.encrypting.document if request.encrypting else None,
    }
    try:
        with issuer.claims.writing() as connection:
            _see(connection, bearer, proven.nonce, at)
            name = taking.wait(connection, bearer.grant, said, at + issuer.rules.waiting)
    except NotNow as late:
        raise too_late(issuer, late, request.singular, at) from None
    return Reply(202, {"transaction_id": name, "interval": issuer.rules.interval}, NO_STORE)
