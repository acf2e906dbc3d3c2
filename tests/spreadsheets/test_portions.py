"""Sheets checked in portions and by several processes: the same answer as in one go, and flat memory."""

import subprocess
import sys
from pathlib import Path

import pytest

from testamur.errors import OperatorError
from testamur.rows import PORTION, Severity, check_rows
from testamur.spreadsheets import read_rows
from tests.spreadsheets.test_rows import DIPLOMA, HEAD

NAMES = ["ሰላማዊት በቀለ", "فاطمة الزهراء", "林小明", "José Ñandú", "Ивaн Мixed"]


def a_sheet(folder: Path, count: int, *extra: str) -> Path:
    path = folder / "sheet.csv"
    rows = (
        f"S-{n},{NAMES[n % len(NAMES)]},Somebody,Law,{'Pass' if n % 2 else 'Merit'},2026-07-01,D-{n}\n"
        for n in range(count)
    )
    with path.open("w", encoding="utf-8") as file:
        file.write(HEAD)
        file.writelines(rows)
        file.writelines(f"{row}\n" for row in extra)
    return path


BAD = (
    "S-1,فاطمة الزهراء,Somebody,Law,Pass,2026-07-01,D-1",  # the same as row 3
    "S-2,林小明,Somebody,Law,Pass,2026-07-01,D-2",  # another grade than in row 4
    ",林小明,Somebody,Law,Pass,2026-07-01,D-3",
    "S-x,林小明,Somebody,Law,Pass,2026-02-30,D-4",
)


def test_two_processes_find_what_one_finds(tmp_path: Path) -> None:
    sheet = read_rows(a_sheet(tmp_path, 2 * PORTION + 300, *BAD))
    one = check_rows(sheet, DIPLOMA, key="student_number")
    two = check_rows(sheet, DIPLOMA, key="student_number", jobs=2)
    assert two.problems == one.problems
    last = 2 * PORTION + 302
    assert {(problem.line, problem.column) for problem in one.errors} == {
        (last + 1, ""), (last + 2, "student_number"), (last + 3, "awarded")
    }  # fmt: skip
    assert one.repeated == two.repeated == {last: 3}
    assert one.count == two.count == 2 * PORTION + 303
    assert sorted(row.line for row in one.samples) == sorted(row.line for row in two.samples)


def test_portions_hold_every_row_once_in_the_order_of_the_sheet(tmp_path: Path) -> None:
    found = check_rows(
        read_rows(a_sheet(tmp_path, 7, "S-2,林小明,Somebody,Law,Merit,2026-07-01,D-2")),
        DIPLOMA,
        key="student_number",
    )
    portions = list(found.portions(3))
    assert [[number for number, _ in portion] for portion in portions] == [[2, 3, 4], [5, 6, 7], [8]]
    assert [row.key for portion in portions for row in found.reading.read(portion)] == [
        f"S-{n}" for n in range(7)
    ]


def test_there_is_a_sample_of_every_kind_of_row_and_not_of_every_row(tmp_path: Path) -> None:
    found = check_rows(read_rows(a_sheet(tmp_path, 50)), DIPLOMA, key="student_number")
    assert [row.cells["grade"] for row in found.samples] == ["Merit", "Pass"]


def test_a_sheet_that_changed_after_it_was_checked_is_not_issued(tmp_path: Path) -> None:
    path = a_sheet(tmp_path, 3)
    found = check_rows(read_rows(path), DIPLOMA, key="student_number")
    a_sheet(tmp_path, 4)
    with pytest.raises(OperatorError, match="was changed after it was checked"):
        next(found.rows())


def test_warnings_beyond_count_are_counted_and_the_sheet_can_be_issued(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("testamur.rows.checking.MAX_PROBLEMS", 3)
    found = check_rows(read_rows(a_sheet(tmp_path, 50)), DIPLOMA, key="student_number")
    assert (len(found.warnings), found.unnamed, found.errors) == (3, 17, ())
    assert {problem.severity for problem in found.problems} == {Severity.WARNING}


def test_too_many_errors_end_the_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("testamur.rows.checking.MAX_PROBLEMS", 3)
    path = a_sheet(tmp_path, PORTION, *[BAD[3]] * (PORTION + 1))
    found = check_rows(read_rows(path), DIPLOMA, key=None)
    assert any("the rows below were not read" in problem.reason for problem in found.errors)
    assert found.count < 2 * PORTION + 1


@pytest.mark.slow
def test_a_sheet_ten_times_as_long_takes_no_more_memory(tmp_path: Path) -> None:
    peaks = [_peak(a_sheet(tmp_path, count)) for count in (10_000, 100_000)]
    assert peaks[1] - peaks[0] < 20_000, f"{peaks} kB"


def _peak(path: Path) -> int:
    program = (
        "import resource, sys; from pathlib import Path; from testamur.rows import check_rows;"
        "from testamur.credentials import Template, shipped_template;"
        "from testamur.spreadsheets import read_rows;"
        "found = check_rows(read_rows(Path(sys.argv[1])), Template.load(shipped_template('diploma')),"
        " key='student_number'); assert found.count > 9_000;"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, check=True)
    return int(done.stdout)
