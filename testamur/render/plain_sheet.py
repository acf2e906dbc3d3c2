"""A plain sheet: words to keep in a drawer, a copy of a record, a letter; set like the school's pages, signed by nobody."""

from __future__ import annotations

from dataclasses import dataclass

from testamur.render.fonts import families
from testamur.render.qr import make_qr
from testamur.render.typesetting import typeset


@dataclass(frozen=True, slots=True)
class PlainSheet:
    """What stands on it, from top to bottom; an empty part is left out."""

    title: str
    language: str = "en"
    sentences: tuple[str, ...] = ()
    rows: tuple[tuple[str, str], ...] = ()
    words: tuple[str, ...] = ()
    code: str = ""  # the text of a QR code
    code_alt: str = ""
    caption: str = ""  # what the code is for
    footer: str = ""
    paper: str = "a4"


def sheet_pdf(sheet: PlainSheet) -> bytes:
    """The file; raises Malformed for a character that no installed font covers and for a code that is too long."""
    code = make_qr(sheet.code) if sheet.code else None
    texts = (
        sheet.title,
        *sheet.sentences,
        *(text for row in sheet.rows for text in row),
        sheet.caption,
        sheet.footer,
    )
    return typeset(
        "sheet.typ",
        {
            "title": sheet.title,
            "lang": sheet.language.partition("-")[0],
            "fonts": families(texts, sheet.language),
            "paper": sheet.paper,
            "sentences": list(sheet.sentences),
            "rows": [list(row) for row in sheet.rows],
            "words": list(sheet.words),
            "qr": code.svg() if code else "",
            "qr_mm": code.size_mm if code else 0,
            "qr_alt": sheet.code_alt or sheet.caption,
            "caption": sheet.caption,
            "footer": sheet.footer,
        },
    )
