"""Work spread over processes: order, errors, and a process that is killed in every situation it can be in."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from functools import partial
from multiprocessing import active_children
from pickle import PicklingError

import pytest

from testamur.errors import Malformed, OperatorError
from testamur.pool import spread

BIG = 3_000_000  # more than any pipe holds


def _squaring() -> Callable[[int], int]:
    return lambda number: number * number


def _failing() -> Callable[[int], int]:
    def fail(number: int) -> int:
        if number == 5:
            raise Malformed("row", "this one is wrong")
        if number == 50:
            raise ZeroDivisionError("a bug")
        return number

    return fail


def _dying(when: str) -> Callable[[bytes], bytes]:
    def die(portion: bytes) -> bytes:
        if portion[:1] == b"!":
            if when == "later":
                time.sleep(0.3)
            os.kill(os.getpid(), signal.SIGKILL)
        return portion

    return die


def _unmade() -> Callable[[int], int]:
    raise OperatorError("the ledger is locked")


def _lambdas() -> Callable[[int], object]:
    return lambda number: lambda: number


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_results_come_in_the_order_of_their_portions(jobs: int) -> None:
    assert list(spread(_squaring, range(100), jobs=jobs)) == [number * number for number in range(100)]


def test_nothing_to_do_ends_at_once() -> None:
    assert list(spread(_squaring, [], jobs=2)) == []


def test_what_the_work_raises_is_raised_here_with_its_path() -> None:
    done = spread(_failing, range(10), jobs=2)
    assert [next(done) for _ in range(5)] == [0, 1, 2, 3, 4]
    with pytest.raises(Malformed, match="this one is wrong") as raised:
        next(done)
    assert raised.value.path == "row"


def test_a_bug_in_a_process_shows_where_it_is() -> None:
    with pytest.raises(ZeroDivisionError) as raised:
        list(spread(_failing, [50], jobs=2))
    assert "in fail" in "".join(raised.value.__notes__)


def test_what_cannot_be_made_in_a_process_is_told() -> None:
    with pytest.raises(OperatorError, match="the ledger is locked"):
        list(spread(_unmade, range(3), jobs=2))


def test_a_result_that_cannot_be_sent_is_told() -> None:
    with pytest.raises(RuntimeError, match="could not be handed back"):
        list(spread(_lambdas, range(3), jobs=2))


@pytest.mark.parametrize("size", [1, BIG], ids=["small", "big"])
@pytest.mark.parametrize("when", ["at once", "later"])
def test_a_killed_process_is_noticed_whatever_is_on_its_way(when: str, size: int) -> None:
    portions = [b"!" if number == 3 else b"." * size for number in range(40)]
    with pytest.raises(OperatorError, match="stopped from outside"):
        list(spread(partial(_dying, when), portions, jobs=2))


def test_all_processes_killed_are_noticed() -> None:
    with pytest.raises(OperatorError, match="stopped from outside"):
        list(spread(partial(_dying, "at once"), [b"!"] * 9, jobs=2))


def test_who_stops_listening_leaves_no_process_behind() -> None:
    def endless() -> Iterator[int]:
        number = 0
        while True:
            yield (number := number + 1)

    done = spread(_squaring, endless(), jobs=2)
    assert next(done) == 1
    done.close()
    assert not active_children()


def test_a_portion_that_cannot_be_sent_is_told() -> None:
    with pytest.raises((AttributeError, TypeError, PicklingError)):
        list(spread(_squaring, [lambda: 0], jobs=2))  # type: ignore[list-item]
