"""Slips of paper with a claim link and its code, one for each learner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from testamur.errors import Malformed
from testamur.render.fonts import families
from testamur.render.qr import make_qr
from testamur.render.typesetting import typeset_slips

_MAX = 5_000
_RTL = ("ar", "fa", "he", "ur", "ps", "dv")


@dataclass(frozen=True, slots=True)
class Slip:
    """What stands on a slip; the code only where slip and code may travel together."""

    holder: str
    award: str
    school: str
    link: str
    line: str  # what to do with it, in the learner's language
    language: str = "en"
    latin: str = ""
    number: str = ""
    code: str = ""


def print_slips(entries: Sequence[Slip]) -> bytes:
    """A PDF of A4 pages, eight slips on each; raises Malformed for a character that no installed font covers."""
    if not entries or len(entries) > _MAX:
        raise Malformed("", f"there are {len(entries)} slips; from 1 to {_MAX:,} are printed at a time")
    texts = [text for one in entries for text in (one.holder, one.latin, one.award, one.school, one.line)]
    data = {
        "title": entries[0].school,
        "fonts": families(texts, entries[0].language),
        "slips": [_data(one) for one in entries],
    }
    return typeset_slips("slips.typ", data)


def _data(one: Slip) -> dict[str, object]:
    return {
        "holder": one.holder,
        "latin": one.latin,
        "award": one.award,
        "school": one.school,
        "number": one.number,
        "line": one.line,
        "code": one.code,
        "link": one.link,
        "shown": one.link.removeprefix("https://"),
        "lang": one.language.partition("-")[0],
        "rtl": one.language.partition("-")[0] in _RTL,
        "qr": make_qr(one.link).svg(),
    }
