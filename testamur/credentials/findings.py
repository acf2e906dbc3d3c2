"""Collecting every broken rule of a document, with its place, in bounded time and memory."""

from __future__ import annotations

from typing import Any

from testamur.errors import Malformed, Missing
from testamur.jsontext import compact_bytes

MAX_FINDINGS = 100
MAX_DEPTH = 64
MAX_VALUES = 50_000
_NATIVE_JSON = ("@context", "jsonSchema")  # members in which null means something


class Findings:
    """What is wrong with one document; past a hundred findings it stops listening."""

    def __init__(self) -> None:
        self.all: list[Malformed] = []
        self.unusable = False  # too large or too deep to look at any further

    @property
    def full(self) -> bool:
        """Whether more findings would be dropped."""
        return len(self.all) >= MAX_FINDINGS

    def add(self, path: str, message: str, clause: str) -> None:
        """Keep one finding."""
        if not self.full:
            self.all.append(Malformed(path, message, clause=clause))

    def lacks(self, path: str, message: str, clause: str) -> None:
        """Keep the finding that something is not there."""
        self.keep(Missing(path, message, clause=clause))

    def keep(self, error: Malformed) -> None:
        """Keep a finding that somebody else has put into words."""
        if not self.full:
            self.all.append(error)


def join(path: str, name: str) -> str:
    """The path of a member."""
    return f"{path}.{name}" if path else name


def each(value: Any, path: str) -> list[tuple[Any, str]]:
    """The items of a list with their paths, or the one value with its own; nothing for an absent one."""
    if value is None:
        return []
    if isinstance(value, list):
        return [(item, f"{path}[{place}]") for place, item in enumerate(value)]
    return [(value, path)]


def quoted(value: Any) -> str:
    """A value for a sentence, cut short whatever it is."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    shown = repr(value) if isinstance(value, str) and len(value) <= 80 else repr(str(value)[:80])
    return shown if isinstance(value, str) else shown[1:-1]


def check_values(document: Any, found: Findings, *, plain: bool = False) -> None:
    """Report null members, which JSON-LD drops so that no signature covers them.

    Past 50,000 values or 64 levels that is the one finding, and the document is marked unusable. ``plain`` says
    that ``is_plain`` was asked of this document.
    """
    if not plain and not is_plain(document):
        _report_values(document, found)


def is_plain(document: Any, text: str = "") -> bool:
    """Whether a document is clearly within the bounds and holds no null at all.

    ``text`` is JSON that the document was read from, where it is at hand; it shows that too.
    """
    text = text or _text(document)
    return 0 < len(text) < MAX_VALUES and text.count("[") + text.count("{") < MAX_DEPTH and "null" not in text


def _text(document: Any) -> str:
    try:
        return compact_bytes(document).decode()
    except (ValueError, TypeError, RecursionError):
        return ""


def _report_values(document: Any, found: Findings) -> None:
    waiting: list[tuple[Any, str, int, bool]] = [(document, "", 1, False)]
    looked_at = 0
    while waiting:
        value, path, depth, native = waiting.pop()
        looked_at += 1
        if depth > MAX_DEPTH:
            _give_up(found, f"it is nested more than {MAX_DEPTH} deep")
            return
        if isinstance(value, dict | list) and looked_at + len(waiting) + len(value) > MAX_VALUES:
            _give_up(found, f"it has more than {MAX_VALUES} values")
            return
        if value is None and not native:
            found.add(path, "null says nothing and would not be signed; leave the member out", "VCDM §6.1")
        if isinstance(value, dict):
            waiting += [
                (item, join(path, str(name)), depth + 1, native or name in _NATIVE_JSON)
                for name, item in value.items()
            ]
        elif isinstance(value, list):
            waiting += [(item, spot, depth + 1, native) for item, spot in each(value, path)]


def _give_up(found: Findings, reason: str) -> None:
    found.unusable = True
    found.all = [Malformed("", reason, clause="VCDM §6.1")]
