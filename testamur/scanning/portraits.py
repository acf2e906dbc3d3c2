"""The face of a holder, where the record carries one: drawn anew, so that only a picture reaches a page."""

from __future__ import annotations

import base64
import binascii
import io
import re
from typing import Any

from testamur.checks import Report
from testamur.errors import Malformed, TestamurError
from testamur.jsontext import Json

_MEMBERS = ("image", "portrait", "photo")
_DATA = re.compile(r"data:image/(?:png|jpeg|webp);base64,([A-Za-z0-9+/=\s]{1,4000000})", re.ASCII)
_SIDE = 480
_QUALITY = 85
_FORMATS = ("PNG", "JPEG", "WEBP")
_MAX_PIXELS = 16_000_000


def portrait_of(report: Report) -> str:
    """A ``data:`` address of the holder's picture in a record whose signature holds; "" where there is none.

    A picture that lies elsewhere is not fetched, and one that cannot be drawn is none.
    """
    raw = _carried(report.claims) if report.is_proved else b""
    if not raw:
        return ""
    from testamur.scanning.cage import CAGE
    from testamur.scanning.caged import PORTRAIT

    try:
        parts = CAGE.parts(PORTRAIT, raw)
    except TestamurError:
        return ""
    return next((part.text for part in parts if not part.problem), "")


def _carried(claims: Json) -> bytes:
    subject = claims.get("credentialSubject")
    if not isinstance(subject, dict):
        return b""
    for name in _MEMBERS:
        match = _DATA.fullmatch(_address(subject.get(name)))
        if match:
            try:
                return base64.b64decode(match[1])
            except binascii.Error:
                continue
    return b""


def _address(value: Any) -> str:
    """The address of a picture written as a text or as an ``Image`` object (OB §B)."""
    if isinstance(value, dict):
        value = value.get("id")
    return value if isinstance(value, str) else ""


def drawn_again(data: bytes) -> str:
    """The picture as a small JPEG without anything but its points, as a ``data:`` address; raises Malformed."""
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
            if picture.width * picture.height > _MAX_PIXELS:
                raise Malformed("", "the portrait is too large")
            picture.draft("RGB", (2 * _SIDE, 2 * _SIDE))
            upright = ImageOps.exif_transpose(picture).convert("RGBA")
        upright.thumbnail((_SIDE, _SIDE))
        paper = Image.new("RGB", upright.size, "white")
        paper.paste(upright, mask=upright.getchannel("A"))
        stream = io.BytesIO()
        paper.save(stream, "JPEG", quality=_QUALITY)
    except Malformed:
        raise
    except Exception as error:  # whatever Pillow's decoders make of hostile bytes
        raise Malformed("", f"the portrait cannot be read: {type(error).__name__}") from None
    return "data:image/jpeg;base64," + base64.b64encode(stream.getvalue()).decode("ascii")
