"""Tokens changed in every way: accepted only while the signed bytes are the same, and with a byte flipped never."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from tests.oracle.judging import answer, check_token, is_accepted
from tests.oracle.specimens import TOKENS, specimens
from tests.oracle.token_mutations import changed_token, flips

SLICE, FULL = 120, 20_000
COUNTS = [
    pytest.param(SLICE, 1, id="slice"),
    pytest.param(FULL, 2, id="full", marks=[pytest.mark.soak, pytest.mark.timeout(7200)]),
]
STRIDES = [
    pytest.param(61, id="slice"),
    pytest.param(1, id="every byte", marks=[pytest.mark.soak, pytest.mark.timeout(7200)]),
]


@pytest.mark.parametrize(("count", "seed"), COUNTS)
@pytest.mark.parametrize("name", TOKENS)
def test_a_changed_token_is_accepted_only_if_the_signed_bytes_are_unchanged(
    name: str, count: int, seed: int
) -> None:
    kinds = specimens(name)
    seen: Counter[bool] = Counter()
    for number in range(count):
        chance = random.Random(f"{name} {seed} {number}")
        specimen = kinds[number % len(kinds)]
        text, done = changed_token(specimen.text, chance)
        report = answer(specimen, text, chance)
        seen[is_accepted(report)] += 1
        if report is not None and is_accepted(report):
            check_token(specimen, text, report, f"seed {number}: {done}")
    assert seen[False] > count * 0.9


@pytest.mark.parametrize("every", STRIDES)
@pytest.mark.parametrize("name", TOKENS)
def test_no_token_with_a_flipped_byte_is_accepted(name: str, every: int) -> None:
    specimen = min(specimens(name), key=lambda each: len(each.text))
    chance = random.Random(name)
    for place, text in flips(specimen.text, every=every, first=chance.randrange(every)):
        assert not is_accepted(answer(specimen, text, chance)), f"byte {place}"
