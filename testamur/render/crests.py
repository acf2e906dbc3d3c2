"""A crest as somebody uploads it, made small and drawn anew: nothing of the file but its picture is kept."""

from __future__ import annotations

from io import BytesIO

from testamur.errors import Malformed

MAX_UPLOAD = 6_000_000
_MOST_DOTS = 24_000_000
_SIDE = 1200
_MAX_CREST = 900_000  # a template takes a megabyte
_KINDS = ("PNG", "JPEG", "WEBP")


def redrawn(data: bytes) -> bytes:
    """The picture as PNG, at most 1,200 dots wide or high; raises Malformed where it is none we take."""
    from PIL import Image, UnidentifiedImageError

    if len(data) > MAX_UPLOAD:
        raise Malformed("", "this picture is too large")
    try:
        with Image.open(BytesIO(data), formats=_KINDS) as picture:
            if picture.width * picture.height > _MOST_DOTS or min(picture.size) < 16:
                raise Malformed("", "this picture is too large or too small")
            drawn = picture.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise Malformed("", "this is no picture that can be read: give a PNG, JPEG or WebP") from None
    for side in (_SIDE, 800, 500, 300):
        drawn.thumbnail((side, side))
        stream = BytesIO()
        drawn.save(stream, "PNG", optimize=True)
        if stream.tell() <= _MAX_CREST:
            return stream.getvalue()
    raise Malformed("", "this picture is too large")
