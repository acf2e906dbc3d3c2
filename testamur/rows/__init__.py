"""The rows of a sheet held against a template: what is wrong with each, and each one fit to issue."""

from testamur.rows.checking import MAX_PROBLEMS, PORTION, Checked, check_rows
from testamur.rows.courses import CourseRows, JoinedFile, join_courses, read_course_rows
from testamur.rows.problems import RowProblem, Severity
from testamur.rows.reading import CheckedRow, Reading

__all__ = [
    "MAX_PROBLEMS",
    "PORTION",
    "Checked",
    "CheckedRow",
    "CourseRows",
    "JoinedFile",
    "Reading",
    "RowProblem",
    "Severity",
    "check_rows",
    "join_courses",
    "read_course_rows",
]
