"""The holder's part of the VC API: copies derived, presentations made."""

from testamur.wallet.api.routes import holders

__all__ = ["holders"]
