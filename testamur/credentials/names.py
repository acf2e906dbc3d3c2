"""Names as people write them: one spelling of the same characters, and what in them looks wrong.

``normal`` changes only what nobody can see. ``hidden`` is a reason to refuse; ``remarks`` are only
pointed out, since a person may well be called so.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from testamur.words import say

_SPACES = re.compile(r"\s+")
_WORD_BREAKS = re.compile(r"[\s\-‐‑–/(),.]+")
_JOINERS = "\u200c\u200d"
_SPACE_LIKE = frozenset("\u2028\u2029\u00ad\u115f\u1160\u3164\uffa0\u034f\u2800")
_PLAIN_SCRIPTS = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "GEORGIAN", "ETHIOPIC", "CJK"})
_TOGETHER = (
    frozenset({"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "IDEOGRAPHIC"}),
    frozenset({"CJK", "HANGUL"}),
    frozenset({"CJK", "BOPOMOFO"}),
)


def normal(text: str) -> str:
    """The text in NFC, without outer blanks and with single spaces inside."""
    if text.isascii() and text.isprintable() and "  " not in text:  # most cells; the answer is the same
        return text.strip()
    return _in_nfc(text)


@lru_cache(maxsize=64)  # a cell is asked for its normal form by all who look at its row
def _in_nfc(text: str) -> str:
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


def hidden(text: str) -> str:
    """Name the first character that cannot be seen and may mislead, or nothing.

    Zero-width joiners are spelling in Arabic, Indic and kindred scripts and pass between their letters.
    """
    if text.isprintable() and _SPACE_LIKE.isdisjoint(text):  # none of the categories below can be printed
        return ""
    for index, character in enumerate(text):
        category = unicodedata.category(character)
        if character in _JOINERS and _joins(text, index):
            continue
        if category in ("Cc", "Cf", "Cs", "Co", "Cn") or character in _SPACE_LIKE:
            return say(
                "it holds an invisible or unknown character, {character}", character=describe(character)
            )
    return ""


def describe(character: str) -> str:
    """Say which character this is, for people: "U+202E RIGHT-TO-LEFT OVERRIDE"."""
    name = unicodedata.name(character, "")
    return f"U+{ord(character):04X}" + (f" {name}" if name else "")


def remarks(text: str) -> list[str]:
    """Sentences about what is unusual in a name: scripts mixed in a word, capitals only."""
    scripts = set() if text.isascii() else {*map(script_of, text)} - {""}
    words = _WORD_BREAKS.split(text) if len(scripts) > 1 else ()
    found = [_mixed_sentence(word) for word in words if is_mixed(word)]
    if text.isupper() and sum(map(str.isalpha, text)) > 3:
        found.append(say("{text} is in capitals only; the diploma will show it so", text=f"{text!r:.60}"))
    return found


def is_mixed(word: str) -> bool:
    """Whether the letters of a word come from scripts that are not written together."""
    if word.isascii():
        return False
    scripts = {script for character in word if (script := script_of(character))}
    return len(scripts) > 1 and not any(scripts <= group for group in _TOGETHER)


@lru_cache(maxsize=4096)
def script_of(character: str) -> str:
    """The script of a letter in capitals ("CYRILLIC"); "" for marks, digits and signs.

    Unicode names every letter by its script first, which serves where no script table is at hand.
    """
    if unicodedata.category(character) not in ("Lu", "Ll", "Lt", "Lo"):
        return ""
    return unicodedata.name(character, "UNKNOWN").split(" ", 1)[0]


def _mixed_sentence(word: str) -> str:
    letters = [(character, script_of(character)) for character in word if script_of(character)]
    scripts = [script for _, script in letters]
    main = max(sorted(set(scripts)), key=scripts.count)
    stranger, script = next((letter, script) for letter, script in letters if script != main)
    return say(
        "{word} mixes scripts: {letter} is {script} among {main} letters; if it was mistyped, type it again",
        word=f"{word!r:.60}",
        letter=repr(stranger),
        script=_title(script),
        main=_title(main),
    )


def _title(script: str) -> str:
    return "Chinese" if script == "CJK" else script.title()


def _joins(text: str, index: int) -> bool:
    if not 0 < index < len(text) - 1:
        return False
    before, after = text[index - 1], text[index + 1]
    if any(unicodedata.category(character)[0] not in "LM" for character in (before, after)):
        return False
    base = next((script for character in reversed(text[:index]) if (script := script_of(character))), "LATIN")
    return base not in _PLAIN_SCRIPTS
