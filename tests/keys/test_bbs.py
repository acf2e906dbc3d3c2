"""BBS signatures where several threads ask at once, as a server's do."""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from testamur.errors import Malformed
from testamur.keys import bbs


@pytest.fixture
def hasty():
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def test_threads_that_need_generators_at_once_get_the_same_ones(monkeypatch, hasty) -> None:
    """Each is made from the one before: turns taken in between would spoil every signature of the process."""
    expected = list(bbs._points(80))
    monkeypatch.setattr(bbs, "_generators", bbs._Generators([], [], []))
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(bbs._points, [80] * 4))
    assert all(each == expected for each in found)
    assert len(bbs._generators.texts) == 80


def test_no_more_messages_are_signed_than_generators_are_made_for() -> None:
    with pytest.raises(Malformed, match="more than"):
        bbs._message_scalars([b""] * (bbs.MAX_MESSAGES + 1))
