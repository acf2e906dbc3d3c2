"""How far a run has come."""

from __future__ import annotations

import time
from collections.abc import Callable

Progress = Callable[[int, int, float], None]
"""Told after each step: how many are done, of how many, and how many a second."""


class Meter:
    """Counts what is done and tells it, with the rate since the start."""

    def __init__(self, total: int, progress: Progress | None, *, done: int = 0) -> None:
        self._total, self._progress = total, progress
        self._before = self._done = done
        self._start = time.monotonic()

    def add(self, count: int) -> None:
        """So many more are done."""
        self._done += count
        if self._progress:
            elapsed = time.monotonic() - self._start
            rate = (self._done - self._before) / elapsed if elapsed else 0.0
            self._progress(self._done, self._total, rate)
