"""The issue command run twice, at once, with little room, and after it was stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.issuer.conftest import ISSUE

COMMAND = [sys.executable, "-m", "testamur"]


def rows(count: int) -> str:
    head = "student_number,name,name_latin,programme,field,grade,credits,awarded,diploma_number\n"
    return head + "".join(
        f"{n},ሰላማዊት በቀለ,Selamawit Bekele,Nursing,Health,Pass,240,2026-07-03,V-{n}\n" for n in range(count)
    )


def test_two_processes_that_issue_the_same_sheet_at_once_issue_each_row_once(desk):
    Path("graduates.csv").write_text(rows(150), "utf-8")
    words = [*COMMAND, *ISSUE, "--no-pdf", "--out"]
    running = [subprocess.Popen([*words, name], stderr=subprocess.PIPE, text=True) for name in ("one", "two")]
    said = [process.communicate()[1] for process in running]
    assert all("Traceback" not in text for text in said)
    assert {process.returncode for process in running} <= {0, 2}
    assert desk.type(*ISSUE, "--out", "three", "--no-pdf") == 0
    assert "150 rows: 150 issued before" in desk.err
    assert desk.type("list") == 0
    assert "150 records" in desk.err


def _listen() -> None:
    """A process that was started in the background ignores the key that stops; this one must not."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_a_run_that_is_stopped_says_so_and_is_finished_by_the_next(desk):
    Path("graduates.csv").write_text(rows(60), "utf-8")
    process = subprocess.Popen(
        [*COMMAND, *ISSUE, "--out", "diplomas"], stderr=subprocess.PIPE, text=True, preexec_fn=_listen
    )
    while process.poll() is None and len(list(Path("diplomas").glob("*.pdf"))) < 3:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    said = process.communicate()[1]
    assert process.returncode == 130
    assert "stopped; nothing that was done is lost" in said
    assert "Traceback" not in said
    assert not list(Path("diplomas").glob(".*.part"))
    assert desk.type(*ISSUE, "--out", "diplomas", "--no-pdf") == 0
    assert "60 rows: 60 issued before" in desk.err


def test_a_folder_that_cannot_be_made_is_named_before_anything_is_signed(desk):
    assert desk.type(*ISSUE, "--no-pdf", "--out", "graduates.csv/diplomas") == 2
    assert "error: graduates.csv/diplomas: Not a directory" in desk.err
    assert desk.type("list") == 0
    assert "0 records" in desk.err


def test_a_name_that_the_terminal_cannot_show_stops_nothing(desk):
    assert desk.type(*ISSUE, "--out", "diplomas", "--no-pdf") == 0
    done = subprocess.run(
        [*COMMAND, "list"], capture_output=True, env=os.environ | {"PYTHONIOENCODING": "latin-1"}, check=False
    )
    assert done.returncode == 0
    assert b"In\xe9s Quiroga" in done.stdout
    assert b"\\u179f\\u17bb\\u1781\\u17b6" in done.stdout


def test_a_full_disk_behind_the_product_is_an_error_and_no_traceback(desk):
    assert desk.type(*ISSUE, "--out", "diplomas", "--no-pdf") == 0
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*COMMAND, "list"], stdout=full, stderr=subprocess.PIPE, env=os.environ | {"PYTHONUNBUFFERED": "1"},
            text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 2
    assert "error: No space left on device" in done.stderr
    assert "Traceback" not in done.stderr
