import runpy
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from testamur.credentials import Template, shipped_template
from testamur.errors import OperatorError
from testamur.rows import Severity, check_rows
from testamur.spreadsheets import read_rows, write_with_errors

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
HEAD = "student_number,name,name_latin,programme,grade,awarded,diploma_number\n"
DIPLOMA = Template.load(shipped_template("diploma"))


def checked(folder: Path, *rows: str, head: str = HEAD, key: str | None = "student_number"):
    path = folder / "sheet.csv"
    path.write_text(head + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return check_rows(read_rows(path), DIPLOMA, key=key)


ONE = "1,ሰላማዊት በቀለ,Selamawit Bekele,Nursing,Merit,2026-07-01,D-1"
TWO = "2,林小明,Lin Xiaoming,Law,Pass,2026-07-01,D-2"


def test_rows_fit_to_issue_are_given_each_with_key_and_digest(tmp_path):
    found = checked(tmp_path, ONE, TWO)
    assert (found.problems, found.count) == ((), 2)
    rows = list(found.rows())
    assert [(row.line, row.key, row.cells["name"]) for row in rows] == [
        (2, "1", "ሰላማዊት በቀለ"),
        (3, "2", "林小明"),
    ]
    assert rows[0].digest != rows[1].digest


def test_a_repeated_row_is_named_and_issued_once(tmp_path):
    found = checked(tmp_path, ONE, TWO, ONE, f" {ONE} ", ONE.replace("2026-07-01", "46204"))
    assert not found.errors
    assert [str(problem) for problem in found.warnings] == [
        f"row {line}: it is the same as row 2; one record is issued" for line in (4, 5, 6)
    ]
    assert [row.line for row in found.rows()] == [2, 3]
    assert found.count == 2


def test_two_different_rows_with_one_key_are_an_error(tmp_path):
    (problem,) = checked(tmp_path, ONE, ONE.replace("Merit", "Pass")).errors
    assert str(problem) == "row 3: its key '1' is also that of row 2, which says something else"


def test_a_row_without_its_key_is_an_error(tmp_path):
    found = checked(tmp_path, ONE.replace("1,", ",", 1), TWO, key="student_number")
    assert any("it is the key that names the row" in problem.reason for problem in found.errors)


def test_rows_that_name_themselves_must_differ(tmp_path):
    (problem,) = checked(tmp_path, ONE, TWO, ONE, key=None).errors
    assert str(problem) == "row 4: it is the same as row 2, and no column tells the two apart"
    found = checked(tmp_path, ONE, ONE.replace("1,", "3,", 1), key=None)
    assert not found.errors
    assert len({row.key for row in found.rows()}) == 2


def test_a_key_that_is_no_column_is_the_operators_error(tmp_path):
    with pytest.raises(OperatorError) as caught:
        checked(tmp_path, ONE, key="matricule")
    assert "student_number" in caught.value.hint
    assert checked(tmp_path, ONE, key="Student Number").key == "student_number"


def test_columns_that_are_missing_or_not_used_are_named_once(tmp_path):
    found = checked(tmp_path, "1,Hanna,x", "2,Dawit,y", head="student_number,name,shoe size\n")
    assert [str(problem) for problem in found.errors] == [
        f"row 1, column {name}: the sheet has no such column"
        for name in ("programme", "grade", "awarded", "diploma_number")
    ]
    assert [str(problem) for problem in found.warnings] == [
        "row 1, column shoe size: the template has no such column; it is not used"
    ]


def test_every_error_of_every_row_is_found_in_one_go(tmp_path):
    found = checked(tmp_path, ONE, "2,,Lin,Law,,2026-02-30,D-2", "3,Hanna,,Law,Pass,,D-3,stray")
    assert [(problem.line, problem.column) for problem in found.errors] == [
        (3, "name"), (3, "grade"), (3, "awarded"), (4, "awarded"), (4, "")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (ONE.replace("ሰላማዊት በቀለ", "Ивaн"), "'Ивaн' mixes scripts: 'a' is Latin among Cyrillic letters"),
        (ONE.replace("Selamawit Bekele", "ሰላማዊት"), "is not in Latin letters"),
        (ONE.replace("ሰላማዊት በቀለ", "HANNA WOLDE"), "in capitals only"),
    ],
)
def test_what_looks_wrong_in_a_name_is_a_warning(tmp_path, row, sentence):
    (problem,) = checked(tmp_path, row).problems
    assert problem.severity is Severity.WARNING
    assert sentence in problem.reason


def test_a_sheet_given_back_and_put_right_is_checked_again_without_its_errors(tmp_path):
    found = checked(tmp_path, ONE, TWO.replace("Pass", ""))
    write_with_errors(found.sheet, tmp_path / "back.csv", found.error_column)
    text = (tmp_path / "back.csv").read_text(encoding="utf-8")
    assert "grade: this must not be empty" in text
    (tmp_path / "back.csv").write_text(text.replace("Law,,", "Law,Pass,"), encoding="utf-8")
    again = check_rows(read_rows(tmp_path / "back.csv"), DIPLOMA, key="student_number")
    assert not again.problems
    assert [row.digest for row in again.rows()] == [row.digest for row in checked(tmp_path, ONE, TWO).rows()]


def test_the_500_graduates_fit_the_shipped_diploma(tmp_path):
    found = check_rows(read_rows(EXAMPLES / "graduates.csv"), DIPLOMA, key="student_number")
    assert (found.problems, found.count) == ((), 500)
    one = next(found.rows())
    document = DIPLOMA.fill(
        one.cells, line=one.line, issuer_id="did:web:a.example", issuer_name="Valdoria",
        issuer_url="https://a.example", record_id="urn:uuid:0f6a1c52-3d4b-4e8f-9a70-5b1c2d3e4f50",
        at=datetime(2026, 7, 20, tzinfo=UTC),
    )  # fmt: skip
    assert document["name"] == one.cells["programme"]


@pytest.mark.parametrize("name", ["graduates-messy.csv", "graduates-messy.xlsx"])
def test_the_messy_sheets_say_the_same_as_the_tidy_one(name):
    messy = check_rows(read_rows(EXAMPLES / name), DIPLOMA, key="student_number")
    tidy = {
        row.key: row.digest
        for row in check_rows(read_rows(EXAMPLES / "graduates.csv"), DIPLOMA, key="student_number").rows()
    }
    assert not messy.errors
    assert [problem.line for problem in messy.warnings] == [43, 44, 45]
    assert messy.count == 40
    assert all(tidy[row.key] == row.digest for row in messy.rows())


def test_the_examples_are_what_their_tool_makes(tmp_path):
    tool = runpy.run_path(str(ROOT / "tools" / "graduates.py"))
    assert tool["tidy_csv"]() == (EXAMPLES / "graduates.csv").read_bytes()
    assert tool["messy_csv"]() == (EXAMPLES / "graduates-messy.csv").read_bytes()
    people = list(tool["graduates"]())
    assert (
        len({person["student_number"] for person in people})
        == len({p["diploma_number"] for p in people})
        == 500
    )
    assert len({(person["name"], person["programme"]) for person in people}) == 500


@pytest.mark.soak
@pytest.mark.timeout(1200)
def test_a_million_rows_are_checked_in_bounded_memory(tmp_path):
    path = tmp_path / "million.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write(HEAD)
        file.writelines(f"{n},ሰላማዊት በቀለ,,Nursing,Merit,2026-07-01,D-{n}\n" for n in range(1_000_000))
    code = (
        "import resource, sys; from testamur.credentials import Template, shipped_template;"
        "from testamur.rows import check_rows; from testamur.spreadsheets import read_rows;"
        "template = Template.load(shipped_template('diploma'));"
        "found = check_rows(read_rows(sys.argv[1]), template, key='student_number');"
        "print(found.count, len(found.problems), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    ran = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    count, problems, kilobytes = map(int, ran.stdout.split())
    assert (count, problems) == (1_000_000, 0)
    assert kilobytes < 500_000
