"""The wallet's side: from an offer to the records, by either grant (OID4VCI 1.0), without any screen.

    offer = read_offer(text, fetch)
    issuer = look_up(offer.credential_issuer, fetch, offer=offer)
    access = redeem(issuer, offer, line, tx_code="493 536", at=now)              # pre-authorized
    started = begin(issuer, offer, line, client_id=…, redirect_uri=…, at=now)    # or by signing in there:
    access = finish(issuer, started, line, where_the_browser_came_back_to, at=now)
    received = ask(issuer, access, configuration_id, keys, line, at=now)

Addresses come out of offers, so all of them are opened by ``fetch``.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from secrets import token_urlsafe
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from testamur.did import jwk_did
from testamur.errors import EvidenceUnusable, Malformed, ProofInvalid, Unsupported
from testamur.fetch import Answered, Fetching
from testamur.jsontext import Json, parse_object, write_json
from testamur.keys import DecryptionKey, PrivateKey
from testamur.openid4vci.addresses import ISSUER, SERVER, well_known
from testamur.openid4vci.dpop import hash_of
from testamur.openid4vci.key_proofs import make_proof
from testamur.openid4vci.metadata import IssuerMetadata, Offered, ServerMetadata
from testamur.openid4vci.offering import AUTHORIZATION_CODE, MAX_OFFER, PRE_AUTHORIZED, Offer, read_link
from testamur.openid4vci.refusing import INVALID_NONCE, Denial
from testamur.openid4vci.requests import DETAILS_TYPE
from testamur.openid4vci.talking import Line
from testamur.proofs import SecuredDocument, decode

_MAX_METADATA = 1_000_000


@dataclass(frozen=True, slots=True)
class Issuer:
    """An issuer and its authorization server, as their metadata have them."""

    metadata: IssuerMetadata
    server: ServerMetadata

    @property
    def host(self) -> str:
        """Who offers, as a wallet shows it before anything is taken."""
        return urlsplit(self.metadata.credential_issuer).netloc


@dataclass(frozen=True, slots=True)
class Access:
    """An access token and what it is for."""

    token: str = field(repr=False)
    identifiers: dict[str, tuple[str, ...]]  # by configuration; empty where asked by configuration
    c_nonce: str = ""  # of issuers that have no nonce endpoint
    client_id: str = ""


@dataclass(frozen=True, slots=True)
class Received:
    """Records as they came, or the transaction under which they will be ready in ``interval`` seconds."""

    records: tuple[SecuredDocument, ...]
    notification_id: str = ""
    transaction_id: str = ""
    interval: int = 0


def read_offer(text: str, fetch: Fetching) -> Offer:
    """The offer in a link, a scanned code or a JSON text, fetched where it is only referred to; raises Malformed."""
    found = read_link(text)
    if isinstance(found, Offer):
        return found
    fetched = fetch.get(found, accept="application/json", max_bytes=MAX_OFFER)
    return Offer.parse(parse_object(fetched.body, max_bytes=MAX_OFFER, max_depth=8))


def look_up(identifier: str, fetch: Fetching, *, offer: Offer | None = None) -> Issuer:
    """The metadata of an issuer and of the server that an offer names; raises Malformed, EvidenceUnusable."""
    metadata = IssuerMetadata.parse(_object(fetch, identifier, ISSUER), identifier)
    wanted = offer.authorization_server if offer else ""
    if wanted and wanted not in metadata.authorization_servers:
        raise Malformed("authorization_server", "the offer names a server that is none of the issuer's")
    server = wanted or metadata.authorization_servers[0]
    if offer and (
        unknown := [each for each in offer.configuration_ids if each not in metadata.configurations]
    ):
        raise Malformed("credential_configuration_ids", f"the issuer does not know {unknown[0]!r:.80}")
    return Issuer(metadata, ServerMetadata.parse(_object(fetch, server, SERVER), server))


def _object(fetch: Fetching, identifier: str, name: str) -> Json:
    fetched = fetch.get(well_known(identifier, name), accept="application/json", max_bytes=_MAX_METADATA)
    return parse_object(fetched.body, max_bytes=_MAX_METADATA, max_depth=24)


def redeem(issuer: Issuer, offer: Offer, line: Line, *, tx_code: str = "", at: datetime) -> Access:
    """The token for a pre-authorized code; raises Denial, with ``invalid_grant`` for a wrong ``tx_code``."""
    if not offer.pre_authorized_code:
        raise Malformed("grants", "the offer has no pre-authorized code")
    form = {"grant_type": PRE_AUTHORIZED, "pre-authorized_code": offer.pre_authorized_code}
    if offer.tx_code is not None:
        form["tx_code"] = "".join(tx_code.split())
    client_id = ""
    if line.attestation:
        client_id = form["client_id"] = line.attestation.client_id
    said = line.post_form(issuer.server.token_endpoint, form, at, audience=issuer.server.issuer)
    return _access(said, client_id, line)


@dataclass(frozen=True, slots=True)
class Started:
    """An authorization that the learner goes on with in a browser, at ``url``; kept until she comes back."""

    url: str
    client_id: str
    redirect_uri: str
    state: str = field(repr=False)
    verifier: str = field(repr=False)


def begin(
    issuer: Issuer,
    offer: Offer,
    line: Line,
    *,
    client_id: str,
    redirect_uri: str,
    configuration_ids: Sequence[str] = (),
    at: datetime,
) -> Started:
    """Push an authorization request (PAR, PKCE S256); the browser is then sent to ``url``."""
    server = issuer.server
    if not server.authorization_endpoint:
        raise Unsupported("the issuer has no page to sign in")
    state, verifier = token_urlsafe(24), token_urlsafe(48)
    wanted = configuration_ids or offer.configuration_ids
    own = issuer.metadata.credential_issuer
    where: Json = {} if issuer.metadata.authorization_servers == (own,) else {"locations": [own]}
    details = [{"type": DETAILS_TYPE, "credential_configuration_id": each} | where for each in wanted]
    form = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "state": state,
        "code_challenge": hash_of(verifier),
        "code_challenge_method": "S256",
        "authorization_details": write_json(details),
    }
    if offer.issuer_state:
        form["issuer_state"] = offer.issuer_state
    query = form
    if server.par_endpoint:
        pushed = line.post_form(server.par_endpoint, form, at, audience=server.issuer)
        query = {"client_id": client_id, "request_uri": _text(pushed, "request_uri")}
    elif server.par_required:
        raise Malformed("pushed_authorization_request_endpoint", "it is required and missing")
    mark = "&" if "?" in server.authorization_endpoint else "?"
    url = f"{server.authorization_endpoint}{mark}{urlencode(query)}"
    return Started(url, client_id, redirect_uri, state, verifier)


def finish(issuer: Issuer, started: Started, line: Line, came_back: str, *, at: datetime) -> Access:
    """The token for the code with which the browser came back; raises Denial, ProofInvalid for another's answer."""
    try:
        query = dict(parse_qsl(urlsplit(came_back).query, max_num_fields=32))
    except ValueError:
        raise ProofInvalid("the answer cannot be read", clause="RFC 6749 §4.1.2") from None
    if not hmac.compare_digest(query.get("state", "").encode(), started.state.encode()):
        raise ProofInvalid("the answer belongs to another request (state)", clause="RFC 6749 §10.12")
    if (issuer.server.names_itself or "iss" in query) and query.get("iss") != issuer.server.issuer:
        raise ProofInvalid("the answer is of another server (iss)", clause="RFC 9207 §2.4")
    if "error" in query:
        raise Denial(query["error"][:100], query.get("error_description", "the issuer's page was left")[:300])
    form = {
        "grant_type": AUTHORIZATION_CODE,
        "code": query.get("code", ""),
        "redirect_uri": started.redirect_uri,
        "client_id": started.client_id,
        "code_verifier": started.verifier,
    }
    said = line.post_form(issuer.server.token_endpoint, form, at, audience=issuer.server.issuer)
    return _access(said, started.client_id, line)


def _access(said: Json, client_id: str, line: Line) -> Access:
    kind = _text(said, "token_type").lower()
    if kind not in ("bearer", "dpop"):
        raise Unsupported("the issuer gives tokens of a kind that is not known here")
    if kind == "bearer":  # the server takes no DPoP: the token is shown as it is
        line.dpop_key = None
    details = said.get("authorization_details", [])
    identifiers = {
        str(each.get("credential_configuration_id")): tuple(map(str, each.get("credential_identifiers", [])))
        for each in (details if isinstance(details, list) else [])
        if isinstance(each, dict) and isinstance(each.get("credential_identifiers", []), list)
    }
    nonce = said.get("c_nonce", "")
    return Access(
        _text(said, "access_token"), identifiers, nonce if isinstance(nonce, str) else "", client_id
    )


def ask(
    issuer: Issuer,
    access: Access,
    configuration_id: str,
    keys: Sequence[PrivateKey],
    line: Line,
    *,
    dids: Sequence[str] = (),
    attestation: str = "",
    at: datetime,
) -> Received:
    """A record for each key; a stale nonce is asked for again once. Raises Denial, Malformed, Unsupported.

    ``dids`` name the keys by did:key or did:jwk where the configuration takes no bare keys.
    """
    configuration = issuer.metadata.configurations.get(configuration_id)
    if configuration is None:
        raise Malformed("credential_configuration_id", "the issuer does not know it")
    if not 0 < len(keys) <= max(1, issuer.metadata.batch_size):
        raise Unsupported(f"the issuer binds at most {issuer.metadata.batch_size} keys at once")
    for last in (False, True):
        nonce = _nonce(issuer, access, line, at)
        document = _request(access, configuration, configuration_id)
        document |= _proofs(issuer, access, configuration, keys, dids, attestation, nonce, at)
        try:
            return _exchange(issuer, access, document, line, at)
        except Denial as denial:
            if denial.error != INVALID_NONCE or last:
                raise
    raise AssertionError


def collect(issuer: Issuer, access: Access, transaction_id: str, line: Line, *, at: datetime) -> Received:
    """What was deferred, or that it is not ready yet."""
    url = issuer.metadata.deferred_endpoint
    if not url:
        raise Unsupported("the issuer has nowhere to come back to")
    return _exchange(issuer, access, {"transaction_id": transaction_id}, line, at, url=url)


def notify(
    issuer: Issuer, access: Access, received: Received, event: str, line: Line, *, at: datetime
) -> None:
    """Tell the issuer what became of a record: ``credential_accepted``, ``…_failure``, ``…_deleted``."""
    if issuer.metadata.notification_endpoint and received.notification_id:
        said = {"notification_id": received.notification_id, "event": event}
        line.post_json(
            issuer.metadata.notification_endpoint, said, at, token=access.token, expects=(200, 202, 204)
        )


def _nonce(issuer: Issuer, access: Access, line: Line, at: datetime) -> str:
    if not issuer.metadata.nonce_endpoint:
        return access.c_nonce
    answered = line.post_json(issuer.metadata.nonce_endpoint, {}, at)
    return _text(parse_object(answered.body, max_bytes=10_000), "c_nonce")


def _request(access: Access, configuration: Offered, configuration_id: str) -> Json:
    if named := access.identifiers.get(configuration_id):
        return {"credential_identifier": named[0]}
    return {"credential_configuration_id": configuration_id}


def _proofs(
    issuer: Issuer,
    access: Access,
    configuration: Offered,
    keys: Sequence[PrivateKey],
    dids: Sequence[str],
    attestation: str,
    nonce: str,
    at: datetime,
) -> Json:
    if not configuration.proof_types:
        return {}
    if "jwt" not in configuration.proof_types:
        raise Unsupported("the issuer takes proofs of a kind that is not made here")
    names = dids or [_name(configuration, key) for key in keys]
    made = [
        make_proof(
            key, audience=issuer.metadata.credential_issuer, nonce=nonce, at=at,
            client_id=access.client_id, did=name, attestation=attestation,
        )
        for key, name in zip(keys, names, strict=True)
    ]  # fmt: skip
    return {"proofs": {"jwt": made}}


def _name(configuration: Offered, key: PrivateKey) -> str:
    """How a key is named where nobody says: bare where that is taken, else as the DID made of it."""
    if "jwk" in configuration.binding:
        return ""
    if "did:key" in configuration.binding:
        return f"did:key:{key.public_key.multikey}"
    return jwk_did(key.public_key)


def _exchange(
    issuer: Issuer, access: Access, document: Json, line: Line, at: datetime, *, url: str = ""
) -> Received:
    """One request and its answer, both encrypted where the issuer can."""
    metadata = issuer.metadata
    url = url or metadata.credential_endpoint
    reader: DecryptionKey | None = None
    if metadata.response_encryption.enc and metadata.request_encryption.key is not None:
        reader = DecryptionKey.generate()
        document = document | {
            "credential_response_encryption": {
                "jwk": reader.public.jwk, "enc": metadata.response_encryption.enc
            }
        }  # fmt: skip
    elif metadata.response_encryption.required:
        raise Unsupported("the issuer wants answers encrypted and takes no encrypted requests")
    expects = (200, 202)
    if metadata.request_encryption.key is not None:
        sealed = metadata.request_encryption.key.encrypt(
            write_json(document).encode(), enc=metadata.request_encryption.enc
        )
        answered = line.post_token(url, sealed, at, token=access.token, expects=expects)
    else:
        answered = line.post_json(url, document, at, token=access.token, expects=expects)
    return _received(_opened(answered, reader))


def _opened(answered: Answered, reader: DecryptionKey | None) -> Json:
    if answered.media_type == "application/jwt":
        if reader is None:
            raise Malformed("", "the issuer encrypted an answer that nobody asked to be")
        return parse_object(reader.decrypt(answered.body.decode("ascii", "replace")).plaintext)
    if reader is not None and answered.status == 200:
        raise Malformed("", "the issuer was asked to encrypt its answer and did not")
    return parse_object(answered.body)


def _received(document: Json) -> Received:
    if transaction := document.get("transaction_id"):
        interval = document.get("interval", 5)
        if not isinstance(transaction, str) or not isinstance(interval, int) or interval < 0:
            raise Malformed("transaction_id", "the answer cannot be read", clause="OID4VCI §8.3")
        return Received((), transaction_id=transaction, interval=min(interval, 86_400))
    listed: Any = document.get("credentials")
    if not isinstance(listed, list) or not 0 < len(listed) <= 100:
        raise Malformed("credentials", "the answer holds no records", clause="OID4VCI §8.3")
    records = tuple(_record(each) for each in listed)
    notification = document.get("notification_id", "")
    return Received(records, notification if isinstance(notification, str) else "")


def _record(entry: Any) -> SecuredDocument:
    value = entry.get("credential") if isinstance(entry, dict) else None
    if isinstance(value, dict):
        return decode(write_json(value).encode())
    if not isinstance(value, str):
        raise Malformed("credential", "a record is a text or an object", clause="OID4VCI §8.3")
    return decode(value.encode())


def _text(members: Json, name: str) -> str:
    value = members.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= 16_384:
        raise EvidenceUnusable(f"the issuer's answer has no {name}")
    return value
