"""`testamur issue` on several cores: a process of it, or all of it, killed in the middle and finished by the next run."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from testamur.crashpoints import VARIABLE
from tests.scale.national import School, check_whole, found, sheet

ROWS = 4_100
ISSUE = (
    "issue",
    "sheet.csv",
    "--template",
    "diploma",
    "--key",
    "student_number",
    "--jobs",
    "2",
    "--no-files",
)


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    sheet(tmp_path / "sheet.csv", ROWS)
    school = found(tmp_path)
    yield school
    school.stop()


def _children(parent: int) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def _running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.slow
def test_a_run_whose_process_was_killed_says_so_and_the_next_one_finishes_it(school: School) -> None:
    process = school.start(*ISSUE, **{VARIABLE: "recorded:1"})
    said = process.communicate(timeout=200)[0]
    assert process.returncode == 2
    assert "one of the processes at work was stopped from outside" in said
    assert "run the same command again" in said
    again = school.run(*ISSUE)
    assert "to issue" in again
    check_whole(school, ROWS)


@pytest.mark.slow
def test_no_process_outlives_the_run_it_works_for(school: School) -> None:
    process = school.start(*ISSUE)
    with school.ledger() as ledger:
        while not any(shard.state == "done" for shard in ledger.shards(1)):
            time.sleep(0.02)
    children = _children(process.pid)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    end = time.monotonic() + 20
    while any(map(_running, children)) and time.monotonic() < end:
        time.sleep(0.05)
    assert len(children) >= 2
    assert not any(map(_running, children))
    school.run(*ISSUE)
    check_whole(school, ROWS)
    assert "4,100 issued before" in school.run(*ISSUE)
