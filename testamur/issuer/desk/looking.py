"""A given sheet looked at: what is wrong with it, what its rows need, how one of them would look on paper."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import TYPE_CHECKING

from testamur.cohort import Cohort, Survey, survey
from testamur.credentials import Template, TemplateMistakes
from testamur.errors import Malformed, OperatorError
from testamur.issuer.desk.school import School
from testamur.issuer.rostering import is_roster, sheet_of, sound_roster, usual_mapping
from testamur.issuer.signing import IssuerOpener
from testamur.rosters import learner_sheets, parse_mapping
from testamur.rows import Checked, RowProblem, check_rows, join_courses, read_course_rows
from testamur.spreadsheets import read_rows, write_with_errors
from testamur.store.desk import GivenSheet
from testamur.words import Sentence, say

if TYPE_CHECKING:
    from testamur.spreadsheets import Sheet

_KEPT = 6
_NAMES = ("holder.student_number", "number", "holder.email")
_DOTS = 110
NO_KEY = say("A transcript needs the column that both sheets name learners by.")
NO_COURSES = say("A transcript needs the sheet of its courses.")


@dataclass(frozen=True)
class Seen:
    """What was found in a sheet; ``failure`` is why it cannot be read at all."""

    template: Template | None = None
    columns: tuple[str, ...] = ()
    checked: Checked | None = None
    courses_problems: tuple[RowProblem, ...] = ()
    failure: Sentence | None = None
    mapping: str = ""  # of a OneRoster ZIP: from where in it each column comes
    roster_problems: tuple[str, ...] = ()

    @property
    def is_roster(self) -> bool:
        """Whether it is a OneRoster ZIP, which has a mapping and is not given back with a column."""
        return bool(self.mapping or self.roster_problems)

    @property
    def errors(self) -> tuple[RowProblem, ...]:
        """What keeps it from being issued."""
        return self.checked.errors if self.checked else ()

    @property
    def warnings(self) -> tuple[RowProblem, ...]:
        """What somebody should look at."""
        return self.checked.warnings if self.checked else ()

    @property
    def is_fit(self) -> bool:
        """Whether it can be issued."""
        wrong = self.errors or self.courses_problems or self.roster_problems
        return self.checked is not None and not wrong


@dataclass
class Looking:
    """Looks at sheets; what was seen lately is kept, on disk for this process alone."""

    _seen: OrderedDict[str, tuple[TemporaryDirectory[str], Seen]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def look(self, school: School, sheet: GivenSheet) -> Seen:
        """What is in a sheet, found now or a moment ago."""
        mark = f"{school.did} {sheet.id} {digest_of(school, sheet)}"
        with self._lock:
            if mark in self._seen:
                self._seen.move_to_end(mark)
                return self._seen[mark][1]
        folder: TemporaryDirectory[str] = TemporaryDirectory(prefix="testamur-sheet-")
        seen = _look(school, sheet, Path(folder.name))
        with self._lock:
            self._seen[mark] = folder, seen
            while len(self._seen) > _KEPT:
                self._seen.popitem(last=False)  # its files go with it, as soon as nobody reads them
        return seen


def digest_of(school: School, sheet: GivenSheet) -> str:
    """What stands for a sheet and everything that decides what becomes of it."""
    try:
        template = school.template_text(sheet.template)
    except OperatorError:
        template = ""
    found = sha256()
    for part in (
        sheet.data,
        sheet.courses,
        template.encode(),
        sheet.key.encode(),
        str(sheet.changed).encode(),
    ):
        found.update(len(part).to_bytes(8, "big") + part)
    return found.hexdigest()


def guess_key(template: Template, columns: tuple[str, ...]) -> str:
    """The column that most likely names rows; "" where none does."""
    for place in _NAMES:
        for column in template.columns:
            if column.goes_to == place and column.name in columns:
                return column.name
    return ""


def cohort_of(school: School, sheet: GivenSheet, seen: Seen, at: datetime) -> Cohort:
    """The rows as they are issued; raises OperatorError where they are not fit."""
    if seen.checked is None or seen.template is None or not seen.is_fit:
        raise OperatorError("this sheet cannot be issued as it is")
    return Cohort(
        rows=seen.checked,
        template=seen.template,
        template_name=sheet.template,
        batch=sheet.batch,
        at=at,
        issuer_name=school.name,
        issuer_url=school.home.url,
    )


def survey_of(school: School, sheet: GivenSheet, seen: Seen, at: datetime) -> Survey:
    """How many rows need what; needs no key."""
    cohort = cohort_of(school, sheet, seen, at)
    locked = IssuerOpener.of(school.home, school.ledger, cohort.template)
    return survey(cohort, locked.open(school.ledger))


def with_errors(sheet: GivenSheet, seen: Seen, told: dict[int, str]) -> tuple[str, bytes]:
    """The spreadsheet with a column of what is wrong, and its name."""
    from testamur.rows import JoinedFile

    if seen.checked is None:
        raise OperatorError("this sheet could not be read")
    file = seen.checked.sheet.file
    given = file.learners if isinstance(file, JoinedFile) else seen.checked.sheet
    name = Path(sheet.name)
    suffix = name.suffix.lower() if name.suffix.lower() in (".csv", ".xlsx") else ".csv"
    with TemporaryDirectory(prefix="testamur-sheet-") as folder:
        target = Path(folder) / f"errors{suffix}"
        write_with_errors(given, target, told)
        return f"{name.stem}-errors{suffix}", target.read_bytes()


def picture_of(school: School, seen: Seen, number: int, at: datetime) -> bytes | None:
    """The page of a row as PNG, marked as a specimen; None where there is no such row. Raises Malformed."""
    from itertools import islice

    from testamur.issuer.specimen import specimen_pdf

    if seen.checked is None or seen.template is None:
        return None
    row = next(islice(seen.checked.rows(), max(number - 1, 0), None), None)
    if row is None:
        return None
    return first_page(specimen_pdf(school.home, seen.template, row, at=at))


def fit_row(seen: Seen) -> int:
    """The number of the first row that a page can be made of, 0 where there is none."""
    wrong = {problem.line for problem in seen.errors}
    if seen.checked is None or seen.checked.sheet.header_line in wrong:
        return 0
    fit = (number for number, row in enumerate(seen.checked.rows(), 1) if row.line not in wrong)
    return next(fit, 0)


def first_page(pdf: bytes) -> bytes:
    """The first page of a PDF as PNG, in colour."""
    from testamur.render.picturing import coloured

    stream = BytesIO()
    coloured(pdf, dots_per_inch=_DOTS).save(stream, "PNG", optimize=False)
    return stream.getvalue()


def _look(school: School, sheet: GivenSheet, folder: Path) -> Seen:
    try:
        template = school.template(sheet.template)
    except TemplateMistakes:
        return Seen(
            failure=say("The template {name} has mistakes. Put them right first.", name=sheet.template)
        )
    except OperatorError:
        return Seen(failure=say("There is no template {name} any more.", name=sheet.template))
    if is_roster(Path(sheet.name)):
        return _roster(sheet, template, folder)
    try:
        rows = read_rows(_laid(folder, sheet.name, sheet.data))
    except (OperatorError, Malformed) as error:
        reason = str(error).replace(f"{folder}/", "")
        return Seen(
            template, failure=say("This file cannot be read as a spreadsheet: {reason}", reason=reason)
        )
    columns = rows.renamed(column.name for column in template.columns).columns
    try:
        return _checked(sheet, template, rows, columns, folder)
    except (OperatorError, Malformed) as error:
        return Seen(template, columns, failure=say("{reason}", reason=str(error).replace(f"{folder}/", "")))


def _roster(sheet: GivenSheet, template: Template, folder: Path) -> Seen:
    """A OneRoster ZIP, mapped; ``courses`` of such a sheet is the text of its mapping, empty for the usual one."""
    text = sheet.courses.decode("utf-8", "replace")
    try:
        roster, wrong = sound_roster(_laid(folder, sheet.name, sheet.data))
        if wrong:
            return Seen(template, roster_problems=tuple(wrong))
        mapping = parse_mapping(text, template) if text else usual_mapping(template, roster)
        rows, wrong = sheet_of(template, learner_sheets(roster, mapping), mapping.key)
        if wrong:
            return Seen(template, rows.columns, mapping=mapping.text, roster_problems=tuple(wrong))
        checked = check_rows(rows, template, key=mapping.key)
        return Seen(template, rows.columns, checked, mapping=mapping.text)
    except (OperatorError, Malformed) as error:
        reason = say("{reason}", reason=str(error).replace(f"{folder}/", ""))
        return Seen(template, failure=reason, mapping=text)


def _checked(
    sheet: GivenSheet, template: Template, rows: Sheet, columns: tuple[str, ...], folder: Path
) -> Seen:
    problems: tuple[RowProblem, ...] = ()
    if template.courses is not None:
        if not sheet.courses:
            return Seen(template, columns, failure=NO_COURSES)
        if not sheet.key:
            return Seen(template, columns, failure=NO_KEY)
        path = _laid(folder, f"courses-{sheet.courses_name}", sheet.courses)
        found = read_course_rows(read_rows(path), template.courses, sheet.key)
        rows, strangers = (rows, []) if found.errors else join_courses(rows, found, sheet.key)
        problems = (*found.errors, *strangers)
        if problems:
            return Seen(template, columns, None, problems)
    checked = check_rows(rows, template, key=sheet.key or None)
    return Seen(template, columns, checked, problems)


def _laid(folder: Path, name: str, data: bytes) -> Path:
    """The file on disk, under a name of our own that has its ending."""
    suffix = Path(name).suffix.lower()
    path = (
        folder
        / f"{'courses' if name.startswith('courses-') else 'sheet'}{suffix if suffix.isascii() else ''}"
    )
    path.write_bytes(data)
    return path
