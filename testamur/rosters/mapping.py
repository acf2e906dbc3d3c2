"""The mapping from a OneRoster to the columns of a template: TOML that a registrar can read and correct.

    key = "student_number"

    [learners]
    session = "as-2025"

    [columns]
    student_number = "{user.sourcedId}"
    name = "{user.givenName} {user.middleName} {user.familyName}"
    programme = "Secondary School Diploma"

    [courses]
    grade = "{result.textScore|result.score}"

What stands in braces is taken from the roster; of names parted by | the first that is not empty.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from testamur.credentials import Template
from testamur.errors import Malformed
from testamur.rosters.columns import FILES

_HOLE = re.compile(r"\{([A-Za-z.|_ ]+)\}")
_MAX = 100_000

_COMPUTED = {
    "session": ("lastDay",),
    "term": ("lastDay",),
    "user": ("fullName", "preferredFullName"),
}
"""What is worked out: the last day of a session, whose endDate is the day after; the parts of a name together."""

SOURCES = {
    "user": "users", "role": "roles", "school": "orgs", "district": "orgs", "session": "academicSessions",
    "demographics": "demographics",
}  # fmt: skip
"""What a learner's columns are taken from, each with its file."""

COURSE_SOURCES = SOURCES | {
    "class": "classes", "course": "courses", "result": "results", "lineItem": "lineItems",
    "term": "academicSessions", "enrollment": "enrollments",
}  # fmt: skip
"""The same for the columns of a course."""

_PLACES = {
    "holder.name": "{user.fullName}",
    "holder.birth_date": "{demographics.birthDate}",
    "holder.email": "{user.email}",
    "holder.student_number": "{user.userMasterIdentifier|user.identifier|user.sourcedId}",
    "awarded": "{session.lastDay}",
    "ended": "{session.lastDay}",
    "started": "{session.startDate}",
    "term": "{session.title}",
    "number": "{user.identifier|user.sourcedId}",
    "course.name": "{course.title}",
    "course.code": "{course.courseCode}",
    "course.grade": "{result.textScore|result.score}",
    "course.term": "{term.title}",
    "course.completed": "{result.scoreDate}",
    "course.field": "{course.subjects}",
}
"""Where the columns of a template usually come from, by the place they go to."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """Which learners, which results, and what stands in each column."""

    key: str
    columns: dict[str, str]
    courses: dict[str, str] = field(default_factory=dict)
    role: str = "student"
    school: str = ""  # the sourcedId of an org, "" for all
    session: str = ""  # the sourcedId of an academic session; its classes and those of its terms count
    grades: str = ""  # of users.grades: "12"
    statuses: tuple[str, ...] = ("fully graded",)
    line_item: str = ""  # words in the title of the line item that holds the final result
    ungraded: bool = False  # whether a class without a result is listed too

    @property
    def text(self) -> str:
        """The mapping as TOML."""
        lines = [f"key = {_quoted(self.key)}", "", "[learners]"]
        lines += [f"role = {_quoted(self.role)}", '# The sourcedId of a school, or "" for all schools.']
        lines += [f"school = {_quoted(self.school)}"]
        lines += ['# The sourcedId of the school year or term whose classes count, or "" for all.']
        lines += [f"session = {_quoted(self.session)}", '# As in users.csv: "12"; "" for all.']
        lines += [f"grades = {_quoted(self.grades)}", "", "[results]"]
        lines += [f"statuses = [{', '.join(map(_quoted, self.statuses))}]"]
        lines += ["# Words in the title of the line item that holds the final result of a class."]
        lines += [f"line_item = {_quoted(self.line_item)}", "# true lists classes without a result too."]
        lines += [f"ungraded = {str(self.ungraded).lower()}", "", "[columns]"]
        lines += [f"{_quoted(name)} = {_quoted(text)}" for name, text in self.columns.items()]
        if self.courses:
            lines += ["", "[courses]"]
            lines += [f"{_quoted(name)} = {_quoted(text)}" for name, text in self.courses.items()]
        return "\n".join(lines) + "\n"


def mapping_for(template: Template, *, session: str = "") -> Mapping:
    """What fits most schools; columns that no roster has are empty, to be filled in."""
    aside = [column for column in template.columns if column.goes_to == "nothing" and column.required]
    key = (aside or list(template.columns))[0].name
    columns = {column.name: _PLACES.get(column.goes_to, "") for column in template.columns}
    columns[key] = "{user.sourcedId}"
    courses = {}
    if template.courses is not None:
        courses = {column.name: _PLACES.get(column.goes_to, "") for column in template.courses.columns}
        courses.pop(key, None)
    return Mapping(key, columns, courses, session=session)


def parse_mapping(text: str, template: Template) -> Mapping:
    """The mapping in this TOML; raises Malformed naming every mistake in it."""
    if len(text) > _MAX:
        raise Malformed("", "the mapping is too long")
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Malformed("", f"the mapping is no TOML: {error}") from None
    wrong = list(_mistakes(said, template))
    if wrong:
        raise Malformed("", "; ".join(wrong))
    learners, results = said.get("learners", {}), said.get("results", {})
    return Mapping(
        said["key"],
        dict(said["columns"]),
        dict(said.get("courses", {})),
        learners.get("role", "student"),
        learners.get("school", ""),
        learners.get("session", ""),
        learners.get("grades", ""),
        tuple(results.get("statuses", ("fully graded",))),
        results.get("line_item", ""),
        bool(results.get("ungraded", False)),
    )


_KNOWN: dict[str, dict[str, type]] = {
    "learners": {"role": str, "school": str, "session": str, "grades": str},
    "results": {"statuses": list, "line_item": str, "ungraded": bool},
}


def _mistakes(said: dict[str, Any], template: Template) -> Iterable[str]:
    columns = {column.name for column in template.columns}
    courses = {column.name for column in template.courses.columns} if template.courses else set()
    if not isinstance(said.get("key"), str) or said["key"] not in columns:
        yield "key has to name the column that names the learner"
    for name in said.keys() - {"key", "columns", "courses", *_KNOWN}:
        yield f"{name!r:.60} is nothing that a mapping says"
    for section, known in _KNOWN.items():
        table = said.get(section, {})
        for name, value in table.items() if isinstance(table, dict) else ():
            if name not in known or not isinstance(value, known[name]):
                yield f"{section}.{name!s:.60} is unknown, or of the wrong kind"
    if not isinstance(said.get("columns"), dict):
        yield "[columns] is missing"
    else:
        yield from _wrong_texts("columns", said["columns"], columns, SOURCES)
    if isinstance(said.get("courses", {}), dict):
        yield from _wrong_texts("courses", said.get("courses", {}), courses, COURSE_SOURCES)


def _wrong_texts(
    section: str, texts: dict[str, Any], columns: set[str], sources: dict[str, str]
) -> Iterable[str]:
    for name, text in texts.items():
        if name not in columns:
            yield f"[{section}] {name!r:.60}: the template has no such column"
        elif not isinstance(text, str):
            yield f"[{section}] {name}: it has to be text"
        else:
            yield from (f"[{section}] {name}: {reason}" for reason in _wrong_holes(text, sources))


def _wrong_holes(text: str, sources: dict[str, str]) -> Iterable[str]:
    if _HOLE.sub("", text).strip("\0").count("{") or _HOLE.sub("", text).count("}"):
        yield f"{text!r:.80} has a brace that is not closed or holds no name"
    for hole in _HOLE.findall(text):
        for name in hole.split("|"):
            source, _, member = name.strip().partition(".")
            known = [field.name for field in FILES[sources[source]]] if source in sources else []
            if member not in (*known, *_COMPUTED.get(source, ())) or member == "password":
                yield f"{{{name}}} is not in a roster; sources are {', '.join(sources)}"


def filled(text: str, found: dict[str, dict[str, str]]) -> str:
    """A text with its holes filled; blanks that empty ones leave are drawn together."""

    def of(match: re.Match[str]) -> str:
        for name in match[1].split("|"):
            source, _, member = name.strip().partition(".")
            if value := found.get(source, {}).get(member, ""):
                return value
        return ""

    return " ".join(_HOLE.sub(of, text).split())


def _quoted(text: str) -> str:
    import json

    return json.dumps(text, ensure_ascii=False)
