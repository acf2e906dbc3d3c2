"""One question about a credential in each file, and the report that answers them."""

from testamur.checks.answer import VERDICTS, Check, Headline, Outcome, Verdict, worst
from testamur.checks.case import Case
from testamur.checks.issuer import find_vouch
from testamur.checks.policy import Audience, Policy
from testamur.checks.report import Report
from testamur.checks.table import CHECKS, Question, run

__all__ = [
    "CHECKS",
    "VERDICTS",
    "Audience",
    "Case",
    "Check",
    "Headline",
    "Outcome",
    "Policy",
    "Question",
    "Report",
    "Verdict",
    "find_vouch",
    "run",
    "worst",
]
