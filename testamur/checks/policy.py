"""What a verifier asks for beyond what the specifications ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a presentation must have been made for, and in answer to what."""

    domain: str = ""  # "" asks for none
    challenge: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """The choices of whoever checks; the defaults suit an employer with a diploma in hand."""

    require_status: bool = False  # a record without a status entry is undecided
    require_schema: bool = False  # a record whose schema was not checked is undecided
    max_age: timedelta = timedelta(days=30)  # of a status list kept from earlier
    clock_skew: timedelta = timedelta(minutes=5)
    audience: Audience | None = None  # None: nobody asked for a presentation of their own
    max_binding_age: timedelta = timedelta(days=1)  # of a holder's signature that was asked for
    author_bound: bool = True  # the key must be the author's; False only notes it, for conformance suites
    formats: frozenset[str] | None = None  # the formats allowed; None: all that are known

    def allows(self, name: str) -> bool:
        """Whether a document of this format may be accepted at all."""
        return self.formats is None or name in self.formats
