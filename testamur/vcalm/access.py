"""Who may ask: bearer tokens, and OAuth2 client credentials that buy one for an hour (RFC 6749 §4.4, RFC 6750)."""

from __future__ import annotations

import base64
import hmac
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from starlette.exceptions import HTTPException

from testamur.encoding import decode_base64url, encode_base64url
from testamur.errors import Malformed, OperatorError
from testamur.vcalm.tables import Table

GOOD_FOR = 3600
_DIGEST = 64
_MAX_TOKEN = 4096


@dataclass(frozen=True, slots=True)
class Client:
    """A program that may use some instances; what it shows is known by its SHA-256 only."""

    name: str
    instances: frozenset[str]  # empty: all of them
    token_sha256: str = ""
    secret_sha256: str = ""

    @classmethod
    def read(cls, table: Table) -> Client:
        """The client of ``[clients.NAME]``; raises OperatorError where it could never be let in."""
        client = cls(
            table.key,
            frozenset(table.texts("instances")),
            _digest(table, "token_sha256"),
            _digest(table, "secret_sha256"),
        )
        table.finish()
        if not client.token_sha256 and not client.secret_sha256:
            raise OperatorError(
                f"[{table.name}] has neither token_sha256 nor secret_sha256",
                hint="print -n TOKEN | sha256sum  gives the digest of a long random token",
            )
        return client

    def may_use(self, instance: str) -> bool:
        """Whether the instance is among its own."""
        return not self.instances or instance in self.instances


class Access:
    """The clients, and the tokens sold to them, which nobody has to keep: each carries its own seal."""

    def __init__(
        self, clients: Iterable[Client], *, seal: bytes = b"", now: Callable[[], float] = time.time
    ) -> None:
        self._clients = {client.name: client for client in clients}
        self._tokens = {client.token_sha256: client for client in self._clients.values()}
        self._tokens.pop("", None)
        self._seal = seal or secrets.token_bytes(32)
        self._now = now

    def check(self, authorization: str, instance: str) -> None:
        """Return if this header lets its sender use the instance; raises HTTPException 401 or 403."""
        scheme, _, token = authorization.partition(" ")
        client = self._client(token.strip()) if scheme.lower() == "bearer" else None
        if client is None:
            raise HTTPException(
                401, "A bearer token is needed, and this is none", {"WWW-Authenticate": "Bearer"}
            )
        if not client.may_use(instance):
            raise HTTPException(403, "This client may not use this instance")

    def sell(self, authorization: str, form: dict[str, str]) -> dict[str, Any]:
        """A token for an hour, for a client's id and secret; raises HTTPException 400 or 401."""
        if form.get("grant_type") != "client_credentials":
            raise HTTPException(400, "The only grant here is client_credentials")
        name, secret = _basic(authorization) or (form.get("client_id", ""), form.get("client_secret", ""))
        client = self._clients.get(name)
        wanted = client.secret_sha256 if client else ""
        if not hmac.compare_digest(sha256(secret.encode()).hexdigest(), wanted or "0" * _DIGEST):
            raise HTTPException(401, "No client has this id and secret", {"WWW-Authenticate": "Basic"})
        until = int(self._now()) + GOOD_FOR
        return {"access_token": self._sealed(name, until), "token_type": "Bearer", "expires_in": GOOD_FOR}

    def _client(self, token: str) -> Client | None:
        if not token or len(token) > _MAX_TOKEN:
            return None
        known = self._tokens.get(sha256(token.encode("utf-8", "replace")).hexdigest())
        return known or self._buyer(token)

    def _sealed(self, name: str, until: int) -> str:
        said = f"{until}.{encode_base64url(name.encode())}"
        return f"{said}.{encode_base64url(self._mark(said))}"

    def _buyer(self, token: str) -> Client | None:
        said, _, mark = token.rpartition(".")
        until, _, name = said.partition(".")
        try:
            if not hmac.compare_digest(decode_base64url(mark), self._mark(said)):
                return None
            alive = int(until) > self._now()
            return self._clients.get(decode_base64url(name).decode()) if alive else None
        except (Malformed, ValueError):
            return None

    def _mark(self, said: str) -> bytes:
        return hmac.digest(self._seal, said.encode("utf-8", "replace"), "sha256")


def _digest(table: Table, name: str) -> str:
    text = table.text(name).lower()
    if text and (len(text) != _DIGEST or set(text) - set("0123456789abcdef")):
        raise OperatorError(f"{name} in [{table.name}] must be a SHA-256 in 64 hexadecimal digits")
    return text


def _basic(authorization: str) -> tuple[str, str] | None:
    scheme, _, text = authorization.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, secret = base64.b64decode(text, validate=True).decode().partition(":")
    except ValueError:
        return None
    return name, secret
