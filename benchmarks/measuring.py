"""Alternating measurements: every contender has a short turn in every round, so that a slow minute is everyone's."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Act = Callable[[int], object]
Turn = Callable[[int], list[float]]
"""``turn(calls)``: the seconds that each of so many calls took."""

_MOST_CALLS = 100


@dataclass(frozen=True, slots=True)
class Contender:
    """One way to do one thing: ``turn`` does it so many times and says how long each time took."""

    block: str  # "eddsa-rdfc-2022"
    name: str  # "testamur, proof alone"
    act: str  # "create" or "verify"
    turn: Turn
    note: str = ""  # what it was given in place of the diploma


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured of a contender."""

    block: str
    name: str
    act: str
    median: float  # microseconds
    p95: float
    calls: int
    note: str = ""


def timed(act: Act) -> Turn:
    """The turn of a function in this process; each call has its own number."""
    done = 0

    def turn(calls: int) -> list[float]:
        nonlocal done
        seconds = []
        for number in range(done, done + calls):
            start = time.perf_counter()
            act(number)
            seconds.append(time.perf_counter() - start)
        done += calls
        return seconds

    return turn


def alternate(contenders: Sequence[Contender], *, rounds: int, seconds: float) -> list[Figure]:
    """Each contender's figure, from so many rounds with a turn of about so many seconds in each."""
    calls = []
    for contender in contenders:
        usual = statistics.median(contender.turn(3))
        contender.turn(_at_most(3 * seconds / usual))  # warm: what compiles as it runs has compiled
        calls.append(_at_most(seconds / statistics.median(contender.turn(3))))
    taken: list[list[float]] = [[] for _ in contenders]
    for number in range(rounds):
        order = range(len(contenders)) if number % 2 == 0 else range(len(contenders) - 1, -1, -1)
        for place in order:
            taken[place] += contenders[place].turn(calls[place])
    return [_figure(contender, each) for contender, each in zip(contenders, taken, strict=True)]


def _at_most(calls: float) -> int:
    return max(2, min(_MOST_CALLS, int(calls)))


def _figure(contender: Contender, seconds: list[float]) -> Figure:
    seconds = sorted(seconds)
    p95 = seconds[min(len(seconds) - 1, int(len(seconds) * 0.95))]
    return Figure(
        contender.block,
        contender.name,
        contender.act,
        statistics.median(seconds) * 1e6,
        p95 * 1e6,
        len(seconds),
        contender.note,
    )
