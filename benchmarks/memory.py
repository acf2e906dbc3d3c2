"""The most memory that a process held which does one thing, each in a fresh process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory


@dataclass(frozen=True, slots=True)
class Peak:
    """A process and its peak."""

    what: str
    megabytes: float


def peaks() -> Iterator[Peak]:
    """The peaks of our own processes, as the kernel counts them."""
    for what in ACTS:
        command = [sys.executable, "-m", "benchmarks.memory", what]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        yield Peak(what, int(said) / 1024)


def peak() -> int:
    """The most this process held so far, in kilobytes; what its parent held before is not in it."""
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))


def _nothing() -> None:
    import testamur  # noqa: F401


def _verify(count: int) -> Callable[[], None]:
    def act() -> None:
        from benchmarks.bulk import verifying
        from benchmarks.diplomas import World

        verifying(World(), Path())(count)

    return act


def _issue(count: int) -> Callable[[], None]:
    def act() -> None:
        from benchmarks.bulk import issuing
        from benchmarks.diplomas import World

        with TemporaryDirectory() as folder:
            issuing(World(), Path(folder))(count)

    return act


ACTS: dict[str, Callable[[], None]] = {
    "import testamur": _nothing,
    "verify 1 diploma": _verify(1),
    "verify 5,000 diplomas": _verify(5000),
    "issue 1 diploma into SQLite": _issue(1),
    "issue 5,000 diplomas into SQLite": _issue(5000),
}


if __name__ == "__main__":
    ACTS[sys.argv[1]]()
    print(peak())
