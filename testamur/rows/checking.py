"""All rows of a sheet held against a template before any is signed, in portions and on every core."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import NamedTuple

from testamur.credentials import Template
from testamur.errors import OperatorError
from testamur.pool import spread
from testamur.rows.problems import RowProblem, Severity, check_columns, check_row
from testamur.rows.reading import CheckedRow, Reading
from testamur.rows.repeats import Suspect, alike, mark, repeats
from testamur.spreadsheets import Line, Sheet
from testamur.words import say

MAX_PROBLEMS = 100_000
MAX_KINDS = 5_000
PORTION = 2_000
"""Lines that one process works on at a time."""

Told = Callable[[int], None]
"""Told after each portion how many more lines were checked."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found: the problems, which lines repeat an earlier one, and a row of each kind.

    ``unnamed`` counts the warnings beyond the first hundred thousand. ``samples`` is empty where
    the rows are of too many kinds.
    """

    sheet: Sheet
    template: Template
    key: str | None
    problems: tuple[RowProblem, ...]
    repeated: Mapping[int, int]
    count: int
    samples: tuple[CheckedRow, ...]
    digest: bytes  # of the file as it was checked
    unnamed: int = 0

    @property
    def errors(self) -> tuple[RowProblem, ...]:
        """The problems that keep the sheet from being issued."""
        return tuple(problem for problem in self.problems if problem.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[RowProblem, ...]:
        """The problems that somebody should look at."""
        return tuple(problem for problem in self.problems if problem.severity is Severity.WARNING)

    @property
    def error_column(self) -> dict[int, str]:
        """By line what to write beside the row when the sheet is given back."""
        said: dict[int, list[str]] = {}
        for problem in self.problems:
            where = f"{problem.column}: " if problem.column else ""
            note = "" if problem.severity is Severity.ERROR else "(please look) "
            said.setdefault(problem.line, []).append(f"{note}{where}{problem.reason}")
        return {line: "; ".join(reasons) for line, reasons in said.items()}

    def read(self, lines: Iterable[Line]) -> list[CheckedRow]:
        """The rows of these lines."""
        return self.reading.read(lines)

    def light(self) -> Checked:
        """The same without what was found, for another process that reads portions."""
        return replace(self, problems=(), repeated={}, samples=())

    @property
    def reading(self) -> Reading:
        """How its lines become rows."""
        return Reading(self.sheet.positions, self.template, self.key)

    def portions(self, size: int = PORTION) -> Iterator[list[Line]]:
        """The lines to issue, each once, in the order of the sheet; raises OperatorError if the file has changed."""
        if self.sheet.digest() != self.digest:
            raise OperatorError(
                f"{self.sheet.file.path} was changed after it was checked", hint="run the same command again"
            )
        return portions((line for line in self.sheet.lines() if line[0] not in self.repeated), size)

    def rows(self) -> Iterator[CheckedRow]:
        """The rows to issue; there are ``count`` of them."""
        for lines in self.portions():
            yield from self.read(lines)


def portions(lines: Iterable[Line], size: int) -> Iterator[list[Line]]:
    """The lines in lists of this size; the last may be shorter."""
    rest = iter(lines)
    while portion := list(islice(rest, size)):
        yield portion


def check_rows(
    sheet: Sheet, template: Template, *, key: str | None, jobs: int = 1, told: Told | None = None
) -> Checked:
    """Every problem of every row; ``key`` is the column that names rows, None where the row names itself.

    A row that repeats another is named once and issued once, except where rows name themselves; two
    different rows with one key are an error.
    """
    named = sheet.renamed(column.name for column in template.columns)
    if key is not None:
        key = _column_called(named, key)
    digest = named.digest()
    found = _Findings(check_columns(named, template))
    reading = Reading(named.positions, template, key)
    for portion in spread(partial(_Checking, reading), portions(named.lines(), PORTION), jobs=jobs):
        found.add(portion)
        if told:
            told(portion.size)
        if found.errors > MAX_PROBLEMS:
            reason = say("there are too many problems; the rows below were not read")
            found.problems.append(RowProblem(found.last, "", reason))
            break
    repeated = found.compare(reading, named, jobs)
    problems = tuple(sorted(found.problems, key=lambda problem: problem.line))
    count, samples = found.count - len(repeated), tuple(found.samples.values())
    return Checked(
        named, template, key, problems, repeated, count,
        samples if len(samples) <= MAX_KINDS else (), digest, found.unnamed,
    )  # fmt: skip


class _Portion(NamedTuple):
    """What was found in a portion of lines."""

    size: int
    last: int
    problems: list[RowProblem]
    marks: bytes
    samples: dict[tuple[object, ...], CheckedRow]


class _Checking:
    """Checks portions; of each kind of rows it gives the first one that this process comes upon."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._kinds: set[tuple[object, ...]] = set()

    def __call__(self, lines: Sequence[Line]) -> _Portion:
        problems: list[RowProblem] = []
        marks: list[bytes] = []
        samples: dict[tuple[object, ...], CheckedRow] = {}
        for line in lines:
            seen = self._reading.see(line)
            problems += check_row(seen.row, seen.wrong, self._reading.template)
            if not seen.key:
                reason = say("this must not be empty: it is the key that names the row")
                problems.append(RowProblem(line[0], self._reading.key or "", reason))
            else:
                marks.append(mark(seen.key))
            if len(self._kinds) <= MAX_KINDS and (kind := seen.kind) not in self._kinds:
                self._kinds.add(kind)
                samples[kind] = seen.checked
        return _Portion(len(lines), lines[-1][0], problems, b"".join(marks), samples)


class _Findings:
    """What the portions add up to."""

    def __init__(self, problems: list[RowProblem]) -> None:
        self.problems = problems
        self.errors = sum(problem.severity is Severity.ERROR for problem in problems)
        self.count = self.last = self.unnamed = 0
        self.samples: dict[tuple[object, ...], CheckedRow] = {}
        self._marks = array("Q")

    def add(self, portion: _Portion) -> None:
        self.count += portion.size
        self.last = portion.last
        self._marks.frombytes(portion.marks)
        if len(self.samples) <= MAX_KINDS:
            self.samples |= {kind: row for kind, row in portion.samples.items() if kind not in self.samples}
        self._name(portion.problems)

    def compare(self, reading: Reading, sheet: Sheet, jobs: int) -> dict[int, int]:
        """Name the rows whose key is that of an earlier one; which lines repeat which."""
        wanted = alike(self._marks)
        if not wanted:
            return {}
        lines = portions((line for line in sheet.lines() if line[0] <= self.last), PORTION)
        found = spread(partial(_Suspecting, reading, wanted), lines, jobs=jobs)
        problems, repeated = repeats((one for some in found for one in some), reading.key)
        self._name(problems)
        return repeated

    def _name(self, problems: Sequence[RowProblem]) -> None:
        """Keep problems; warnings beyond what anybody reads are counted."""
        self.errors += sum(problem.severity is Severity.ERROR for problem in problems)
        room = MAX_PROBLEMS - len(self.problems)
        kept = [
            problem
            for number, problem in enumerate(problems)
            if number < room or problem.severity is Severity.ERROR
        ]
        self.unnamed += len(problems) - len(kept)
        self.problems += kept


class _Suspecting:
    """Finds the rows whose key may come twice."""

    def __init__(self, reading: Reading, wanted: frozenset[bytes]) -> None:
        self._reading, self._wanted = reading, wanted

    def __call__(self, lines: Sequence[Line]) -> list[Suspect]:
        seen = map(self._reading.see, lines)
        return [
            Suspect(one.row.line, one.key, one.digest)
            for one in seen
            if one.key and mark(one.key) in self._wanted
        ]


def _column_called(sheet: Sheet, key: str) -> str:
    """The sheet's own spelling of the key column's name."""
    for own, asked in zip(sheet.columns, sheet.renamed([key]).columns, strict=True):
        if asked == key:
            return own
    raise OperatorError(f"the sheet has no column {key!r:.60}", hint=f"it has {', '.join(sheet.columns)}")
