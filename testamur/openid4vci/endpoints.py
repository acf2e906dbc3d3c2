"""The endpoints of an issuer by the last part of their addresses, for whatever carries requests to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from testamur.errors import Malformed, Refused, Undecided
from testamur.openid4vci.authorizing import push
from testamur.openid4vci.coming_back import deferred, notification
from testamur.openid4vci.counter import CredentialIssuer
from testamur.openid4vci.crediting import credential, nonce
from testamur.openid4vci.granting import token
from testamur.openid4vci.refusing import INVALID_REQUEST, Denial
from testamur.openid4vci.requests import Asked, Reply

Endpoint = Callable[[CredentialIssuer, Asked], Reply]


def _nonce(issuer: CredentialIssuer, asked: Asked) -> Reply:
    return nonce(issuer, asked.at)


ENDPOINTS: Mapping[str, Endpoint] = {
    "par": push,
    "token": token,
    "nonce": _nonce,
    "credential": credential,
    "deferred_credential": deferred,
    "notification": notification,
}
"""All of them are asked with POST."""


def respond(issuer: CredentialIssuer, name: str, asked: Asked) -> Reply:
    """What an endpoint answers, also where it is a refusal."""
    try:
        reply = ENDPOINTS[name](issuer, asked)
    except Denial as denial:
        return Reply(denial.status, denial.document, {"Cache-Control": "no-store", **denial.headers})
    except (Malformed, Refused, Undecided):
        said = {"error": INVALID_REQUEST, "error_description": "the request cannot be read"}
        return Reply(400, said, {"Cache-Control": "no-store"})
    return reply
