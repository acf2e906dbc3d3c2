"""What a camera sees of a printed code: at an angle, drifting, noisy, and out of focus before it is sharp."""

from __future__ import annotations

import io
import math
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from testamur.render import make_qr

WIDTH, HEIGHT = 1280, 720


def paper(text: str, *, module: int = 5) -> Image.Image:
    """The code on a white sheet, without anything in the way."""
    code = Image.open(io.BytesIO(make_qr(text).png())).convert("L")
    side = (len(make_qr(text).modules) + 8) * module
    sheet = Image.new("L", (WIDTH, HEIGHT), 235)
    small = code.resize((side, side), Image.Resampling.LANCZOS)
    sheet.paste(small, ((WIDTH - side) // 2, (HEIGHT - side) // 2))
    return sheet


def film(text: str, target: Path, *, frames: int = 24, hunting: int = 8) -> Path:
    """A film as Chromium's fake camera takes it: JPEG pictures one after the other."""
    sheet, noise = paper(text), np.random.default_rng(4)
    with target.open("wb") as out:
        for number in range(frames):
            blur = 0.6 + 3.4 * max(0, (hunting - number) / hunting)
            picture = _angled(sheet, math.sin(number / 5)).filter(ImageFilter.GaussianBlur(blur))
            grain = np.asarray(picture, dtype=np.int16) + noise.integers(-9, 10, (HEIGHT, WIDTH))
            Image.fromarray(grain.clip(0, 255).astype(np.uint8)).convert("RGB").save(out, "JPEG", quality=80)
    return target


def _angled(sheet: Image.Image, sway: float) -> Image.Image:
    """Turned a few degrees and seen from below, so that its upper edge is shorter than its lower one."""
    turned = sheet.rotate(5 + 4 * sway, Image.Resampling.BICUBIC, fillcolor=120)
    lean = 0.00012 + 0.00004 * sway
    return turned.transform(
        sheet.size, Image.Transform.PERSPECTIVE, (1, 0.06, -30, 0, 1.05, -18, 0, lean, 1 - 360 * lean),
        Image.Resampling.BICUBIC, fillcolor=120,
    )  # fmt: skip
