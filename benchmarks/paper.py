"""How far a printed diploma can be damaged and still verify: python benchmarks/paper.py [SEEDS].

Pages in five scripts are drawn at 150 dots per inch and photographed by numbers: blurred, turned, seen at an
angle, kept as a poor JPEG. What counts is the token that comes back, the same to the letter. The damage is
simulated; no printer, paper or camera took part.
"""

from __future__ import annotations

import io
import random
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

import pypdfium2
from PIL import Image, ImageFilter

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from testamur.errors import Malformed
from testamur.papercode import decode
from testamur.render import make_qr
from testamur.scanning.pictures import open_picture, read_codes
from tests.papercode.records import record, signed
from tests.render.pages import make

LANGUAGES = ("en", "hi", "am", "ar", "km")
DOTS = 150


@dataclass(frozen=True)
class Damage:
    """What happens to a page between the printer and the reader."""

    blur: float = 0.14  # mm, the sigma of a Gaussian
    quality: int = 40  # of the JPEG
    turn: float = 7.0  # degrees, either way
    perspective: float = 0.10  # how far a corner may move, in parts of the page
    dots: int = DOTS  # per inch
    fade: float = 0.0  # how much of the contrast is lost
    stain: float = 0.0  # mm, the diameter of a dark stain on the code


def photograph(page: Image.Image, damage: Damage, chance: random.Random) -> bytes:
    """The page as a JPEG of somebody's picture of it."""
    picture = page
    if damage.dots != DOTS:
        picture = picture.resize(
            [round(side * damage.dots / DOTS) for side in picture.size], Image.Resampling.BOX
        )
    picture = picture.filter(ImageFilter.GaussianBlur(damage.blur / 25.4 * damage.dots))
    picture = picture.rotate(
        chance.choice((-1, 1)) * damage.turn, Image.Resampling.BICUBIC, expand=True, fillcolor=205
    )
    picture = _at_an_angle(picture, damage.perspective, chance)
    if damage.fade:
        picture = picture.point(lambda level: 255 - (255 - level) * (1 - damage.fade))
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=damage.quality)
    return file.getvalue()


def stained(page: Image.Image, damage: Damage, chance: random.Random) -> Image.Image:
    """The page with a dark round stain somewhere on the code, which is at the right of the lower edge."""
    if not damage.stain:
        return page
    radius = damage.stain / 25.4 * DOTS / 2
    x = page.width * chance.uniform(0.77, 0.87)
    y = page.height * chance.uniform(0.64, 0.76)
    marked = page.copy()
    marked.paste(40, (round(x - radius), round(y - radius), round(x + radius), round(y + radius)))
    return marked


def _at_an_angle(picture: Image.Image, strength: float, chance: random.Random) -> Image.Image:
    """The picture with each corner moved inwards by up to ``strength`` of its sides."""
    width, height = picture.size
    corners = [(0, 0), (width, 0), (width, height), (0, height)]
    moved = [
        (x + (1 if x == 0 else -1) * chance.uniform(0, strength) * width,
         y + (1 if y == 0 else -1) * chance.uniform(0, strength) * height)
        for x, y in corners
    ]  # fmt: skip
    data = _coefficients(moved, corners)
    return picture.transform(
        picture.size, Image.Transform.PERSPECTIVE, data, Image.Resampling.BICUBIC, fillcolor=205
    )


def _coefficients(out: list[tuple[float, float]], into: list[tuple[float, float]]) -> list[float]:
    """The eight numbers of the projection that takes points of ``out`` to points of ``into``."""
    import numpy

    rows, targets = [], []
    for (x, y), (u, v) in zip(out, into, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        targets += [u, v]
    return list(numpy.linalg.solve(numpy.array(rows, float), numpy.array(targets, float)))


def pages() -> dict[str, tuple[Image.Image, str]]:
    """A page in each script, and the token that must come back."""
    found = {}
    for language in LANGUAGES:
        document = pypdfium2.PdfDocument(make(language)[0])
        found[language] = (
            document[0].render(scale=DOTS / 72, grayscale=True).to_pil().convert("L"),
            signed(record(language)),
        )
    return found


def read(picture: bytes) -> list[str]:
    """The tokens that the scanner finds in a picture."""
    try:
        return [decode(text) for text in read_codes(open_picture(picture))]
    except Malformed:
        return []


def rate(damage: Damage, seeds: int, shown: dict[str, tuple[Image.Image, str]]) -> float:
    """The share of pictures that give their token back, scripts in turn."""
    good = 0
    for seed in range(seeds):
        chance = random.Random(seed)
        page, token = shown[LANGUAGES[seed % len(LANGUAGES)]]
        good += read(photograph(stained(page, damage, chance), damage, chance)) == [token]
    return good / seeds


def main() -> int:
    """Print the rate at the standard damage, then each kind of damage on its own, growing."""
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    shown = pages()
    from testamur.papercode import encode

    for language, (_, token) in shown.items():
        text = encode(token, "verify.example")
        qr = make_qr(text)
        size = (int(text.partition("#")[2]).bit_length() + 7) // 8
        print(
            f"{language}: {size} bytes, version {qr.version}-M, {qr.size_mm} mm, modules of {qr.module_mm:.2f} mm"
        )
    standard, began = Damage(), time.perf_counter()
    share = rate(standard, seeds, shown)
    each = (time.perf_counter() - began) / seeds
    print(
        f"\nblur 0.14 mm, JPEG 40, 7 degrees, 10 % perspective: {share:.0%} of {seeds} verify ({each:.2f} s each)\n"
    )
    few = max(5, seeds // 5)
    for name, values in {
        "blur": (0.16, 0.18, 0.20, 0.22, 0.25), "quality": (30, 20, 10, 5), "turn": (15, 30, 45),
        "perspective": (0.15, 0.20, 0.25, 0.30), "dots": (130, 110, 100, 90), "fade": (0.3, 0.5, 0.7, 0.8),
        "stain": (4, 8, 12, 16),
    }.items():  # fmt: skip
        line = ", ".join(
            f"{value}: {rate(replace(standard, **{name: value}), few, shown):.0%}" for value in values
        )
        print(f"{name:<12} {line}")
    return 0 if share >= 0.95 else 1


if __name__ == "__main__":
    sys.exit(main())
