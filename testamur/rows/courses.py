"""The sheet of courses, checked row by row, and joined to the sheet of learners by the column that names them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from testamur.credentials import COURSES, Courses, Value, normal, write_courses
from testamur.errors import OperatorError
from testamur.rows.problems import RowProblem, Severity
from testamur.spreadsheets import ERROR_COLUMN, Row, Sheet, named_row
from testamur.words import say

MAX_ROWS = 2_000_000
"""Course rows held in memory at a time, some 300 MB of them."""


@dataclass(frozen=True, slots=True)
class CourseRows:
    """The courses of a sheet by learner, as cells; and what is wrong with the sheet."""

    sheet: Sheet
    cells: Mapping[str, str]
    problems: tuple[RowProblem, ...]
    digest: bytes

    @property
    def errors(self) -> tuple[RowProblem, ...]:
        """The problems that keep the whole sheet from being used."""
        return tuple(problem for problem in self.problems if problem.severity is Severity.ERROR)


def read_course_rows(sheet: Sheet, courses: Courses, key: str) -> CourseRows:
    """Every row of a sheet of courses, each learner's in the order of the sheet; ``key`` names the learner."""
    named = sheet.renamed([*(column.name for column in courses.columns), key])
    problems = _columns(named, courses, key)
    digest = named.digest()
    learners: dict[str, list[Mapping[str, Value]]] = {}
    for number, line in enumerate(() if problems else named.lines(), 1):
        if number > MAX_ROWS:
            raise OperatorError(
                f"{named.file.path} has more than {MAX_ROWS:,} rows",
                hint="divide both sheets by faculty or year",
            )
        row = named_row(named.positions, line)
        name = normal(row.cells.get(key) or "")
        values, wrong = _read(row, courses, name, key)
        problems += wrong
        learners.setdefault(name, []).append(values)
    cells = {name: write_courses(found) for name, found in learners.items() if name}
    return CourseRows(named, cells, tuple(problems), digest)


def _columns(sheet: Sheet, courses: Courses, key: str) -> list[RowProblem]:
    needed = [key, *(column.name for column in courses.columns if column.required)]
    return [
        RowProblem(sheet.header_line, name, say("the sheet of courses has no such column"))
        for name in dict.fromkeys(needed)
        if name not in sheet.columns
    ]


def _read(row: Row, courses: Courses, name: str, key: str) -> tuple[dict[str, Value], list[RowProblem]]:
    values, wrong = courses.read_row(row.cells, row.line)
    problems = [RowProblem(row.line, error.column, error.reason) for error in wrong]
    if not name:
        problems.append(RowProblem(row.line, key, say("this must not be empty: it names the learner")))
    if row.stray:
        problems.append(
            RowProblem(row.line, "", say("{text} stands under no heading", text=f"{row.stray!r:.40}"))
        )
    return values, problems


@dataclass(frozen=True, slots=True)
class JoinedFile:
    """A sheet of learners with one cell more in each row: the learner's courses."""

    learners: Sheet
    key_at: int
    place: int
    courses: CourseRows

    @property
    def path(self) -> Path:
        """The file of the learners."""
        return self.learners.file.path

    def digest(self) -> bytes:
        """A digest of both sheets: the learners' as it is now, the courses' as they were read."""
        return sha256(self.learners.digest() + self.courses.digest).digest()

    def rows(self) -> Iterator[list[str]]:
        """The rows of the learners' file, each with its courses; blank rows stay blank."""
        for line, cells in enumerate(self.learners.file.rows(), 1):
            if line < self.learners.header_line or not any(map(str.strip, cells)):
                yield cells
                continue
            name = normal(cells[self.key_at]) if len(cells) > self.key_at else ""
            added = COURSES if line == self.learners.header_line else self.courses.cells.get(name, "")
            yield [*(cells + [""] * self.place)[: self.place], added]


def join_courses(learners: Sheet, courses: CourseRows, key: str) -> tuple[Sheet, list[RowProblem]]:
    """The sheet of learners with their courses, and the learners of the other sheet that it does not have."""
    named = learners.renamed([key])
    at = dict(named.positions).get(key)
    if at is None:
        raise OperatorError(
            f"the sheet has no column {key!r:.60}", hint=f"it has {', '.join(learners.columns)}"
        )
    if COURSES in learners.renamed([COURSES]).columns:
        raise OperatorError(
            f"{learners.file.path} has a column {COURSES!r}", hint="rename it; --courses brings these"
        )
    shown = [(name, place) for name, place in named.positions if name != ERROR_COLUMN]
    place = max(place for _, place in named.positions) + 1
    file = JoinedFile(learners, at, place, courses)
    known = {normal(cells[at]) for _, cells in learners.lines() if len(cells) > at}
    strangers = [name for name in courses.cells if name not in known]
    problems = [
        RowProblem(
            learners.header_line,
            key,
            say("the sheet of courses names {name}, who is not in this sheet", name=f"{name!r:.60}"),
        )
        for name in strangers[:1000]
    ]
    return Sheet(file, (*shown, (COURSES, place)), learners.header_line), problems
