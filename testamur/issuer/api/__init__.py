"""The issuer's part of the VC API: issue, hand out, delete, change the status, serve the status lists."""

from testamur.issuer.api.routes import issuers

__all__ = ["issuers"]
