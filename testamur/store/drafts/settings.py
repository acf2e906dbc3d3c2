"""What an organisation has decided for itself, as text by name."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select

from testamur.store.drafts.tables import settings


def setting(connection: Connection, owner: int | None, name: str) -> str:
    """The value of a setting, "" where nothing was decided."""
    value = connection.scalar(
        select(settings.c.value).where(settings.c.organisation == owner, settings.c.name == name)
    )
    return value or ""


def all_settings(connection: Connection, owner: int | None) -> dict[str, str]:
    """Every setting that was decided."""
    rows = connection.execute(
        select(settings.c.name, settings.c.value).where(settings.c.organisation == owner)
    )
    return {row.name: row.value for row in rows}


def set_setting(connection: Connection, owner: int, name: str, value: str) -> bool:
    """Decide a setting; "" goes back to what is usual. False where it was so already."""
    if setting(connection, owner, name) == value:
        return False
    connection.execute(delete(settings).where(settings.c.organisation == owner, settings.c.name == name))
    if value:
        connection.execute(insert(settings).values(organisation=owner, name=name, value=value))
    return True
