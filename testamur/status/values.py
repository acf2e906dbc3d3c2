"""What a status list says of one record, and the problem types of Bitstring Status List (BSL §3.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from testamur.words import say

_TYPES = "https://www.w3.org/ns/credentials/status-list#"
UNUSABLE = say("the status list is not usable")
STATUS_VERIFICATION_ERROR = _TYPES + "STATUS_VERIFICATION_ERROR"
STATUS_LIST_LENGTH_ERROR = _TYPES + "STATUS_LIST_LENGTH_ERROR"
RANGE_ERROR = _TYPES + "RANGE_ERROR"
MALFORMED_VALUE_ERROR = _TYPES + "MALFORMED_VALUE_ERROR"


@dataclass(frozen=True, slots=True)
class StatusValue:
    """The value of one entry; 0 means nothing is said against the record."""

    value: int
    purpose: str  # "revocation" "suspension" …
    as_of: datetime | None = None  # the list's own date; None: it names none
    until: datetime | None = None  # after this moment the list is no evidence any more
    message: str = ""  # of a ``statusMessage``, or the reason an unsigned 1EdTech list gives

    @property
    def is_set(self) -> bool:
        """Whether the record is revoked, suspended or whatever the purpose says."""
        return self.value != 0
