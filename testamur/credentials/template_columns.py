"""The columns of a template, read and checked."""

from __future__ import annotations

from collections.abc import Mapping

from testamur.credentials.award import Result
from testamur.credentials.calendars import ORDERS
from testamur.credentials.cells import TYPES, Column
from testamur.credentials.courses import COURSE_PLACES
from testamur.credentials.look import CALENDARS
from testamur.credentials.places import PLACES, RESULT, Place
from testamur.credentials.template_toml import Table


def read_columns(top: Table, results: tuple[Result, ...], language: str) -> tuple[Column, ...]:
    """Every column of a template; what is wrong with one is noted."""
    places = PLACES | {f"result.{result.key}": RESULT for result in results}
    return _columns(top, places, {f"result.{result.key}": result.allowed for result in results}, language)


def read_course_columns(courses: Table, grade: Result, language: str) -> tuple[Column, ...]:
    """Every column of a sheet of courses."""
    return _columns(courses, COURSE_PLACES, {"course.grade": grade.allowed}, language)


def _columns(
    top: Table, places: Mapping[str, Place], choices: Mapping[str, tuple[str, ...]], language: str
) -> tuple[Column, ...]:
    tables = top.tables("column")
    if not tables:
        heading = f"[[{top.path}.column]]" if top.path else "[[column]]"
        top.wrong("column", "there are no columns", f"begin each column with the line {heading}")
    columns = [_column(table, places, choices, language) for table in tables]
    for part, what in (("name", "two columns have this name"), ("goes_to", "two columns go to this place")):
        seen: set[str] = set()
        for table, column in zip(tables, columns, strict=True):
            value = getattr(column, part).casefold()
            if value in seen and value not in ("", "nothing"):
                table.wrong(part, what)
            seen.add(value)
    return tuple(columns)


def _column(
    table: Table, places: Mapping[str, Place], allowed: Mapping[str, tuple[str, ...]], language: str
) -> Column:
    goes_to = table.text("goes_to", "nothing")
    place = places.get(goes_to)
    if place is None or "goes_to" not in table.members:
        table.text("goes_to", "nothing", among=places)
        if "goes_to" not in table.members:
            table.wrong("goes_to", "this is missing", f"one of {', '.join(places)}")
        place = places["nothing"]
    choices = table.texts("choices") or allowed.get(goes_to, ())
    kind = table.text("type", _usual_type(place, choices), among=TYPES)
    if kind not in place.types:
        table.wrong("type", f"{kind} does not fit {goes_to}", f"it can be {', '.join(place.types)}")
    if kind == "choice" and not choices:
        table.wrong("choices", "a column of type choice lists its choices", 'such as ["Pass", "Merit"]')
    column = Column(
        name=table.needed("name", "the heading of the column in the sheet"),
        goes_to=goes_to,
        type=kind,
        required=table.flag("required"),
        choices=choices,
        calendar=table.text("calendar", "gregorian", among=CALENDARS),
        order=table.text("order", "", among=("", *ORDERS)),
        language=table.text("language", language, limit=35),
        minimum=table.number("minimum", low=-1e12, high=1e12),
        maximum=table.number("maximum", low=-1e12, high=1e12),
        max_length=int(table.number("max_length", low=1, high=place.max_length) or place.max_length),
        example=table.text("example", limit=1000) or _example(kind, choices, place),
        explanation=table.text("explanation", limit=500) or place.meaning,
    )
    _check_column(table, column)
    return column


def _usual_type(place: Place, choices: tuple[str, ...]) -> str:
    return "choice" if choices and "choice" in place.types else place.types[0]


def _example(kind: str, choices: tuple[str, ...], place: Place) -> str:
    return choices[0] if kind == "choice" and choices else place.example


def _check_column(table: Table, column: Column) -> None:
    for key, kinds in (("calendar", ("date",)), ("order", ("date",)), ("minimum", ("number", "integer")),
                       ("maximum", ("number", "integer"))):  # fmt: skip
        if key in table.members and column.type not in kinds:
            table.wrong(key, f"only a column of type {' or '.join(kinds)} has this")
    if column.minimum is not None and column.maximum is not None and column.minimum > column.maximum:
        table.wrong("minimum", "this is more than the maximum")
    table.refuse_unknown()
