"""The verifier's part of the VC API: credentials and presentations verified, each answer with its reasons."""

from testamur.verifier.api.routes import verifiers

__all__ = ["verifiers"]
