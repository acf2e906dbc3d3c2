"""A wallet's requests to an issuer: forms and JSON, with DPoP where there is a key, and refusals told apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from secrets import token_urlsafe
from urllib.parse import urlencode

from testamur.errors import EvidenceUnusable, Malformed
from testamur.fetch import Answered, Posting
from testamur.jsontext import Json, parse_object, write_json
from testamur.keys import PrivateKey
from testamur.openid4vci.clients import ATTESTATION_HEADER, POP_HEADER, make_attestation_pop
from testamur.openid4vci.dpop import make_dpop
from testamur.openid4vci.refusing import INVALID_REQUEST, USE_DPOP_NONCE, Denial

MAX_ANSWER = 4_000_000
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class WalletAttestation:
    """What its maker says of a wallet, and the key it speaks of."""

    token: str
    key: PrivateKey
    client_id: str


@dataclass(slots=True)
class Line:
    """A wallet's side of the talk with one issuer; the last nonce for DPoP of each server is remembered."""

    fetch: Posting
    dpop_key: PrivateKey | None = None
    attestation: WalletAttestation | None = None
    _nonces: dict[str, str] = field(default_factory=dict)

    def post_form(self, url: str, form: Mapping[str, str], at: datetime, *, audience: str = "") -> Json:
        """What a form is answered with; raises Denial for a refusal."""
        body = urlencode(form).encode()
        return self._json(self._send(url, body, _FORM, at, audience=audience))

    def post_json(
        self, url: str, document: Json, at: datetime, *, token: str = "", expects: tuple[int, ...] = (200,)
    ) -> Answered:
        """What a JSON request is answered with; raises Denial for a refusal."""
        body = write_json(document).encode()
        return self._checked(self._send(url, body, "application/json", at, token=token), expects)

    def post_token(
        self, url: str, jwe: str, at: datetime, *, token: str, expects: tuple[int, ...] = (200,)
    ) -> Answered:
        """The same with a request that is encrypted."""
        return self._checked(self._send(url, jwe.encode(), "application/jwt", at, token=token), expects)

    def _send(
        self, url: str, body: bytes, kind: str, at: datetime, *, token: str = "", audience: str = ""
    ) -> Answered:
        """One request, and a second one where the server asks for its nonce (RFC 9449 §8)."""
        answered = self._once(url, body, kind, at, token, audience)
        nonce = answered.headers.get("dpop-nonce", "")
        if self.dpop_key and nonce:
            self._nonces[_place(url)] = nonce
            asked = USE_DPOP_NONCE in answered.headers.get("www-authenticate", "") or (
                answered.status == 400 and USE_DPOP_NONCE.encode() in answered.body[:2000]
            )
            if answered.status in (400, 401) and asked:
                return self._once(url, body, kind, at, token, audience)
        return answered

    def _once(self, url: str, body: bytes, kind: str, at: datetime, token: str, audience: str) -> Answered:
        headers: dict[str, str] = {}
        if token:
            headers["Authorization"] = f"{'DPoP' if self.dpop_key else 'Bearer'} {token}"
        if self.dpop_key:
            headers["DPoP"] = make_dpop(
                self.dpop_key, "POST", url, jti=token_urlsafe(16), at=at,
                access_token=token, nonce=self._nonces.get(_place(url), ""),
            )  # fmt: skip
        if self.attestation and audience:
            headers[ATTESTATION_HEADER] = self.attestation.token
            headers[POP_HEADER] = make_attestation_pop(
                self.attestation.key, client_id=self.attestation.client_id, audience=audience,
                jti=token_urlsafe(16), at=at,
            )  # fmt: skip
        return self.fetch.post(url, body, kind, headers=headers, max_bytes=MAX_ANSWER)

    def _json(self, answered: Answered) -> Json:
        return parse_object(self._checked(answered, (200, 201)).body)

    def _checked(self, answered: Answered, expects: tuple[int, ...]) -> Answered:
        if answered.status in expects:
            return answered
        if 400 <= answered.status < 500:
            raise refusal(answered)
        raise EvidenceUnusable(f"the issuer answered with status {answered.status}")


def refusal(answered: Answered) -> Denial:
    """What an issuer said no with."""
    try:
        said = parse_object(answered.body, max_bytes=100_000, max_depth=8)
    except Malformed:
        said = {}
    error, description = said.get("error"), said.get("error_description")
    if not isinstance(error, str):
        challenge = answered.headers.get("www-authenticate", "")
        error = challenge.partition('error="')[2].partition('"')[0] or INVALID_REQUEST
    words = description if isinstance(description, str) else f"the issuer refuses ({error:.60})"
    return Denial(error[:100], words[:300], status=answered.status)


def _place(url: str) -> str:
    return "/".join(url.split("/", 3)[:3])
