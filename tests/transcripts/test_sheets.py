"""Two sheets, learners and courses, are checked, joined and issued; nothing of either is lost or mixed up."""

from pathlib import Path

import pytest

from testamur.cli import run
from testamur.errors import OperatorError
from testamur.jsontext import parse_object
from testamur.rows import check_rows, join_courses, read_course_rows
from testamur.spreadsheets import read_rows
from tests.transcripts.papers import template

LEARNERS = (
    "student_number,name,programme,issued\n1,ሰላም ተስፋዬ,Nursing,2026-07-01\n2,សុខ សុភាព,Nursing,2026-07-01\n"
)
COURSES = (
    "Student-Number,term,code,title,credits,grade\n"
    "2,s1,NUR 101,Anatomy,6,B\n1,s1,NUR 101,Anatomy,6,A\n1,s2,NUR 102,Physiology,5.5,B+\n"
)


def sheet(folder: Path, name: str, text: str):
    path = folder / name
    path.write_text(text, "utf-8")
    return read_rows(path)


def joined(folder: Path, courses: str = COURSES, learners: str = LEARNERS):
    made = template().courses
    assert made is not None
    found = read_course_rows(sheet(folder, "c.csv", courses), made, "student_number")
    return found, join_courses(sheet(folder, "l.csv", learners), found, "student_number")


def test_each_learner_has_their_own_courses_in_the_order_of_the_sheet(tmp_path: Path) -> None:
    _, (both, problems) = joined(tmp_path)
    assert problems == []
    checked = check_rows(both, template(), key="student_number")
    assert [str(problem) for problem in checked.problems] == []
    first, second = checked.rows()
    assert first.cells["courses"].index("Anatomy") < first.cells["courses"].index("Physiology")
    assert '"course.credits":5.5' in first.cells["courses"]
    assert "Physiology" not in second.cells["courses"]


def test_a_changed_grade_changes_the_digest_of_its_learner_alone_and_of_the_sheet(tmp_path: Path) -> None:
    before = check_rows(joined(tmp_path)[1][0], template(), key="student_number")
    rows = list(before.rows())
    after = check_rows(joined(tmp_path, COURSES.replace("B+", "A"))[1][0], template(), key="student_number")
    changed = [one.digest != other.digest for one, other in zip(rows, after.rows(), strict=True)]
    assert changed == [True, False]
    assert before.digest != after.digest


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (",6,B", ",six,B", "row 2, column credits: 'six' is not a number"),
        ("2,s1", ",s1", "row 2, column student_number: this must not be empty"),
        ("title", "name", "column title: the sheet of courses has no such column"),
        ("Student-Number", "learner", "column student_number: the sheet of courses has no such column"),
    ],
)
def test_what_is_wrong_in_the_sheet_of_courses_is_named(
    tmp_path: Path, old: str, new: str, reason: str
) -> None:
    found, _ = joined(tmp_path, COURSES.replace(old, new, 1))
    assert [str(error) for error in found.errors if reason in str(error)]


def test_a_learner_without_courses_and_courses_without_a_learner_are_errors(tmp_path: Path) -> None:
    _, (both, strangers) = joined(tmp_path, COURSES.replace("2,s1", "3,s1"))
    assert "names '3', who is not in this sheet" in str(strangers[0])
    checked = check_rows(both, template(), key="student_number")
    assert [str(error) for error in checked.errors] == ["row 3: the sheet of courses has no row for this key"]


def test_a_column_of_learners_cannot_pass_for_the_courses(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="has a column 'courses'"):
        joined(tmp_path, learners=LEARNERS.replace("programme", "Courses"))


def test_a_registrar_issues_transcripts_corrects_a_grade_and_anyone_checks_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TESTAMUR_PASSPHRASE", "a passphrase for tests")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "l.csv").write_text(LEARNERS, "utf-8")
    (tmp_path / "c.csv").write_text(COURSES, "utf-8")
    assert run(["init", "--name", "Valdoria", "--url", "https://valdoria.example"]) == 0
    assert run(["template", "new", "transcript"]) == 0
    issue = ["issue", "l.csv", "--template", "transcript", "--key", "student_number"]
    assert run([*issue, "--dry-run"]) == 2
    assert "--courses" in capsys.readouterr().err
    issue += ["--courses", "c.csv", "--out", "out", "--no-pdf"]
    assert run(issue) == 0
    (tmp_path / "c.csv").write_text(COURSES.replace("B+", "A"), "utf-8")
    assert run(issue) == 1
    assert "row 2: 1 was issued before and says something else now" in capsys.readouterr().err
    assert run([*issue, "--changed"]) == 0
    assert run(["publish", "site"]) == 0
    both = [path for path in (tmp_path / "out").glob("*.json") if "Physiology" in path.read_text("utf-8")]
    old, new = sorted(both, key=lambda path: "A" in _grades(path))
    capsys.readouterr()
    assert run(["verify", "--mirror", "site", str(new)]) == 0
    told = capsys.readouterr().out
    assert "It holds 3 credentials: 3 said in it by its issuer." in told
    assert "said            Physiology: A, 5.5 credits" in told
    assert run(["verify", "--mirror", "site", str(old)]) == 1
    assert capsys.readouterr().out.startswith("REPLACED")


def _grades(path: Path) -> list[str]:
    held = parse_object(path.read_bytes())["credentialSubject"]["verifiableCredential"]
    return [result["value"] for one in held[2:] for result in one["credentialSubject"].get("result", [])]
