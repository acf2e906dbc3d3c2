"""A OneRoster ZIP as the sheets that a template is filled from."""

from __future__ import annotations

from pathlib import Path

from testamur.credentials import Template
from testamur.errors import OperatorError
from testamur.files import read_bounded
from testamur.rosters import (
    Mapping,
    Roster,
    RosterSheets,
    mapping_for,
    parse_mapping,
    read_roster,
)
from testamur.rows import RowProblem, join_courses, read_course_rows
from testamur.spreadsheets import Sheet

_MAX_MAPPING = 100_000


def is_roster(path: Path) -> bool:
    """Whether a sheet is a OneRoster ZIP, by its name."""
    return path.suffix.lower() == ".zip"


def usual_mapping(template: Template, roster: Roster) -> Mapping:
    """What fits most schools: the learners of the only school year."""
    years = [
        name for name, session in roster.rows("academicSessions").items() if session["type"] == "schoolYear"
    ]
    return mapping_for(template, session=years[0] if len(years) == 1 else "")


def mapping_of(template: Template, roster: Roster, path: Path | None) -> Mapping:
    """The mapping in a file, or the usual one; raises Malformed naming every mistake in it."""
    if path is None:
        return usual_mapping(template, roster)
    try:
        text = read_bounded(path, _MAX_MAPPING).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise OperatorError(f"{path} is not UTF-8 text") from None
    return parse_mapping(text, template)


def sound_roster(path: Path) -> tuple[Roster, list[str]]:
    """The roster and, where it cannot be used, what is wrong with it."""
    roster = read_roster(path)
    return roster, [str(problem) for problem in roster.problems]


def sheet_of(template: Template, sheets: RosterSheets, key: str) -> tuple[Sheet, list[str]]:
    """The sheet to be checked and issued, courses joined in, and what keeps it from that."""
    wrong = [str(problem) for problem in sheets.problems]
    if wrong or template.courses is None or sheets.courses is None:
        return sheets.learners, wrong
    found = read_course_rows(sheets.courses, template.courses, key)
    problems: list[RowProblem] = list(found.errors)
    if problems:
        return sheets.learners, [f"courses, {problem}" for problem in problems]
    joined, strangers = join_courses(sheets.learners, found, key)
    return joined, [str(problem) for problem in strangers]
