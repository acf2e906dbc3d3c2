"""A film of codes as one animated picture, for whoever shows it from a file."""

from __future__ import annotations

import io
from collections.abc import Sequence

from testamur.render.qr import make_qr

_MILLISECONDS = 200


def film_gif(frames: Sequence[str], *, dots: int = 6, milliseconds: int = _MILLISECONDS) -> bytes:
    """An endless GIF of these codes, all of one size; raises Malformed for a text no code holds."""
    from PIL import Image

    pictures = [Image.open(io.BytesIO(make_qr(frame).png(dots=dots))).convert("P") for frame in frames]
    side = max(picture.width for picture in pictures)
    shown = [picture.resize((side, side), Image.Resampling.NEAREST) for picture in pictures]
    file = io.BytesIO()
    shown[0].save(file, "GIF", save_all=True, append_images=shown[1:], duration=milliseconds, loop=0)
    return file.getvalue()
