"""A copy of what a school publishes, as ``--mirror`` reads it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from testamur.jsontext import write_json
from testamur.times import write_instant
from tests.town import School


def write_mirror(school: School, folder: Path) -> None:
    """Write what the school publishes, as of today."""
    base = f"https://{school.host}"
    for url, body in school.web.pages.items():
        path = folder / url.removeprefix(base).lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    site = {"url": base, "published": write_instant(datetime.now(UTC))}
    (folder / "site.json").write_text(write_json(site))
