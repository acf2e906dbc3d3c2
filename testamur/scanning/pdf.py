"""Credentials in a PDF: every attachment, and every code on every page."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import islice

import pypdf
import pypdfium2

from testamur.errors import Malformed
from testamur.scanning.parts import MAX_TEXT, Part, as_text
from testamur.scanning.pictures import read_codes

MAX_PAGES = 20
MAX_ATTACHMENTS = 32
_DOTS_PER_INCH = 200
_PAGE_PIXELS = 16_000_000


def pdf_parts(data: bytes) -> list[Part]:
    """The texts attached to a PDF and the codes on its pages; what cannot be read is a part that says so."""
    return [*_attachments(data), *_codes(data)]


def _attachments(data: bytes) -> Iterator[Part]:
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            yield Part(
                "file", "the attachments", problem="the PDF is encrypted, its attachments cannot be read"
            )
            return
        for entry in islice(reader.attachment_list, MAX_ATTACHMENTS):
            yield _attachment(entry.name, entry.content)
    except Exception as error:  # whatever pypdf makes of hostile bytes
        yield Part(
            "file", "the attachments", problem=f"the attachments cannot be read: {type(error).__name__}"
        )


def _attachment(name: str, content: bytes) -> Part:
    if len(content) > MAX_TEXT:
        return Part("attachment", name, problem=f"it is longer than {MAX_TEXT:,} bytes")
    return Part("attachment", name, as_text(content) or "")


def _codes(data: bytes) -> Iterator[Part]:
    try:
        document = pypdfium2.PdfDocument(data)
        try:
            count = len(document)
            for index in range(min(count, MAX_PAGES)):
                for text in read_codes(_page_picture(document[index])):
                    yield Part("code", f"page {index + 1}", text, index + 1)
        finally:
            document.close()
    except Malformed as error:
        yield Part("file", "the pages", problem=error.message)
    except Exception as error:  # whatever PDFium's binding raises
        yield Part("file", "the pages", problem=f"the pages cannot be drawn: {type(error).__name__}")
    else:
        if count > MAX_PAGES:
            yield Part(
                "file", "the pages", problem=f"only the first {MAX_PAGES} of {count} pages were looked at"
            )


def _page_picture(page: pypdfium2.PdfPage):  # type: ignore[no-untyped-def]
    width, height = page.get_size()
    if not (0 < width < 20_000 and 0 < height < 20_000):
        raise Malformed("", f"a page of {width:.0f} x {height:.0f} points is not drawn")
    scale = min(_DOTS_PER_INCH / 72, (_PAGE_PIXELS / (width * height)) ** 0.5)
    return page.render(scale=scale, grayscale=True).to_pil().convert("L")
