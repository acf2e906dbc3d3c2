"""Printed diplomas photographed badly, and what an employer is told of the picture.

The damage is simulated (``benchmarks/paper.py``): no printer, paper or camera took part.
"""

from __future__ import annotations

import io
import random
from functools import cache

import pytest
from PIL import Image, ImageFilter

from benchmarks.paper import LANGUAGES, Damage, pages, photograph
from testamur.checks import Headline
from tests.paper.pages import reports
from tests.papercode.records import GRADUATES

AT_ITS_WORST = Damage(blur=0.14, quality=40, turn=7.0, perspective=0.10, dots=150)
SEEDS = [
    pytest.param(0, 20, id="slice"),
    *(pytest.param(first, 20, id=f"slice-{first}", marks=pytest.mark.slow) for first in (20, 40, 60, 80)),
    pytest.param(1_000, 2_000, id="full", marks=[pytest.mark.soak, pytest.mark.timeout(3600)]),
]


@cache
def printed() -> dict[str, Image.Image]:
    """A page in each script, drawn at 150 dots per inch."""
    return {language: page for language, (page, _) in pages().items()}


def is_told(picture: bytes, language: str) -> bool:
    """Whether the answer is one genuine record, with the graduate's own name."""
    told = [(report.headline, report.facts.holder) for report in reports(picture)]
    return told == [(Headline.GENUINE, GRADUATES[language][2])]


def jpeg(picture: Image.Image, **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, "JPEG", **options)
    return file.getvalue()


@pytest.mark.parametrize(("first", "count"), SEEDS)
def test_ninety_five_of_a_hundred_bad_photographs_of_a_diploma_verify(first: int, count: int) -> None:
    refused = []
    for seed in range(first, first + count):
        language = LANGUAGES[seed % len(LANGUAGES)]
        picture = photograph(printed()[language], AT_ITS_WORST, random.Random(seed))
        if not is_told(picture, language):
            refused.append(seed)
    assert len(refused) <= count * 0.05, refused


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_may_lie_on_its_side_or_head(language: str, turn: int) -> None:
    assert is_told(jpeg(printed()[language].rotate(turn, expand=True), quality=60), language)


def test_a_photograph_that_a_phone_says_is_turned_is_read() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert is_told(jpeg(printed()["am"].rotate(90, expand=True), exif=exif), "am")


def test_a_page_in_a_corner_of_a_twelve_megapixel_photograph_is_read() -> None:
    table = Image.effect_noise((4000, 3000), 30).point(lambda level: level * 0.6)
    page = printed()["ar"].filter(ImageFilter.GaussianBlur(0.6)).rotate(-4, expand=True, fillcolor=120)
    table.paste(page, (2000, 1500))
    assert is_told(jpeg(table, quality=70), "ar")


def test_a_photograph_of_two_diplomas_gives_two_answers_and_neither_is_accepted() -> None:
    """A page is about one record, and which of the two was meant is not ours to say."""
    one, other = printed()["en"], printed()["hi"]
    both = Image.new("L", (one.width, one.height + other.height), 255)
    both.paste(one, (0, 0))
    both.paste(other, (0, one.height))
    told = reports(jpeg(both, quality=70))
    assert {report.facts.holder for report in told} == {GRADUATES["en"][2], GRADUATES["hi"][2]}
    assert {report.headline for report in told} == {Headline.CANNOT_TELL}


def test_a_photograph_too_blurred_to_read_is_no_record_and_no_error() -> None:
    assert reports(jpeg(printed()["en"].filter(ImageFilter.GaussianBlur(6)))) == ()
