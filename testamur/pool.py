"""Work spread over the cores: portions go to processes, results come back in their order.

Only a few portions for each process are under way at a time, so memory stays flat however many
there are. Processes are spawned, not forked: databases and hardware modules do not survive a fork.
Each has a connection of its own and a thread here that sees at once when it is gone: the standard
library's pool waits for ever for a killed process before Python 3.11.5.
"""

from __future__ import annotations

import os
import signal
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from testamur.errors import OperatorError, TestamurError

Portion = TypeVar("Portion")
Result = TypeVar("Result")
Make = Callable[[], Callable[[Portion], Result]]
"""Makes, once in each process, the function that does the work; it is sent there, so it can be pickled."""

_AHEAD = 2  # portions that each process has: the one it works at and the next
_Tasks = SimpleQueue[tuple[Any, "Future[Any]"] | None]


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
    tasks: _Tasks = SimpleQueue()
    workers = [_Worker(make, tasks) for _ in range(jobs)]
    waiting: deque[Future[Result]] = deque()
    try:
        for portion in portions:
            waiting.append(Future())
            tasks.put((portion, waiting[-1]))
            if len(waiting) > _AHEAD * jobs:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        _forget(tasks)
        tasks.put(None)
        for worker in workers:
            worker.join()


def _forget(tasks: _Tasks) -> None:
    """Take back what no process has begun."""
    try:
        while True:
            tasks.get_nowait()
    except Empty:
        return


class _Worker:
    """One process, and the thread that hands it portions and takes its results."""

    def __init__(self, make: Make[Any, Any], tasks: _Tasks) -> None:
        context = get_context("spawn")
        self._here, there = context.Pipe()
        self._process: SpawnProcess = context.Process(target=_work, args=(there, make), daemon=True)
        self._process.start()
        there.close()  # so that the end of the process is the end of the connection
        self._thread = threading.Thread(target=self._serve, args=(tasks,), daemon=True)
        self._thread.start()

    def join(self) -> None:
        """Wait until the process has done what it has begun and has ended."""
        self._thread.join()
        self._process.join()

    def _serve(self, tasks: _Tasks) -> None:
        begun: deque[Future[Any]] = deque()
        more = True
        try:
            while more or begun:
                if more and len(begun) < _AHEAD:
                    more = self._hand_over(tasks, begun)
                if begun:
                    self._take_back(begun)
        except Exception as error:  # the process is gone; or what cannot be sent to another one: a bug
            gone = isinstance(error, EOFError | OSError)
            for future in begun:
                future.set_exception(_killed() if gone else error)
        finally:
            self._here.close()

    def _hand_over(self, tasks: _Tasks, begun: deque[Future[Any]]) -> bool:
        """Hand portions over; wait for one only where there is nothing to take back. False: there are no more."""
        while len(begun) < _AHEAD:
            try:
                task = tasks.get(block=not begun)
            except Empty:
                return True
            if task is None:
                tasks.put(None)  # the other workers' threads read it too
                return False
            begun.append(task[1])
            self._here.send(task[0])
        return True

    def _take_back(self, begun: deque[Future[Any]]) -> None:
        is_result, value = self._here.recv()
        future = begun.popleft()
        if is_result:
            future.set_result(value)
        else:
            future.set_exception(value)


def _killed() -> OperatorError:
    return OperatorError(
        "one of the processes at work was stopped from outside, perhaps for want of memory",
        hint="nothing is lost; run the same command again, with fewer --jobs if memory is short",
    )


def _work(connection: Connection, make: Make[Any, Any]) -> None:
    """What a process does: one portion after the other, until no more can come."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started this one answers for it
    end_with_parent()
    portions: SimpleQueue[tuple[Any] | None] = SimpleQueue()
    threading.Thread(target=_receive, args=(connection, portions), daemon=True).start()
    function: Callable[[Any], Any] | None = None
    while (portion := portions.get()) is not None:
        try:
            function = function or make()  # here, so that what goes wrong reaches the parent as it is
            answer = True, function(portion[0])
        except Exception as error:
            answer = False, _with_its_trace(error)
        _send(connection, answer)


def _receive(connection: Connection, portions: SimpleQueue[tuple[Any] | None]) -> None:
    """Take portions off the connection at once, so that the parent never waits to hand one over."""
    try:
        while True:
            portions.put((connection.recv(),))
    except (EOFError, OSError):
        portions.put(None)


def _send(connection: Connection, answer: tuple[bool, Any]) -> None:
    try:
        connection.send(answer)
    except OSError:
        return  # nobody waits for it any more
    except Exception as error:  # it cannot be sent to another process: a bug, told where it can be seen
        connection.send((False, RuntimeError(f"a result could not be handed back: {error!r}")))


def _with_its_trace(error: Exception) -> Exception:
    if not isinstance(error, TestamurError):
        error.add_note("".join(traceback.format_exception(error)))
    return error


def end_with_parent() -> None:
    """End this process when the one that started it does, even if that was killed: it has nobody to work for."""
    threading.Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
