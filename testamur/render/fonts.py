"""Which typefaces a page is set in: one family for Latin, Greek and Cyrillic, Noto for every other script."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

FIRST = ("Libertinus Serif", "Noto Serif")  # the first comes with typst itself
LAST = ("Noto Sans", "Noto Sans Symbols", "Noto Sans Symbols2", "Noto Sans Math", "DejaVu Sans Mono")

_EAST_ASIAN = {"zh": "SC", "ja": "JP", "ko": "KR"}
_NAMES = {
    "ARABIC": ("Noto Naskh Arabic",),
    "CANADIAN": ("Noto Sans Canadian Aboriginal",),
    "MEETEI": ("Noto Sans Meetei Mayek",),
    "NKO": ("Noto Sans NKo",),
    "OL": ("Noto Sans Ol Chiki",),
    "SYLOTI": ("Noto Sans Syloti Nagri",),
    "TAI": ("Noto Sans Tai Le", "Noto Sans Tai Tham", "Noto Sans Tai Viet"),
    "NEW": ("Noto Sans New Tai Lue",),
}
_HAN = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "IDEOGRAPHIC", "FULLWIDTH")


def families(texts: Iterable[str], language: str) -> list[str]:
    """The families for these texts, in the order they are tried; typst names a character that none has."""
    scripts = {
        unicodedata.name(character, "").partition(" ")[0]
        for character in set("".join(texts))
        if ord(character) > 0x52F
    }
    found = [family for script in sorted(scripts) for family in _families(script, language)]
    return [*FIRST, *dict.fromkeys(found), *LAST]


def _families(script: str, language: str) -> tuple[str, ...]:
    if script.startswith(_HAN):
        primary, _, rest = language.partition("-")
        region = _EAST_ASIAN.get(primary, "SC")
        if primary == "zh" and rest.upper() in ("HK", "TW", "HANT", "HANT-TW", "HANT-HK"):
            region = "HK" if rest.upper().endswith("HK") else "TC"
        return f"Noto Serif CJK {region}", f"Noto Sans CJK {region}"
    return _NAMES.get(script) or (f"Noto Serif {script.title()}", f"Noto Sans {script.title()}")
