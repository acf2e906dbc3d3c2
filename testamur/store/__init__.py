"""The ledger: records, their forms and status, keys; SQLite in the home or PostgreSQL by URL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from testamur.store.values import (
    ACTIVE,
    ASSERTION,
    COMPROMISED,
    DONE,
    FAILED,
    FORMS,
    LIST_SIZE,
    OPEN,
    REPLACED,
    RETIRED,
    REVOCATION,
    REVOKED,
    SUSPENDED,
    SUSPENSION,
    VALID,
    Batch,
    Form,
    KeyEntry,
    KnownRow,
    NewRecord,
    Plan,
    Record,
    SetBit,
    Shard,
    StatusEvent,
    StatusList,
    StatusSlot,
)

if TYPE_CHECKING:
    from testamur.store.exchanges import Exchange, Exchanges
    from testamur.store.ledger import Ledger

__all__ = [
    "ACTIVE",
    "ASSERTION",
    "COMPROMISED",
    "DONE",
    "FAILED",
    "FORMS",
    "LIST_SIZE",
    "OPEN",
    "REPLACED",
    "RETIRED",
    "REVOCATION",
    "REVOKED",
    "SUSPENDED",
    "SUSPENSION",
    "VALID",
    "Batch",
    "Exchange",
    "Exchanges",
    "Form",
    "KeyEntry",
    "KnownRow",
    "Ledger",
    "NewRecord",
    "Plan",
    "Record",
    "SetBit",
    "Shard",
    "StatusEvent",
    "StatusList",
    "StatusSlot",
]


def __getattr__(name: str) -> Any:
    """``Ledger`` at first use: SQLAlchemy is slow to import and the CLI has to start at once."""
    if name == "Ledger":
        from testamur.store.ledger import Ledger

        return Ledger
    if name in ("Exchange", "Exchanges"):
        from testamur.store import exchanges

        return getattr(exchanges, name)
    raise AttributeError(name)
