"""The courses of a transcript as they stand on its pages, worked out from the signed claims."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from testamur.credentials import held_by, is_signed_apart, leading
from testamur.jsontext import Json

COLUMNS = ("code_of_course", "course", "credits", "grade")


@dataclass(frozen=True, slots=True)
class CourseTable:
    """The table of courses: its headings, its rows by term in the order of the record, and the credits in all."""

    kinds: tuple[str, ...]  # of COLUMNS those that are there; not printed
    headings: tuple[str, ...]
    terms: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]
    total: str
    continued: str

    @property
    def strings(self) -> tuple[str, ...]:
        """Everything that is printed of it."""
        cells = [
            cell for term, rows in self.terms for cell in (term, *(text for row in rows for text in row))
        ]
        return (*self.headings, *cells, self.total, self.continued)

    @property
    def lines(self) -> tuple[str, ...]:
        """Each course as its row reads."""
        return tuple(" ".join(filter(None, row)) for _, rows in self.terms for row in rows)


def course_table(claims: Json, labels: Any) -> CourseTable:
    """The table of a learner record; a column in which no row says anything is left out."""
    main = leading(claims).get("id")
    rows = [
        (_text(_subject(held).get("term")), _row(held))
        for held in held_by(claims)
        if isinstance(held, dict) and held.get("id") != main
    ]
    used = [place for place in range(len(COLUMNS)) if any(cells[place] for _, cells in rows)]
    terms = tuple(
        (term, tuple(tuple(cells[place] for place in used) for _, cells in group))
        for term, group in groupby(rows, key=lambda row: row[0])
    )
    numbers = [
        _number(_subject(held).get("creditsEarned")) for held in held_by(claims) if _counts(held, main)
    ]
    earned = [number for number in numbers if number is not None]
    kinds = tuple(COLUMNS[place] for place in used)
    headings = tuple(labels[kind] for kind in kinds)
    total = f"{labels['total_credits']}: {sum(earned):g}" if earned else ""
    return CourseTable(kinds, headings, terms, total, labels["continued"])


def _counts(held: Any, main: Any) -> bool:
    return isinstance(held, dict) and held.get("id") != main and not is_signed_apart(held)


def _row(held: Json) -> tuple[str, ...]:
    subject = _subject(held)
    achievement = subject.get("achievement")
    achievement = achievement if isinstance(achievement, dict) else {}
    results = subject.get("result")
    first = next(
        (item for item in (results if isinstance(results, list) else [results]) if isinstance(item, dict)), {}
    )
    return (
        _text(achievement.get("humanCode")),
        _text(achievement.get("name")) or _text(held.get("name")),
        _text(subject.get("creditsEarned")),
        _text(first.get("value")) or _text(first.get("status")),
    )


def _subject(held: Any) -> Json:
    subject = held.get("credentialSubject") if isinstance(held, dict) else None
    return subject if isinstance(subject, dict) else {}


def _number(value: Any) -> float | None:
    return value if type(value) in (int, float) else None


def _text(value: Any) -> str:
    if type(value) in (int, float):
        return f"{value:g}"
    return value if isinstance(value, str) else ""
