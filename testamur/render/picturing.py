"""The one door to PDFium: a PDF as words and as pictures."""

from __future__ import annotations

from threading import RLock
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from testamur.errors import Malformed

if TYPE_CHECKING:
    from PIL.Image import Image

_LOCK = RLock()  # PDFium serves one thread at a time
MAX_PAGES = 30
"""Pages that are compared; more is a difference."""

_DOTS_PER_INCH = 150
_MAX_POINTS = 3_000
_MAX_TEXT = 100_000
_TOLERANCE = 12  # of 255 levels of grey: rounding between builds of the same drawing


class Sheet:
    """A PDF opened for comparison; every failure to read it is Malformed."""

    def __init__(self, data: bytes) -> None:
        import pypdfium2

        with _LOCK:
            try:
                self._document = pypdfium2.PdfDocument(data)
                self._pages = [self._document[n] for n in range(min(len(self._document), MAX_PAGES))]
            except pypdfium2.PdfiumError as error:
                raise Malformed("", f"the file cannot be drawn: {error}") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with _LOCK:
            for page in self._pages:
                page.close()
            self._document.close()

    def __len__(self) -> int:
        return len(self._document)

    def size(self, number: int) -> tuple[int, int]:
        """Width and height of a page in whole points."""
        width, height = self._document.get_page_size(number)
        return round(width), round(height)

    def text(self) -> str:
        """The words of the pages in the order they are drawn."""
        parts: list[str] = []
        with _LOCK:
            for page in self._pages:
                words: Any = page.get_textpage()
                if words.count_chars() > _MAX_TEXT:
                    raise Malformed("", "a page holds more text than a page can show")
                parts.append(words.get_text_range())
                words.close()
        return "\n".join(parts)

    def picture(self, number: int = 0, *, dots_per_inch: int = _DOTS_PER_INCH) -> Image:
        """A page in grey, annotations and forms drawn as a viewer draws them."""
        if max(self.size(number)) > _MAX_POINTS:
            raise Malformed("", "the page is too large to be drawn")
        with _LOCK:
            bitmap: Any = self._pages[number].render(
                scale=dots_per_inch / 72, grayscale=True, may_draw_forms=True
            )
            picture: Image = bitmap.to_pil().convert("L")
            return picture

    def place_of_difference(self, other: Sheet) -> str:
        """Where the pages that both have differ to the eye, in plain words; "" where they do not."""
        for number in range(min(len(self._pages), len(other._pages))):
            if where := self._difference_on(number, other):
                return where if number == 0 else f"on page {number + 1}, {where}"
        return ""

    def _difference_on(self, number: int, other: Sheet) -> str:
        from PIL import ImageChops

        ours, theirs = self.picture(number), other.picture(number)
        if ours.size != theirs.size:
            return "everywhere"
        marked = ImageChops.difference(ours, theirs).point(lambda level: 255 if level > _TOLERANCE else 0)
        box = marked.getbbox()
        return _place(box, ours.size) if box else ""


def _place(box: tuple[int, int, int, int], size: tuple[int, int]) -> str:
    left, top, right, bottom = (edge / size[axis % 2] for axis, edge in enumerate(box))
    if right - left > 0.75 and bottom - top > 0.75:
        return "in many places"
    across = "left" if right < 0.4 else "right" if left > 0.6 else "middle"
    along = "top" if bottom < 0.3 else "bottom" if top > 0.7 else "middle"
    return (
        "in the middle"
        if across == along
        else f"at the {along} {across}"
        if along != "middle"
        else f"on the {across}"
    )


def coloured(data: bytes, *, dots_per_inch: int = _DOTS_PER_INCH) -> Image:
    """The first page of a PDF of our own in colour, for people to look at."""
    with Sheet(data) as sheet, _LOCK:
        if max(sheet.size(0)) > _MAX_POINTS:
            raise Malformed("", "the page is too large to be drawn")
        bitmap: Any = sheet._pages[0].render(scale=dots_per_inch / 72, may_draw_forms=True)
        picture: Image = bitmap.to_pil().convert("RGB")
        return picture
