"""The authorization code flow up to the code: pushed requests, PKCE, the learner's consent (OID4VCI §5, RFC 9126)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit

from testamur.errors import EvidenceUnusable, Malformed
from testamur.fetch.origins import split_url
from testamur.jsontext import Json
from testamur.openid4vci.counter import CredentialIssuer, sent_once
from testamur.openid4vci.granting import CODE, PUSHED, STATE, closed, wanted
from testamur.openid4vci.refusing import (
    INVALID_DPOP,
    INVALID_REQUEST,
    UNSUPPORTED_RESPONSE,
    Denial,
)
from testamur.openid4vci.requests import Asked, Reply, read_form
from testamur.store.claims import OVER, NotNow, OfferEntry, offers, passing

REQUEST_URI = "urn:ietf:params:oauth:request_uri:"
_PUSHED_FOR = timedelta(minutes=10)  # a learner reads the page and looks for her code in this time
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_OWN_SCHEME = re.compile(r"[a-z][a-z0-9+-]*(?:\.[a-z0-9+-]+)+|openid-credential-offer|haip-vci|eudi-[a-z]+")
_HERE = ("127.0.0.1", "localhost", "::1")


def push(issuer: CredentialIssuer, asked: Asked) -> Reply:
    """The pushed authorization request endpoint (RFC 9126); raises Denial."""
    form = read_form(asked)
    sender, client = issuer.sender(asked), issuer.client(asked)
    if "request_uri" in form or "request" in form:
        raise Denial(INVALID_REQUEST, "the request is pushed as parameters")
    said = _request(form, client.id if client else form.get("client_id", ""))
    if sender is not None:
        if form.get("dpop_jkt", sender.thumbprint) != sender.thumbprint:
            raise Denial(INVALID_DPOP, "dpop_jkt is that of another key")
        said["jkt"] = sender.thumbprint
    state = form.get("issuer_state", "")
    if not state:
        raise Denial(INVALID_REQUEST, "begin with an offer: issuer_state is missing")
    try:
        with issuer.claims.writing() as connection:
            passing.see_once(connection, sent_once(sender, client), asked.at + 2 * _PUSHED_FOR)
            offer, offered = passing.peek_code(connection, STATE, state, asked.at)
            if issuer.entry(connection, offer) is None:
                raise NotNow(OVER)
            said["configurations"], said["details"] = wanted(form, offered["configurations"])
            handle = passing.make_code(connection, offer, PUSHED, said, asked.at + _PUSHED_FOR)
    except NotNow:
        raise Denial(INVALID_REQUEST, "the offer is not good any more; open it again") from None
    answer = {"request_uri": REQUEST_URI + handle, "expires_in": int(_PUSHED_FOR.total_seconds())}
    return Reply(201, answer, {"Cache-Control": "no-store"})


def _request(form: dict[str, str], client_id: str) -> Json:
    """What of an authorization request is kept; raises Denial."""
    if form.get("response_type") != "code":
        raise Denial(UNSUPPORTED_RESPONSE, "response_type must be code")
    if not client_id or form.get("client_id", client_id) != client_id:
        raise Denial(INVALID_REQUEST, "client_id is missing, or that of another wallet")
    if form.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(
        form.get("code_challenge", "")
    ):
        raise Denial(INVALID_REQUEST, "code_challenge with S256 is needed (RFC 7636)")
    redirect = form.get("redirect_uri", "")
    if not may_return(redirect):
        raise Denial(INVALID_REQUEST, "redirect_uri must be https, or of a scheme of the wallet's own")
    return {
        "client_id": client_id[:512],
        "redirect_uri": redirect,
        "state": form.get("state", "")[:2048],
        "challenge": form["code_challenge"],
        "jkt": form.get("dpop_jkt", ""),
    }


def may_return(uri: str) -> bool:
    """Whether a browser may be sent back there: https, this machine, or a scheme of an app's own (RFC 8252 §7)."""
    if not 0 < len(uri) <= 2048 or not uri.isascii() or not uri.isprintable() or " " in uri:
        return False
    try:
        parts = urlsplit(uri)
        if parts.scheme in ("https", "http"):
            host = split_url(uri)[0].host
            return not parts.fragment and (parts.scheme == "https" or host in _HERE)
    except (ValueError, EvidenceUnusable):
        return False
    return not parts.fragment and bool(_OWN_SCHEME.fullmatch(parts.scheme))


@dataclass(frozen=True, slots=True)
class Waiting:
    """An authorization request that waits for its learner."""

    handle: str
    entry: OfferEntry
    client_id: str
    redirect_uri: str

    @property
    def wallet(self) -> str:
        """What the page calls the wallet: where it is sent back to, since nobody vouches for other names."""
        parts = urlsplit(self.redirect_uri)
        return parts.netloc if parts.scheme in ("https", "http") else parts.scheme


def waiting(issuer: CredentialIssuer, request_uri: str, client_id: str, at: datetime) -> Waiting:
    """The request that was pushed; raises Denial where it is none, over, or another wallet's."""
    handle = request_uri.removeprefix(REQUEST_URI)
    try:
        with issuer.claims.reading() as connection:
            offer, said = passing.peek_code(connection, PUSHED, handle, at)
            entry = issuer.entry(connection, offer)
    except NotNow:
        raise Denial(INVALID_REQUEST, "this request is over; begin again in the wallet") from None
    if entry is None or said["client_id"] != client_id:
        raise Denial(INVALID_REQUEST, "this request is of another wallet")
    return Waiting(handle, entry, client_id, said["redirect_uri"])


def agree(issuer: CredentialIssuer, asked: Waiting, code: str, at: datetime) -> str:
    """Where the browser goes with an authorization code, "" where the learner's code was wrong; raises Denial."""
    if closed(issuer, asked.entry, at):
        raise Denial(INVALID_REQUEST, "there is nothing to take here any more")
    with issuer.claims.writing() as connection:
        if not offers.code_holds(connection, asked.entry.id, code):
            return ""
        try:
            offer, said = passing.spend_code(connection, PUSHED, asked.handle, at)
        except NotNow:
            raise Denial(INVALID_REQUEST, "this request is over; begin again in the wallet") from None
        fresh = passing.make_code(connection, offer, CODE, said, at + timedelta(minutes=1))
    return _back(issuer, said, {"code": fresh})


def decline(issuer: CredentialIssuer, asked: Waiting, at: datetime) -> str:
    """Where the browser goes when the learner says no."""
    with issuer.claims.writing() as connection:
        try:
            _, said = passing.spend_code(connection, PUSHED, asked.handle, at)
        except NotNow:
            raise Denial(INVALID_REQUEST, "this request is over; begin again in the wallet") from None
    return _back(issuer, said, {"error": "access_denied"})


def _back(issuer: CredentialIssuer, said: Json, answer: dict[str, str]) -> str:
    answer |= {"state": said["state"]} if said["state"] else {}
    answer["iss"] = issuer.identifier
    redirect = str(said["redirect_uri"])
    if not may_return(redirect):
        raise Malformed("redirect_uri", "it is no address to go back to")
    return redirect + ("&" if "?" in redirect else "?") + urlencode(answer)
