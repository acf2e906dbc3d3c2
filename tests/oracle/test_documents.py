"""Members of signed documents flipped, dropped, added and moved: accepted only if what was signed is unchanged."""

from __future__ import annotations

import json
import random
from collections import Counter

import pytest

from testamur.checks import Headline
from tests.oracle.judging import answer, check_document, is_accepted
from tests.oracle.mutations import mutated
from tests.oracle.specimens import DOCUMENTS, FORMATS, specimens

SLICE, FULL = 120, 20_000
COUNTS = [
    pytest.param(SLICE, 1, id="slice"),
    pytest.param(FULL, 2, id="full", marks=[pytest.mark.soak, pytest.mark.timeout(7200)]),
]


@pytest.mark.parametrize("name", FORMATS)
def test_each_specimen_is_genuine_as_it_stands(name: str) -> None:
    for specimen in specimens(name):
        assert specimen.report().headline is Headline.GENUINE
        assert specimen.asks or specimen.report().facts.holder


@pytest.mark.parametrize(("count", "seed"), COUNTS)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_changed_document_is_accepted_only_if_what_was_signed_and_what_is_shown_are_unchanged(
    name: str, count: int, seed: int
) -> None:
    kinds = specimens(name)
    seen: Counter[bool] = Counter()
    for number in range(count):
        chance = random.Random(f"{name} {seed} {number}")
        specimen = kinds[number % len(kinds)]
        document, done = mutated(specimen.claims, chance)
        text = json.dumps(document, ensure_ascii=chance.random() < 0.5, indent=chance.choice((None, 1)))
        report = answer(specimen, text, chance)
        seen[is_accepted(report)] += 1
        if report is not None and is_accepted(report):
            check_document(specimen, text, report, f"seed {number}: {done}")
    assert seen[True] > count / 50, "hardly anything was accepted, so hardly anything was compared"
    assert seen[False] > count / 2
