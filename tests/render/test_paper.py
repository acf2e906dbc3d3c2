"""Printed, blurred, turned, seen at an angle and kept as a poor JPEG: the token still comes back."""

import pytest

from benchmarks.paper import Damage, pages, rate


@pytest.mark.slow
@pytest.mark.system
def test_pictures_of_pages_in_five_scripts_give_their_token_back():
    assert rate(Damage(), 20, pages()) >= 0.95


@pytest.mark.soak
@pytest.mark.system
def test_95_of_100_pictures_give_their_token_back():
    assert rate(Damage(), 100, pages()) >= 0.95
