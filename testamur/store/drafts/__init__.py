"""Drafts: what one person prepared and another approves, sealed at rest until it is done."""

from testamur.store.drafts.drafts import Drafts
from testamur.store.drafts.values import (
    APPROVED,
    KINDS,
    PREPARED,
    RETURNED,
    SIGNED,
    TWO_PERSONS,
    WITHDRAWN,
    Draft,
    NewDraft,
)

__all__ = [
    "APPROVED",
    "KINDS",
    "PREPARED",
    "RETURNED",
    "SIGNED",
    "TWO_PERSONS",
    "WITHDRAWN",
    "Draft",
    "Drafts",
    "NewDraft",
]
