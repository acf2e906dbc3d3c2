"""Why a record was revoked or suspended: a closed set of words, so that nothing personal is published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from testamur.words import say


@dataclass(frozen=True, slots=True)
class Reason:
    """One word of the notice list and what it tells the reader of a verdict."""

    name: str
    sentence: str  # no full stop


_TABLE = (
    Reason("replaced", say("a corrected copy has taken its place; ask the holder for the new one")),
    Reason("issued_in_error", say("it was issued by mistake")),
    Reason("withdrawn", say("the issuer has taken back what it certifies")),
    Reason("lapsed", say("the right it certifies has come to an end")),
    Reason("key_compromised", say("the key that signed it is no longer safe; ask the holder for a new copy")),
    Reason("holder_request", say("its holder asked for it to be withdrawn")),
    Reason("under_review", say("the issuer is looking into it and has not decided yet")),
    Reason("unspecified", say("the issuer does not say why")),
)
REASONS: Mapping[str, Reason] = {reason.name: reason for reason in _TABLE}


def reason_named(name: str) -> Reason:
    """Return the reason of a name; one that a later version may have added reads as unspecified."""
    return REASONS.get(name, REASONS["unspecified"])
