"""Work spread over the cores: portions go to processes, results come back in their order.

Only a few portions for each process are under way at a time, so memory stays flat however many
there are. Processes are spawned, not forked: databases and hardware modules do not survive a fork.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from typing import Any, TypeVar

from testamur.errors import OperatorError

Portion = TypeVar("Portion")
Result = TypeVar("Result")
Make = Callable[[], Callable[[Portion], Result]]
"""Makes, once in each process, the function that does the work; it is sent there, so it can be pickled."""

_AHEAD = 2  # portions that wait for each process


def cores() -> int:
    """How many processes this one may keep busy."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def spread(make: Make[Portion, Result], portions: Iterable[Portion], *, jobs: int) -> Iterator[Result]:
    """The result of each portion, in order; with one job all is done in this process.

    Raises what the work raises, and OperatorError where a process was killed.
    """
    if jobs <= 1:
        yield from map(make(), portions)
        return
    pool = ProcessPoolExecutor(jobs, get_context("spawn"), _begin, (make,))
    waiting: deque[Future[Result]] = deque()
    try:
        for portion in portions:
            waiting.append(pool.submit(_do, portion))
            if len(waiting) > _AHEAD * jobs:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool:
        raise OperatorError(
            "one of the processes at work was stopped from outside, perhaps for want of memory",
            hint="nothing is lost; run the same command again, with fewer --jobs if memory is short",
        ) from None
    finally:
        pool.shutdown(cancel_futures=True)


_made: list[Any] = []
_function: list[Callable[[Any], Any]] = []


def _begin(make: Make[Any, Any]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started this one answers for it
    _made[:] = [make]
    end_with_parent()


def end_with_parent() -> None:
    """End this process when the one that started it does, even if that was killed: it has nobody to work for."""
    threading.Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _do(portion: Any) -> Any:
    if not _function:  # here and not in _begin, so that what goes wrong reaches the parent as it is
        _function.append(_made[0]())
    return _function[0](portion)
