"""dates: whether it is within the time its issuer gave it."""

from __future__ import annotations

from datetime import datetime

from testamur.checks.answer import Check, Headline, Outcome
from testamur.checks.case import Case
from testamur.errors import Malformed, Unsupported
from testamur.words import say

_CLAUSE = "VCDM §4.9"


def check_dates(case: Case) -> Check:
    """Hold ``validFrom`` and ``validUntil`` against the moment of the question, with some skew of clocks."""
    start, end, skew = case.valid_from, case.valid_until, case.policy.clock_skew
    if end is None and case.may_hide_end:
        raise Unsupported(
            say("it shows no day until which it is valid, which its holder may have left out"),
            clause=_CLAUSE,
        )
    if start is None and end is None:
        return Check("dates", Outcome.ABSENT, say("It names no day from which or until which it is valid"))
    if start and end and end < start:
        raise Malformed("validUntil", "it ends before it begins", clause=_CLAUSE)
    if start and start - case.at > skew:
        return _failed(say("It is valid from {day} only", day=start), Headline.NOT_YET_VALID)
    if end and case.at - end > skew:
        return _failed(say("It was valid until {day}", day=end), Headline.EXPIRED)
    return Check("dates", Outcome.PASSED, _valid(start, end), clause=_CLAUSE)


def _valid(start: datetime | None, end: datetime | None) -> str:
    if start and end:
        return say("Valid since {start}, until {end}", start=start, end=end)
    if start:
        return say("Valid since {start}, without an end", start=start)
    return say("Valid today, until {end}", end=end) if end else say("Valid today, without an end")


def _failed(sentence: str, headline: Headline) -> Check:
    return Check("dates", Outcome.FAILED, sentence, clause=_CLAUSE, headline=headline)
