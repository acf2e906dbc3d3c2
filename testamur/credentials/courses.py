"""The courses of a transcript: where their columns go, how their rows are read, and how they travel with a learner.

A learner's courses stand in a sheet of their own, a row for each. On their way to a record they are one cell
of the learner's row: a JSON list of what each course row says, by place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from testamur.credentials.award import Result
from testamur.credentials.cells import Column, Value
from testamur.credentials.names import hidden
from testamur.credentials.places import Place, places_of
from testamur.errors import Malformed, RowMismatch
from testamur.jsontext import Json, parse_json, write_json
from testamur.words import say

COURSES = "courses"
"""The place of a learner's courses, and the name of the column that carries them."""

MAX_COURSES = 300
MAX_CELL = 300_000  # characters

_TEXT = ("text", "choice")
COURSE_PLACES = places_of(
    Place("course.name", "what the course is called", "Anatomy and Physiology I"),
    Place("course.code", "the school's own code for the course", "NUR 101", ("text", "choice", "integer"), 60),
    Place("course.credits", "the credits the learner earned by it; 0 where it was failed", "6", ("number", "integer")),
    Place("course.grade", "the grade", "B+", ("text", "choice", "number", "integer"), 100),
    Place("course.term", "the term or school year; the page groups the courses by it", "2024/25, semester 1", _TEXT, 60),
    Place("course.completed", "the day it was completed", "2025-01-31", ("date",)),
    Place("course.field", "the field of study", "Health sciences"),
    Place("course.language", "the language it was taught in, as a tag", "am", _TEXT, 35),
    Place("nothing", "read for the school's own use; goes into no record", "any text",
          ("text", "choice", "date", "number", "integer", "email", "url", "did"), 500),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Courses:
    """What all courses of a transcript have in common, and the columns of their sheet."""

    columns: tuple[Column, ...]
    grade: Result
    type: str = "Course"
    criteria: str = ""
    criteria_url: str = ""

    def read_row(self, row: Mapping[str, str], line: int) -> tuple[dict[str, Value], list[RowMismatch]]:
        """What a course row says by place, and every reason why it does not fit."""
        values: dict[str, Value] = {}
        wrong: list[RowMismatch] = []
        for column in self.columns:
            cell = row.get(column.name) or ""
            if cell.strip():
                try:
                    value = column.read(cell)
                except Malformed as error:
                    wrong.append(RowMismatch(line, column.name, error.reason))
                else:
                    if column.goes_to != "nothing":
                        values[column.goes_to] = value
            elif column.required:
                wrong.append(RowMismatch(line, column.name, say("this must not be empty")))
        return values, wrong


def write_courses(courses: Sequence[Mapping[str, Value]]) -> str:
    """The cell of a learner's courses, in the order of their rows."""
    return write_json([dict(course) for course in courses])


def read_courses(cell: str) -> list[Json]:
    """The courses of such a cell; raises Malformed for anything that ``write_courses`` does not write."""
    if len(cell) > MAX_CELL:
        raise Malformed("", f"the courses take more than {MAX_CELL:,} characters")
    found = parse_json(cell)
    if not isinstance(found, list) or not found:
        raise Malformed("", "the courses are no list of courses")
    if len(found) > MAX_COURSES:
        raise Malformed("", f"{len(found)} courses are more than {MAX_COURSES}")
    for course in found:
        if not isinstance(course, dict) or not isinstance(course.get("course.name"), str):
            raise Malformed("", "a course has no name")
        for place, value in course.items():
            if place not in COURSE_PLACES or not _fits(place, value):
                raise Malformed("", f"a course says something odd about {place!r:.60}")
    return found


def _fits(place: str, value: object) -> bool:
    if place == "course.credits":
        return type(value) in (int, float)
    return isinstance(value, str) and len(value) <= 500 and not hidden(value)
