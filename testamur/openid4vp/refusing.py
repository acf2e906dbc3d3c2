"""What a wallet says no to, under the names that OpenID4VP has for it (§8.5)."""

from __future__ import annotations

from testamur.errors import Refused

ERRORS = (
    "invalid_request",
    "invalid_client",
    "invalid_scope",
    "access_denied",
    "vp_formats_not_supported",
    "invalid_request_uri_method",
    "invalid_transaction_data",
    "wallet_unavailable",
)


class RequestRefused(Refused):
    """A request that is not answered; ``error`` is its name in an error response."""

    def __init__(self, error: str, message: str, *, clause: str = "OpenID4VP §8.5") -> None:
        super().__init__(message, clause=clause)
        self.error = error


class ResponseRefused(Refused):
    """A response that proves nothing, or not to whoever asked."""
