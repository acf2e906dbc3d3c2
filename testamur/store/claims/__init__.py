"""Offers, and the way of a record into a wallet; each act takes an open transaction of ``Claims``."""

from testamur.store.claims import offers, passing, taking
from testamur.store.claims.claims import Claims, Transaction
from testamur.store.claims.taking import Made
from testamur.store.claims.values import (
    ENDED,
    MAX_TRIES,
    OPEN,
    OTHER_KEYS,
    OVER,
    REPLAYED,
    SPENT,
    TAKEN,
    WITHDRAWN,
    Grant,
    Notice,
    NotNow,
    OfferEntry,
    Wish,
    digest_of,
)

__all__ = [
    "ENDED",
    "MAX_TRIES",
    "OPEN",
    "OTHER_KEYS",
    "OVER",
    "REPLAYED",
    "SPENT",
    "TAKEN",
    "WITHDRAWN",
    "Claims",
    "Grant",
    "Made",
    "NotNow",
    "Notice",
    "OfferEntry",
    "Transaction",
    "Wish",
    "digest_of",
    "offers",
    "passing",
    "taking",
]
