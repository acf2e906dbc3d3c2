"""What all rows need and everything that is wrong with them, found before any is signed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from testamur.cohort.meter import Meter, Progress
from testamur.cohort.plan import Cohort, Decided, Decision, OpenIssuer, decide, filled
from testamur.issuing import Issuer
from testamur.pool import spread
from testamur.rows import PORTION, CheckedRow, RowProblem

MAX_NAMED = 1000
"""Rows that a survey names one by one; all are counted."""


@dataclass(slots=True)
class Survey:
    """How many rows need what; the first thousand known, changed and wrong ones by name."""

    new: int = 0
    known: int = 0
    changed: int = 0
    known_rows: list[Decided] = field(default_factory=list)
    changed_rows: list[Decided] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)

    def note(self, decided: Decided) -> None:
        """Count a row."""
        match decided.decision:
            case Decision.NEW:
                self.new += 1
            case Decision.KNOWN:
                self.known += 1
                self.known_rows += [decided] if len(self.known_rows) < MAX_NAMED else []
            case Decision.CHANGED:
                self.changed += 1
                self.changed_rows += [decided] if len(self.changed_rows) < MAX_NAMED else []

    def add(self, other: Survey) -> None:
        """Count the rows of another portion."""
        self.new, self.known, self.changed = (
            self.new + other.new, self.known + other.known, self.changed + other.changed,
        )  # fmt: skip
        for mine, theirs in (
            (self.known_rows, other.known_rows), (self.changed_rows, other.changed_rows),
        ):  # fmt: skip
            mine += theirs[: MAX_NAMED - len(mine)]
        self.problems += other.problems[: MAX_NAMED - len(self.problems)]


def survey(
    cohort: Cohort,
    issuer: Issuer,
    *,
    progress: Progress | None = None,
    jobs: int = 1,
    open_issuer: OpenIssuer | None = None,
) -> Survey:
    """What every row needs and everything that is wrong, before any is signed.

    The rules are tried on one row of each kind. A ledger that knows no row of the template is not
    asked for each. More ``jobs`` than one need ``open_issuer``.
    """
    samples = cohort.rows.samples
    known = issuer.ledger.knows_rows(issuer.organisation, cohort.template_name)
    found = Survey(problems=_problems(cohort, issuer, samples))
    if samples and not known:
        found.new = cohort.rows.count
        return found
    meter = Meter(cohort.rows.count, progress)
    for some in spread(
        _work(cohort, issuer, not samples, jobs, open_issuer), cohort.rows.portions(PORTION), jobs=jobs
    ):
        found.add(some)
        meter.add(some.new + some.known + some.changed)
    return found


def _work(
    cohort: Cohort, issuer: Issuer, thorough: bool, jobs: int, open_issuer: OpenIssuer | None
) -> Callable[[], Callable[[Any], Survey]]:
    if jobs > 1 and open_issuer:
        return partial(_surveying, replace(cohort, rows=cohort.rows.light()), open_issuer, thorough)
    return lambda: partial(_survey_portion, cohort, issuer, thorough)


def _surveying(cohort: Cohort, open_issuer: OpenIssuer, thorough: bool) -> Callable[[Any], Survey]:
    return partial(_survey_portion, cohort, open_issuer(), thorough)


def _survey_portion(cohort: Cohort, issuer: Issuer, thorough: bool, portion: Any) -> Survey:
    found = Survey()
    for decided in decide(cohort, issuer, cohort.rows.read(portion)):
        found.note(decided)
        if thorough and decided.decision is not Decision.KNOWN:
            found.problems += _problems(cohort, issuer, [decided.row])
    return found


def _problems(cohort: Cohort, issuer: Issuer, rows: Iterable[CheckedRow]) -> list[RowProblem]:
    """Every rule that the credentials of these rows would break."""
    found: list[RowProblem] = []
    for row in rows:
        document = filled(cohort, issuer, row)
        if isinstance(document, list):
            found += [RowProblem(row.line, wrong.column, wrong.reason) for wrong in document]
        else:
            found += [RowProblem(row.line, "", wrong.message) for wrong in issuer.problems(document)]
    return found[:MAX_NAMED]
