"""How credentials and presentations are secured: Data Integrity and JOSE."""

from testamur.proofs.values import FindKey, Format, Opened, SecuredDocument, Signature

__all__ = ["FindKey", "Format", "Opened", "SecuredDocument", "Signature"]
