"""What a PDF says beside its page: the title of its window, bookmarks, the words that a screen reader speaks.

None of it is drawn, so no comparison of pages sees it; a reader sees or hears all of it.
"""

from __future__ import annotations

from collections import Counter
from io import BytesIO
from typing import Any

from testamur.errors import Malformed

_MAX_OBJECTS = 50_000
_TOLD = frozenset(("/Title", "/Subject", "/Author", "/Keywords", "/F", "/UF", "/Desc")) | frozenset(
    ("/Alt", "/ActualText", "/E", "/T", "/TU", "/Contents")
)

Asides = Counter[tuple[str, str]]


def asides(file: bytes) -> Asides:
    """Each such text with the name of its place; raises Malformed for a file that cannot be read."""
    from pypdf import PdfReader

    try:
        reader = PdfReader(BytesIO(file))
        found = _texts([reader.trailer.get("/Root"), reader.trailer.get("/Info")])
        about = reader.xmp_metadata
        for name in ("dc_title", "dc_description", "dc_creator", "dc_subject"):
            found["the metadata", str(getattr(about, name, None))] += 1
    except Malformed:
        raise
    except Exception as error:  # whatever pypdf makes of hostile bytes
        raise Malformed("", f"the file cannot be read: {type(error).__name__}") from None
    return found


def _texts(waiting: list[Any]) -> Asides:
    """The texts under the names above in everything that can be reached, each object once."""
    from pypdf.generic import (
        ArrayObject,
        ByteStringObject,
        DictionaryObject,
        IndirectObject,
        TextStringObject,
    )

    found: Asides = Counter()
    seen: set[int] = set()
    while waiting:
        item = waiting.pop()
        if isinstance(item, IndirectObject):
            if item.idnum in seen:
                continue
            seen.add(item.idnum)
            item = item.get_object()
        if len(seen) + len(waiting) > _MAX_OBJECTS:
            raise Malformed("", "the file has more parts than a page needs")
        if isinstance(item, ArrayObject):
            waiting.extend(item)
        elif isinstance(item, DictionaryObject):
            for name, value in item.items():
                value = value.get_object() if isinstance(value, IndirectObject) and name in _TOLD else value
                if name in _TOLD and isinstance(value, TextStringObject | ByteStringObject):
                    found[name.removeprefix("/"), str(value)] += 1
                else:
                    waiting.append(value)
    return found
