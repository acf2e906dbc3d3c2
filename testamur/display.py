"""Words of strangers, made safe to show: in a terminal, and in the cell of a spreadsheet."""

from __future__ import annotations

import json
import re
import unicodedata

_JOINERS = frozenset("\u200c\u200d")  # Persian, Hindi, Khmer … are not written rightly without them
_NUMBER_MARKS = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2")
_KEPT = _JOINERS | _NUMBER_MARKS
_BLANK = frozenset("\u034f\u115f\u1160\u2800\u3164\uffa0")  # letters and signs that leave no mark
_HIDDEN = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))
_BLANKS = re.compile(r"[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]{2,}")
_UNUSUAL = re.compile(r"[^ -~]")
_FORMULA = re.compile(r"""(?:^|(?<=;))(?=[\s"]*[=+\-@＝＋－＠\t\r])""")


def shown(text: str) -> str:
    r"""The text with control characters, bidi overrides and other invisible marks written as ``\u202e``.

    What a terminal would obey or a reader could not see is spelled out; letters of every script stay.
    """
    return _UNUSUAL.sub(lambda match: _visible(match[0]), text)


def shorten(text: str, limit: int = 200) -> str:
    """At most ``limit`` characters of the text, escaped; what is left out is shown as "…"."""
    return shown(text if len(text) <= limit else text[: limit - 1] + "…")


def one_line(text: str) -> str:
    """The text, escaped, of a bearable length; no run of blanks pushes its rest to where a line seems to begin."""
    return shorten(_BLANKS.sub(" ", text), 500)


def cell(text: str) -> str:
    """The text for a spreadsheet: what a program would run as a formula is written as text.

    So is what follows a semicolon, where half the world's programs begin a new cell.
    """
    return _FORMULA.sub("'", text)


def _visible(character: str) -> str:
    hidden = unicodedata.category(character) in _HIDDEN or character in _BLANK
    if character in _KEPT or not hidden:
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def shown_json(text: str) -> str:
    """JSON text of the same meaning in which every hidden character is escaped, fit for a terminal."""
    return _UNUSUAL.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    letter = match[0]
    return letter if _visible(letter) == letter else json.dumps(letter)[1:-1]
