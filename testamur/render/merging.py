"""Many pages as one PDF, for a printer."""

from __future__ import annotations

import io
from collections.abc import Iterable

from testamur.errors import Malformed


def merge(pdfs: Iterable[bytes], *, title: str) -> bytes:
    """One PDF of all pages in their order, to be printed: what was attached to the single ones is not in it.

    Fonts and pictures that the pages have in common are kept once.
    """
    from pypdf import PdfReader, PdfWriter
    from pypdf.errors import PyPdfError

    writer = PdfWriter()
    try:
        for number, pdf in enumerate(pdfs, 1):
            for page in PdfReader(io.BytesIO(pdf)).pages:
                writer.add_page(page)
            if number % 50 == 0:
                writer.compress_identical_objects(remove_duplicates=True, remove_unreferenced=True)
        if not writer.pages:
            raise Malformed("", "there are no pages to print")
        writer.compress_identical_objects(remove_duplicates=True, remove_unreferenced=True)
        writer.add_metadata({"/Title": title})
        out = io.BytesIO()
        writer.write(out)
    except PyPdfError as error:
        raise Malformed("", f"the pages cannot be put together: {error}") from None
    return out.getvalue()
