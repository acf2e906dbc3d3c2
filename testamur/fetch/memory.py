"""A bounded memory that makes each thing once, however many ask at the same moment."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Memory(Generic[T]):
    """Keeps what was made for some seconds, the least recently used going first."""

    def __init__(
        self,
        entries: int,
        seconds: float,
        *,
        weigh: Callable[[T], int] = lambda _: 1,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._room = entries
        self._seconds = seconds
        self._weigh = weigh
        self._now = now
        self._lock = Lock()
        self._kept: OrderedDict[Hashable, tuple[float, T]] = OrderedDict()
        self._weight = 0
        self._making: dict[Hashable, Future[T]] = {}

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """What is kept under the key, else what ``make`` returns; what it raises is not kept."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None and self._now() - kept[0] < self._seconds:
                self._kept.move_to_end(key)
                return kept[1]
            future = self._making.get(key)
            if future is None:
                mine: Future[T] = Future()
                self._making[key] = mine
        return self._make(key, mine, make) if future is None else future.result()

    def _make(self, key: Hashable, future: Future[T], make: Callable[[], T]) -> T:
        try:
            value = make()
        except BaseException as error:
            with self._lock:
                del self._making[key]
            future.set_exception(error)
            raise
        with self._lock:
            del self._making[key]
            self._keep(key, value)
        future.set_result(value)
        return value

    def _keep(self, key: Hashable, value: T) -> None:
        self._forget(key)
        self._kept[key] = (self._now(), value)
        self._weight += self._weigh(value)
        while self._weight > self._room:
            self._forget(next(iter(self._kept)))

    def _forget(self, key: Hashable) -> None:
        kept = self._kept.pop(key, None)
        if kept is not None:
            self._weight -= self._weigh(kept[1])
