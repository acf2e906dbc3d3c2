"""Whether a cell is of the kind its column has (OneRoster CSV §4.1)."""

from __future__ import annotations

import re
from datetime import date

from testamur.errors import Malformed
from testamur.rosters.columns import Field
from testamur.times import parse_instant

_GUID = re.compile(r"[A-Za-z0-9._/@-]{1,255}")
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,10})?", re.ASCII)
_INTEGER = re.compile(r"-?\d{1,15}", re.ASCII)
_OWN_WORD = re.compile(r"ext:[A-Za-z0-9._-]{1,60}")


def wrong_value(field: Field, cell: str, mode: str) -> str:
    """Why a cell cannot stand in its column, "" where it can."""
    if field.name in ("status", "dateLastModified"):
        if mode == "bulk":
            return "in a bulk file this has to be empty" if cell else ""
        if not cell:
            return "a delta needs this"
    if "\n" in cell or "\r" in cell:
        return "a line is broken within the cell"
    if not cell.strip():
        return "this must not be empty" if field.required else ""
    return _KINDS[field.kind](field, cell)


def _text(field: Field, cell: str) -> str:
    return ""


def _guid(field: Field, cell: str) -> str:
    return "" if _GUID.fullmatch(cell) else f"{cell!r:.60} is no identifier of OneRoster"


def _refs(field: Field, cell: str) -> str:
    return next((reason for item in cell.split(",") if (reason := _guid(field, item.strip()))), "")


def _one(field: Field, cell: str) -> str:
    if cell in field.words or _OWN_WORD.fullmatch(cell):
        return ""
    return f"{cell!r:.40} is none of {', '.join(field.words)}"


def _some(field: Field, cell: str) -> str:
    return next((reason for item in cell.split(",") if (reason := _one(field, item.strip()))), "")


def _date(field: Field, cell: str) -> str:
    try:
        return "" if date.fromisoformat(cell).isoformat() == cell else f"{cell!r:.40} is no date YYYY-MM-DD"
    except ValueError:
        return f"{cell!r:.40} is no date YYYY-MM-DD"


def _instant(field: Field, cell: str) -> str:
    try:
        parse_instant(cell)
    except Malformed:
        return f"{cell!r:.40} is no date and time such as 2026-07-01T12:00:00Z"
    return "" if cell.endswith("Z") else "the time has to be in UTC, with a Z at its end"


def _year(field: Field, cell: str) -> str:
    return "" if re.fullmatch(r"[12]\d{3}", cell, re.ASCII) else f"{cell!r:.40} is no year"


def _number(field: Field, cell: str) -> str:
    return "" if _NUMBER.fullmatch(cell) else f"{cell!r:.40} is no number"


def _integer(field: Field, cell: str) -> str:
    return "" if _INTEGER.fullmatch(cell) else f"{cell!r:.40} is no whole number"


def _boolean(field: Field, cell: str) -> str:
    return "" if cell in ("true", "false") else f"{cell!r:.40} is neither true nor false"


_KINDS = {
    "text": _text, "texts": _text, "guid": _guid, "ref": _guid, "refs": _refs, "one": _one, "some": _some,
    "date": _date, "instant": _instant, "year": _year, "number": _number, "integer": _integer,
    "boolean": _boolean,
}  # fmt: skip
