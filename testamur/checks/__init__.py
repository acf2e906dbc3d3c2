"""One question about a credential in each file, and the report that answers them."""

from testamur.checks.answer import VERDICTS, Check, Headline, Outcome, Verdict, worst
from testamur.checks.case import Case, identifier
from testamur.checks.held import (
    MAX_HELD,
    TOO_MANY_ISSUERS,
    Place,
    asked_apart,
    is_own_word,
    person_doubts,
    record_doubts,
    said_checks,
)
from testamur.checks.policy import Audience, Policy
from testamur.checks.report import Report
from testamur.checks.table import CHECKS, Question, run

__all__ = [
    "CHECKS",
    "MAX_HELD",
    "TOO_MANY_ISSUERS",
    "VERDICTS",
    "Audience",
    "Case",
    "Check",
    "Headline",
    "Outcome",
    "Place",
    "Policy",
    "Question",
    "Report",
    "Verdict",
    "asked_apart",
    "identifier",
    "is_own_word",
    "person_doubts",
    "record_doubts",
    "run",
    "said_checks",
    "worst",
]
