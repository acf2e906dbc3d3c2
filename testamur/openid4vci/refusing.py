"""What an issuer answers when the answer is no: the codes of OAuth and OpenID4VCI, and nothing of its inside."""

from __future__ import annotations

from collections.abc import Mapping

from testamur.errors import Refused
from testamur.jsontext import Json

INVALID_REQUEST = "invalid_request"
INVALID_CLIENT = "invalid_client"
INVALID_GRANT = "invalid_grant"
INVALID_SCOPE = "invalid_scope"
INVALID_TOKEN = "invalid_token"  # noqa: S105 - an error code
INVALID_DPOP = "invalid_dpop_proof"
USE_DPOP_NONCE = "use_dpop_nonce"
UNSUPPORTED_GRANT = "unsupported_grant_type"
UNSUPPORTED_RESPONSE = "unsupported_response_type"
INVALID_DETAILS = "invalid_authorization_details"
INVALID_ATTESTATION = "invalid_client_attestation"
INVALID_CREDENTIAL_REQUEST = "invalid_credential_request"
UNKNOWN_CONFIGURATION = "unknown_credential_configuration"
UNKNOWN_IDENTIFIER = "unknown_credential_identifier"
INVALID_PROOF = "invalid_proof"
INVALID_NONCE = "invalid_nonce"
INVALID_ENCRYPTION = "invalid_encryption_parameters"
DENIED = "credential_request_denied"
INVALID_TRANSACTION = "invalid_transaction_id"
INVALID_NOTIFICATION_ID = "invalid_notification_id"
INVALID_NOTIFICATION = "invalid_notification_request"
UNAVAILABLE = "temporarily_unavailable"


class Denial(Refused):
    """A request that is answered with an error code; ``status`` is the one of HTTP."""

    def __init__(
        self, error: str, description: str, *, status: int = 400, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(description)
        self.error = error
        self.status = status
        self.headers = dict(headers or {})

    @property
    def document(self) -> Json:
        """The body of the answer (RFC 6749 §5.2, OID4VCI §8.3.1.2)."""
        return {"error": self.error, "error_description": plain(str(self))}


def plain(text: str) -> str:
    """A description in the characters that OAuth allows in one (RFC 6749 §5.2)."""
    return "".join(c if " " <= c <= "~" and c not in '"\\' else "'" if c == '"' else "?" for c in text)[:300]


def bearer_denial(error: str, description: str, *, scheme: str = "DPoP", nonce: str = "") -> Denial:
    """A 401 as RFC 6750 §3 and RFC 9449 §7.1 have it."""
    challenge = f'{scheme} error="{error}", error_description="{plain(description)}"'
    challenge += ', algs="ES256 ES384 ES512 EdDSA"' if scheme == "DPoP" else ""
    headers = {"WWW-Authenticate": challenge} | ({"DPoP-Nonce": nonce} if nonce else {})
    return Denial(error, description, status=401, headers=headers)
