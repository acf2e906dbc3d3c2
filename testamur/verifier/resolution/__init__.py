"""DID resolution over HTTP: ``GET /1.0/identifiers/{did}`` (DID Resolution §12)."""

from testamur.verifier.resolution.router import did_router

__all__ = ["did_router"]
