"""A template's TOML read so that every mistake is found at once, each with its line and a hint."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from testamur.credentials.names import hidden
from testamur.errors import Malformed

MAX_TEMPLATE_BYTES = 256_000
_MAX_ITEMS = 200
_HEADING = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_.\-]+)\s*\]\]?")
_MEMBER = re.compile(r"\s*([A-Za-z0-9_\-]+)\s*=")


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing to put right in a template: where it stands, what is wrong, what to do."""

    line: int
    key: str
    reason: str
    hint: str = ""

    def __str__(self) -> str:
        where = f"line {self.line}, {self.key}" if self.key else f"line {self.line}"
        return f"{where}: {self.reason}" + (f" ({self.hint})" if self.hint else "")


class TemplateMistakes(Malformed):
    """A template cannot be used; ``mistakes`` has everything that is wrong with it, in order of lines."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(sorted(mistakes, key=lambda mistake: (mistake.line, mistake.key)))
        super().__init__("", "\n".join(map(str, self.mistakes)))


@dataclass(slots=True)
class Table:
    """One table of a template. What is asked for and not usable goes into ``mistakes``."""

    members: dict[str, Any]
    path: str = ""
    lines: dict[str, int] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)

    def text(self, key: str, default: str = "", *, limit: int = 200, among: Iterable[str] = ()) -> str:
        """The text of a key; a TOML date is given in ISO."""
        value = self._member(key, default)
        if isinstance(value, date):
            value = value.isoformat()
        if not isinstance(value, str):
            self.wrong(key, "this should be text", "put it in quotation marks")
            return default
        allowed = tuple(among)
        if allowed and value not in allowed:
            self.wrong(key, f"{value!r:.60} is not known here", _suggest(value, allowed))
            return default
        if len(value) > limit:
            self.wrong(key, f"this is longer than {limit} characters")
        elif reason := hidden(value.replace("\n", " ")):
            self.wrong(key, reason, "type it again")
        return value

    def needed(self, key: str, hint: str) -> str:
        """The text of a key that must be there."""
        text = self.text(key).strip()
        if not text:
            self.wrong(key, "this is missing", hint)
        return text

    def flag(self, key: str) -> bool:
        """The yes or no of a key."""
        value = self._member(key, False)
        if not isinstance(value, bool):
            self.wrong(key, "this should be true or false", "without quotation marks")
        return value is True

    def number(self, key: str, *, low: float, high: float) -> float | int | None:
        """The number of a key, or None where it is not given."""
        value = self._member(key, None)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            self.wrong(key, f"this should be a number from {low:g} to {high:g}", "without quotation marks")
            return None
        return value

    def texts(self, key: str, *, limit: int = 200) -> tuple[str, ...]:
        """The list of texts of a key."""
        value = self._member(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.wrong(key, "this should be a list of texts", 'such as ["first", "second"]')
            return ()
        if len(value) > _MAX_ITEMS:
            self.wrong(key, f"this list is longer than {_MAX_ITEMS}")
        for item in value:
            if len(item) > limit or hidden(item):
                self.wrong(key, f"{item!r:.40} is too long or holds an invisible character")
        if len(set(value)) != len(value):
            self.wrong(key, "something stands here twice")
        return tuple(value)

    def table(self, key: str) -> Table:
        """The table of a key, empty where it is not given."""
        value = self._member(key, {})
        if not isinstance(value, dict):
            self.wrong(key, "this should be a table", f"begin it with the line [{self._at(key)}]")
            value = {}
        return Table(value, self._at(key), self.lines, self.mistakes)

    def tables(self, key: str) -> list[Table]:
        """Every table of a repeated key, each begun by a line [[key]]."""
        value = self._member(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.wrong(
                key, "this should be given once or more", f"begin each with the line [[{self._at(key)}]]"
            )
            value = []
        items = value[:_MAX_ITEMS]
        return [
            Table(item, f"{self._at(key)}[{n}]", self.lines, self.mistakes) for n, item in enumerate(items, 1)
        ]

    def named_tables(self) -> dict[str, Table]:
        """Every member as a table of its own name, as in [result.grade]."""
        return {key: self.table(key) for key in self.members}

    def wrong(self, key: str, reason: str, hint: str = "") -> None:
        """Note a mistake at a key, or at the table itself where the key is "" or missing."""
        at = self._at(key) if key else self.path
        line = self.lines.get(at) or self.lines.get(self.path) or 1
        self.mistakes.append(Mistake(line, at, reason, hint))

    def refuse_unknown(self) -> None:
        """Note every member that nobody asked for: a misspelt key must not be passed over."""
        for key in self.members.keys() - self.asked:
            self.wrong(key, "this is not known here", _suggest(key, sorted(self.asked)))

    def _member(self, key: str, default: Any) -> Any:
        self.asked.add(key)
        return self.members.get(key, default)

    def _at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key


def read_toml(text: str) -> Table:
    """The outermost table of a template; raises TemplateMistakes where the text is no TOML at all."""
    if len(text.encode("utf-8", "surrogatepass")) > MAX_TEMPLATE_BYTES:
        raise TemplateMistakes([Mistake(1, "", f"the template is longer than {MAX_TEMPLATE_BYTES} bytes")])
    try:
        members = tomllib.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        line = re.search(r"at line (\d+)", str(error))
        reason = re.sub(r"\s*\(at .*\)$", "", str(error)) or "it is nested too deeply"
        hint = 'every text stands in quotation marks, every key once, as in  title = "Diploma"'
        raise TemplateMistakes([Mistake(int(line[1]) if line else 1, "", reason, hint)]) from None
    return Table(members, lines=_line_index(text))


def _line_index(text: str) -> dict[str, int]:
    """The line on which each table and key begins; a guess inside multi-line values, never an error."""
    lines: dict[str, int] = {}
    counts: dict[str, int] = {}
    path = ""
    for number, line in enumerate(text.splitlines(), 1):
        if heading := _HEADING.match(line):
            path = heading[2]
            if heading[1] == "[[":
                counts[path] = counts.get(path, 0) + 1
                lines.setdefault(path, number)
                path = f"{path}[{counts[path]}]"
            lines.setdefault(path, number)
        elif member := _MEMBER.match(line):
            lines.setdefault(f"{path}.{member[1]}" if path else member[1], number)
    return lines


def _suggest(value: str, known: Iterable[str]) -> str:
    names = tuple(known)
    close = difflib.get_close_matches(value[:80], names, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]}?"
    return f"known are {', '.join(names)}" if len(names) <= 40 else ""
