"""dates: whether it is within the time its issuer gave it."""

from __future__ import annotations

from datetime import datetime

from testamur.checks.answer import Check, Headline, Outcome
from testamur.checks.case import Case
from testamur.errors import Malformed

_CLAUSE = "VCDM §4.9"


def check_dates(case: Case) -> Check:
    """Hold ``validFrom`` and ``validUntil`` against the moment of the question, with some skew of clocks."""
    start, end, skew = case.valid_from, case.valid_until, case.policy.clock_skew
    if start is None and end is None:
        return Check("dates", Outcome.ABSENT, "It names no day from which or until which it is valid")
    if start and end and end < start:
        raise Malformed("validUntil", "it ends before it begins", clause=_CLAUSE)
    if start and start - case.at > skew:
        return _failed(f"It is valid from {_day(start)} only", Headline.NOT_YET_VALID)
    if end and case.at - end > skew:
        return _failed(f"It was valid until {_day(end)}", Headline.EXPIRED)
    since = f"since {_day(start)}" if start else "today"
    until = f"until {_day(end)}" if end else "without an end"
    return Check("dates", Outcome.PASSED, f"Valid {since}, {until}", clause=_CLAUSE)


def _failed(sentence: str, headline: Headline) -> Check:
    return Check("dates", Outcome.FAILED, sentence, clause=_CLAUSE, headline=headline)


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"
