"""Sheets that are being prepared: given by somebody, checked, put right, until they are handed over."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from secrets import token_hex
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from testamur.store.desk.tables import sheets
from testamur.store.rows import find_organisation, instant, organisation_number, seconds


@dataclass(frozen=True, slots=True)
class GivenSheet:
    """A spreadsheet that somebody gave, with what is to become of it; without ``data`` where many are listed."""

    id: str
    organisation: str
    person: int
    template: str
    key: str
    batch: str
    name: str
    data: bytes = field(repr=False)
    created: datetime
    moved: datetime
    courses_name: str = ""
    courses: bytes = field(default=b"", repr=False)
    changed: bool = False

    def with_changes(self, **changes: Any) -> GivenSheet:
        """The same with some things otherwise."""
        return replace(self, **changes)


_BRIEF = [column for column in sheets.c if column.name not in ("data", "courses")]


def add(connection: Connection, sheet: GivenSheet) -> str:
    """Keep a sheet; gives its id."""
    number = token_hex(8)
    connection.execute(insert(sheets).values(id=number, **_values(connection, sheet)))
    return number


def find(connection: Connection, organisation: str, sheet: str) -> GivenSheet | None:
    """The sheet of this id in an organisation."""
    mine = (sheets.c.id == sheet, sheets.c.organisation == find_organisation(connection, organisation))
    row = connection.execute(select(sheets).where(*mine)).first()
    return None if row is None else _sheet(row, organisation)


def listed(connection: Connection, organisation: str, *, limit: int = 200) -> list[GivenSheet]:
    """The sheets of an organisation without their contents, the newest first."""
    mine = sheets.c.organisation == find_organisation(connection, organisation)
    rows = connection.execute(select(*_BRIEF).where(mine).order_by(sheets.c.moved.desc()).limit(limit))
    return [_sheet(row, organisation) for row in rows]


def keep(connection: Connection, sheet: GivenSheet) -> None:
    """Keep a sheet as it is now."""
    connection.execute(update(sheets).where(sheets.c.id == sheet.id).values(**_values(connection, sheet)))


def drop(connection: Connection, organisation: str, sheet: str) -> bool:
    """Forget a sheet; False where it was gone already."""
    mine = (sheets.c.id == sheet, sheets.c.organisation == find_organisation(connection, organisation))
    return connection.execute(delete(sheets).where(*mine)).rowcount == 1


def _values(connection: Connection, sheet: GivenSheet) -> dict[str, Any]:
    names = ("person", "template", "key", "batch", "name", "data", "courses_name", "courses", "changed")
    values = {name: getattr(sheet, name) for name in names}
    moments = {"created": seconds(sheet.created), "moved": seconds(sheet.moved)}
    return values | moments | {"organisation": organisation_number(connection, sheet.organisation)}


def _sheet(row: Row[Any], organisation: str) -> GivenSheet:
    found = dict(row._mapping)
    return GivenSheet(
        **{
            **found,
            "organisation": organisation,
            "data": bytes(found.get("data", b"")),
            "courses": bytes(found.get("courses", b"")),
            "created": instant(found["created"]),
            "moved": instant(found["moved"]),
        }
    )
