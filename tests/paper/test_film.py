"""Fifteen papers in five scripts, as they lie in drawers: clean, creased, copied, stained, half in shadow.

The damage is simulated; no printer, paper or camera took part. ``pytest -s`` prints the rate of those decoded.
"""

import io
import random

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from benchmarks.paper import LANGUAGES, Damage, pages, photograph
from testamur.checks import Headline
from tests.paper.pages import reports
from tests.papercode.records import GRADUATES

HELD = Damage(blur=0.08, quality=60, turn=3.0, perspective=0.04, dots=150)


def clean(page: Image.Image, dice: random.Random) -> Image.Image:
    return page


def creased(page: Image.Image, dice: random.Random) -> Image.Image:
    """Folded in four: a dark and a bright line along each fold, and paper worn off where they cross."""
    worn = page.copy()
    pen = ImageDraw.Draw(worn)
    across, down = int(page.height * 0.5), int(page.width * 0.5)
    for shift, level in ((0, 120), (2, 245), (4, 215)):
        pen.line([(0, across + shift), (page.width, across + shift + dice.randint(-6, 6))], level, 2)
        pen.line([(down + shift, 0), (down + shift + dice.randint(-6, 6), page.height)], level, 2)
    pen.ellipse((down - 7, across - 7, down + 7, across + 7), 235)
    return worn


def copied_twice(page: Image.Image, dice: random.Random) -> Image.Image:
    """Blurred, roughened and made black and white again, twice."""
    for _ in range(2):
        page = page.rotate(dice.uniform(-0.7, 0.7), Image.Resampling.BICUBIC, fillcolor=255)
        soft = np.asarray(page.filter(ImageFilter.GaussianBlur(0.7)), dtype=np.int16)
        noise = np.random.default_rng(dice.randrange(2**32)).integers(-28, 29, soft.shape)
        steep = (soft + noise - 128) * 2.2 + 140
        page = Image.fromarray(steep.clip(0, 255).astype(np.uint8))
    return page


def stained(page: Image.Image, dice: random.Random) -> Image.Image:
    """The ring of a cup and a spill, over part of the code."""
    stain = Image.new("L", page.size, 255)
    pen = ImageDraw.Draw(stain)
    x, y = int(page.width * 0.62), int(page.height * 0.72)
    pen.ellipse((x - 190, y - 190, x + 190, y + 190), outline=150, width=16)
    pen.ellipse((x + 40, y + 30, x + 260, y + 200), fill=185)
    soft = stain.filter(ImageFilter.GaussianBlur(5))
    return Image.fromarray((np.asarray(page, dtype=np.uint16) * np.asarray(soft) // 255).astype(np.uint8))


def half_shaded(page: Image.Image, dice: random.Random) -> Image.Image:
    """A hard shadow over one half, as of a hand between lamp and paper."""
    light = np.ones((page.height, page.width))
    edge = int(page.width * dice.uniform(0.55, 0.7))
    light[:, edge:] = 0.38
    shade = Image.fromarray((light * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(9))
    return Image.fromarray((np.asarray(page, dtype=np.uint16) * np.asarray(shade) // 255).astype(np.uint8))


STATES = (clean, creased, copied_twice, stained, half_shaded)
FILM = [(LANGUAGES[number % 5], STATES[(number + number // 5) % 5]) for number in range(15)]


@pytest.fixture(scope="module")
def shots() -> dict[tuple[str, str], bytes]:
    """Each paper as a phone sees it."""
    printed = {language: page.convert("L") for language, (page, _) in pages().items()}
    taken = {}
    for number, (language, state) in enumerate(FILM):
        dice = random.Random(number)
        picture = photograph(state(printed[language], dice), HELD, dice)
        taken[language, state.__name__] = picture if isinstance(picture, bytes) else _jpeg(picture)
    return taken


def _jpeg(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=60)
    return file.getvalue()


def test_the_film_has_fifteen_papers_in_five_scripts_and_each_state_three_times():
    assert len(set(FILM)) == 15
    assert {language for language, _ in FILM} == set(LANGUAGES)
    assert all(sum(state is each for _, each in FILM) == 3 for state in STATES)


def test_what_is_decoded_of_the_film_verifies(shots):
    missed = []
    for (language, state), picture in shots.items():
        told = reports(picture)
        if not told:
            missed.append((language, state))
            continue
        assert [(each.headline, each.facts.holder) for each in told] == [
            (Headline.GENUINE, GRADUATES[language][2])
        ], (language, state)
    print(f"\nfilm: {len(shots) - len(missed)} of {len(shots)} papers decoded, missed: {missed or 'none'}")
    assert len(missed) <= 1
