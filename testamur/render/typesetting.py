"""The one door to typst: a compiler kept warm in each process, one page at a time."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Literal

from testamur.errors import Malformed
from testamur.jsontext import Json, write_json

if TYPE_CHECKING:
    import typst

_LOCK = Lock()
_UNCOVERED = re.compile(r"the text `\"(.*?)\"` could not be displayed", re.DOTALL)
_ESCAPE = re.compile(r"\\u\{([0-9a-f]+)\}")


def typeset(source: str, data: Json) -> bytes:
    """A page as PDF/A-3a and PDF/UA-1; equal data gives equal bytes.

    Raises Malformed for a character that no installed font covers and for what does not fit on a page.
    """
    return _compile(source, data, "pdf", ["a-3a", "ua-1"])


def typeset_slips(source: str, data: Json) -> bytes:
    """Pages that are cut up after printing, as plain PDF; raises Malformed as ``typeset`` does."""
    return _compile(source, data, "pdf", ["a-3u"])


def typeset_picture(source: str, data: Json) -> bytes:
    """A drawing as PNG; raises Malformed for a character that no installed font covers."""
    _compile(source, data, "pdf", ["a-3u"])  # only PDF/A asks whether every character has a glyph
    return _compile(source, data, "png", [])


def _compile(
    source: str, data: Json, form: Literal["pdf", "png"], standards: list[Literal["a-3a", "a-3u", "ua-1"]]
) -> bytes:
    import typst

    inputs = {"data": write_json(data)}
    with _LOCK:
        try:
            made = _compiler(os.getpid(), source).compile(
                format=form, sys_inputs=inputs, pdf_standards=list(standards), timestamp=0
            )
        except typst.TypstError as error:
            raise _explained(error.message) from None
    if not isinstance(made, bytes):
        raise Malformed("", "this does not fit on one page")
    return made


@lru_cache(maxsize=8)
def _compiler(process: int, source: str) -> typst.Compiler:
    import typst

    with as_file(files("testamur.render").joinpath(source)) as path:
        return typst.Compiler(
            str(path), root=str(path.parent), font_paths=typst.Fonts(font_paths=_font_folders())
        )


def _font_folders() -> list[Path]:
    """The folders of fonts that came as Python packages, beside those of the system."""
    from importlib.metadata import entry_points

    return [
        Path(str(files(entry.module).joinpath("files")))
        for entry in sorted(entry_points(group="fontpkg.family"), key=lambda entry: entry.name)
    ]


def _explained(message: str) -> Malformed:
    uncovered = _UNCOVERED.search(message)
    if "too much for one page" in message:
        return Malformed("", "there is more text than fits on one page; list fewer rows or say less")
    if not uncovered:
        return Malformed("", f"the page cannot be set: {message.splitlines()[0][:200]}")
    text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), uncovered[1])
    points = " ".join(f"U+{ord(character):04X}" for character in text[:8])
    return Malformed(
        "", f"no installed font covers {text[:8]!r} ({points}); install one of the Noto fonts for it"
    )
