"""A national cohort on this machine: checked, signed in both forms and kept, killed once in the middle and finished.

    python -m tests.scale.million [rows] [jobs]

prints what it took. Memory is the sum over all processes of what each would give back if it ended (PSS).
"""

import os
import shutil
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

from tests.scale.national import School, found, sheet


@dataclass
class Watch:
    """Watches the memory of a process and of all it started."""

    peak: int = 0
    ended: Event = field(default_factory=Event)

    def over(self, pid: int) -> Thread:
        self.ended.clear()
        thread = Thread(target=self._watch, args=(pid,), daemon=True)
        thread.start()
        return thread

    def _watch(self, pid: int) -> None:
        while not self.ended.wait(0.5):
            self.peak = max(self.peak, sum(map(_share, _tree(pid))))


def _tree(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(one for child in children for one in _tree(int(child)))]


def _share(pid: int) -> int:
    """Bytes of memory that a process has of its own, and its part of what is shared."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


@dataclass(frozen=True)
class Outcome:
    """What a run took and left."""

    rows: int
    seconds: float
    killed_after: int
    peak: int
    on_disk: int

    def __str__(self) -> str:
        return (
            f"{self.rows:,} rows in {self.seconds:.0f} s ({self.rows / self.seconds:,.0f} a second), killed after"
            f" {self.killed_after:,}; at most {self.peak / 1e6:.0f} MB of memory;"
            f" {self.on_disk / self.rows:,.0f} bytes a row on disk"
        )


def play(folder: Path, rows: int, jobs: int) -> tuple[School, Outcome]:
    """Issue that many rows, kill the run when a third is done, and finish it by the same command."""
    school = found(folder)
    sheet(folder / "sheet.csv", rows)
    command = (
        "issue", "sheet.csv", "--template", "diploma", "--key", "student_number", "--jobs", str(jobs), "--no-files",
    )  # fmt: skip
    watch, begun = Watch(), time.monotonic()
    doomed = school.start(*command)
    watching = watch.over(doomed.pid)
    while (kept := _kept(school)) < rows / 3:
        assert doomed.poll() is None, doomed.communicate()[0]
        time.sleep(0.2)
    doomed.kill()
    doomed.communicate()
    watch.ended.set()
    watching.join()
    again = school.start(*command)
    watching = watch.over(again.pid)
    said = again.communicate()[0]
    seconds = time.monotonic() - begun
    watch.ended.set()
    watching.join()
    assert again.returncode == 0, said
    on_disk = sum(path.stat().st_size for path in school.home.glob("ledger.sqlite*"))
    return school, Outcome(rows, seconds, kept, watch.peak, on_disk)


def ask(school: School, question: str) -> int:
    """A number that the ledger's own file answers."""
    with closing(sqlite3.connect(school.url.removeprefix("sqlite:///"), timeout=60)) as connection:
        return int(connection.execute(question).fetchone()[0] or 0)


def _kept(school: School) -> int:
    return ask(school, "SELECT max(serial) FROM records")


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    jobs = int(sys.argv[2]) if len(sys.argv) > 2 else 2
    folder = Path(tempfile.mkdtemp(prefix="testamur-scale-"))
    try:
        print(f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        outcome = play(folder, rows, jobs)[1]
        print(outcome)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    _hold(outcome, in_memory(jobs))


def in_memory(jobs: int) -> float:
    """Rows a second of the benchmark's loop that makes both forms and keeps nothing, by so many processes."""
    from benchmarks.bulk import IN_MEMORY, rate

    return max(rate(IN_MEMORY, jobs, 6_000) for _ in range(2))


def _hold(outcome: Outcome, bulk: float) -> None:
    """Print what was aimed at beside what this run came to."""
    million, times = outcome.seconds * 1e6 / outcome.rows, outcome.seconds / outcome.rows * bulk
    for sentence, value, most in (
        ("seconds for a million rows", million, 180),
        ("times the loop in memory", times, 3),
        ("MB of memory", outcome.peak / 1e6, 500),
    ):
        print(f"{sentence}: {value:.1f}, at most {most}: {'passed' if value <= most else 'missed'}")


if __name__ == "__main__":
    main()
