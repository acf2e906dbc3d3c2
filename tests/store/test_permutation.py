from hashlib import sha256
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from testamur.store import LIST_SIZE
from testamur.store.permutation import permuted

SEED = sha256(b"a list").digest()


def test_every_index_of_a_list_comes_exactly_once() -> None:
    assert {permuted(SEED, position) for position in range(LIST_SIZE)} == set(range(LIST_SIZE))


@settings(max_examples=5, deadline=None)
@given(seed=st.binary(min_size=1, max_size=64))
def test_it_is_a_bijection_whatever_the_seed(seed: bytes) -> None:
    assert len({permuted(seed, position) for position in range(LIST_SIZE)}) == LIST_SIZE


@given(seed=st.binary(min_size=32, max_size=32), first=st.integers(0, LIST_SIZE - 2))
def test_positions_that_follow_one_another_do_not_show(seed: bytes, first: int) -> None:
    indexes = [permuted(seed, (first + step) % LIST_SIZE) for step in range(64)]
    assert sum(abs(b - a) < 64 for a, b in pairwise(indexes)) < 8


def test_the_first_thousand_indexes_fill_the_whole_list_evenly() -> None:
    sixteenths = [0] * 16
    for position in range(1600):
        sixteenths[permuted(SEED, position) * 16 // LIST_SIZE] += 1
    assert all(50 < count < 150 for count in sixteenths)


def test_two_seeds_give_two_orders() -> None:
    other = sha256(b"another list").digest()
    assert [permuted(SEED, p) for p in range(100)] != [permuted(other, p) for p in range(100)]


def test_the_order_of_a_seed_never_changes_between_releases() -> None:
    assert [permuted(SEED, position) for position in range(4)] == KNOWN


@pytest.mark.parametrize("position", [-1, LIST_SIZE, 2**40])
def test_a_position_outside_of_the_list_is_refused(position: int) -> None:
    with pytest.raises(ValueError, match="outside"):
        permuted(SEED, position)


KNOWN = [100466, 106433, 89722, 40095]
