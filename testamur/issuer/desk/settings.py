"""What an operator sets for the desk: ``desk.toml`` beside the homes, all of it optional."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from testamur.errors import OperatorError
from testamur.files import read_bounded

FILE = "desk.toml"
STORE = "sqlite:///desk.sqlite"
_MAX = 100_000


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of an installation."""

    name: str = ""  # of the installation, as its people should see it
    url: str = ""  # where browsers find it, "" for wherever they came to
    store: str = STORE  # of new organisations, and of the people
    second_factor: bool = True  # whether everybody needs one
    sections: Mapping[str, Any] | None = None  # what other parts of the desk read

    @classmethod
    def load(cls, folder: Path) -> Settings:
        """Those in the folder; raises OperatorError naming what is wrong."""
        path = folder / FILE
        if not path.exists():
            return cls()
        try:
            tables = tomllib.loads(read_bounded(path, _MAX).decode("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise OperatorError(f"{path} cannot be read: {error}") from None
        desk = tables.get("desk", {})
        url = str(desk.get("url", "")).rstrip("/")
        if url and urlsplit(url).scheme not in ("https", "http"):
            raise OperatorError(f"{path}: url in [desk] is no address of a web site")
        return cls(
            str(desk.get("name", "")),
            url,
            str(desk.get("store", STORE)),
            desk.get("second_factor", "required") != "optional",
            tables,
        )

    def section(self, name: str) -> Mapping[str, Any]:
        """One table of the file, empty where it is not there."""
        found = (self.sections or {}).get(name, {})
        return found if isinstance(found, dict) else {}
