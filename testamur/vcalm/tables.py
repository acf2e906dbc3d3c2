"""Reading the settings: a table of TOML, every name in it known and every value of its kind."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from testamur.errors import OperatorError
from testamur.jsontext import Json


class Table:
    """One table of the settings; what is taken out of it is ticked off, and ``finish`` names what was not."""

    def __init__(self, name: str, members: object) -> None:
        if not isinstance(members, dict):
            raise OperatorError(f"[{name}] in the settings is not a table")
        self.name = name
        self._members: Json = members
        self._taken: set[str] = set()

    def text(self, name: str, default: str = "", *, among: Collection[str] = ()) -> str:
        """A text, one ``among`` those where there are any to choose from."""
        value = self._take(name, default)
        if not isinstance(value, str):
            raise self._wrong(name, "a text in quotes")
        if among and value not in among:
            raise self._wrong(name, f"one of {', '.join(sorted(among))}, not {value!r:.60}")
        return value

    def texts(self, name: str, *, among: Collection[str] = ()) -> tuple[str, ...]:
        """A list of texts, empty where it is left out; one text stands for itself."""
        value = self._take(name, [])
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
            raise self._wrong(name, "a list of texts in quotes")
        if among and (strange := sorted(set(listed) - set(among))):
            raise self._wrong(name, f"out of {', '.join(sorted(among))}, not {strange[0]!r:.60}")
        return tuple(listed)

    def flag(self, name: str, default: bool = False) -> bool:
        """True or false."""
        value = self._take(name, default)
        if not isinstance(value, bool):
            raise self._wrong(name, "true or false")
        return value

    def number(self, name: str, default: int, *, among: Collection[int] = ()) -> int:
        """A whole number, one ``among`` those where there are any to choose from."""
        value = self._take(name, default)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self._wrong(name, "a whole number")
        if among and value not in among:
            raise self._wrong(name, f"one of {', '.join(map(str, sorted(among)))}, not {value}")
        return value

    def tables(self, name: str) -> Iterator[Table]:
        """The tables within a table, each under its name."""
        found = self._take(name, {})
        if not isinstance(found, dict):
            raise self._wrong(name, "a table of tables")
        for key, members in found.items():
            yield Table(f"{name}.{key}", members)

    @property
    def key(self) -> str:
        """The last part of its name."""
        return self.name.rpartition(".")[2]

    def finish(self) -> None:
        """Raise OperatorError where a name was not taken: it is misspelt, or means nothing here."""
        if unknown := sorted(self._members.keys() - self._taken):
            raise OperatorError(
                f"[{self.name}] knows no {unknown[0]!r:.60}",
                hint=f"it knows {', '.join(sorted(self._taken))}" if self._taken else "",
            )

    def _take(self, name: str, default: Any) -> Any:
        self._taken.add(name)
        return self._members.get(name, default)

    def _wrong(self, name: str, wanted: str) -> OperatorError:
        return OperatorError(f"{name} in [{self.name}] must be {wanted}")
