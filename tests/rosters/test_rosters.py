"""OneRoster 1.2: read strictly, every hole named by file, row and column, and made into the sheets of a template."""

import json
import zipfile
from pathlib import Path

import pytest

from testamur.credentials import Template, shipped_template
from testamur.errors import Malformed, OperatorError
from testamur.rosters import learner_sheets, mapping_for, parse_mapping, read_roster
from testamur.rosters.columns import FILES
from testamur.rows import check_rows, join_courses, read_course_rows
from tests.vectors_home import vectors

try:
    HOME = vectors("oneroster-1.2")
except pytest.skip.Exception as missing:
    pytest.skip(str(missing), allow_module_level=True)
BULK = {path.name: path.read_text("utf-8") for path in sorted((HOME / "example-bulk").glob("*.csv"))}
pytestmark = pytest.mark.official


def _zip(folder: Path, files: dict[str, str | bytes]) -> Path:
    path = folder / "roster.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def _changed(name: str, old: str, new: str) -> dict[str, str | bytes]:
    assert old in BULK[name], f"{name} does not say {old!r}"
    return BULK | {name: BULK[name].replace(old, new, 1)}


def test_the_columns_are_those_of_the_specification() -> None:
    said = json.loads((HOME / "columns.json").read_text("utf-8"))
    for name, fields in FILES.items():
        own = said.pop(f"{name}.csv")
        assert [field.name for field in fields] == [column["name"] for column in own], name
        for field, column in zip(fields, own, strict=True):
            assert field.required == (column["required"] == "Yes"), (name, field.name)
            assert list(field.words) == column.get("enum", []) or field.kind == "boolean", (name, field.name)
    assert list(said) == ["manifest.csv"]


def test_a_whole_roster_has_no_problems_and_no_passwords(tmp_path: Path) -> None:
    files = _changed("users.csv", ",12,,,,,,,org-2,", ",12,secret-word,,,,,,org-2,")
    roster = read_roster(_zip(tmp_path, files))
    assert roster.problems == ()
    assert len(roster.rows("users")) == 3
    assert "secret-word" not in repr(roster)


@pytest.mark.parametrize(
    ("files", "says"),
    [
        (_changed("users.csv", "usr-2,,,true", "usr-1,,,true"), "users.csv, row 3, sourcedId: 'usr-1' stands in an earlier row too"),
        (_changed("users.csv", "usr-2,,,true", "usr-2,active,,true"), "users.csv, row 3, status: in a bulk file this has to be empty"),
        (_changed("users.csv", "Bríd", ""), "users.csv, row 3, givenName: this must not be empty"),
        (_changed("users.csv", "usr-2,,,true", "usr 2!,,,true"), "users.csv, row 3, sourcedId: 'usr 2!' is no identifier of OneRoster"),
        (_changed("users.csv", "sourcedId,status,dateLastModified,enabledUser,username", "sourcedId,status,dateLastModified,username,enabledUser"), "users.csv, row 1: column 4 should be enabledUser and is 'username'"),
        (_changed("users.csv", "sourcedId,status,dateLastModified,enabledUser,username", "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username"), "users.csv, row 1: these are the columns of OneRoster 1.1, and the manifest says 1.2"),
        (_changed("enrollments.csv", "usr-1,student", "usr-7,student"), "enrollments.csv, row 2, userSourcedId: 'usr-7' is not in users.csv"),
        (_changed("enrollments.csv", "usr-1,student", "usr-1,pupil"), "enrollments.csv, row 2, role: 'pupil' is none of administrator, proctor, student, teacher"),
        (_changed("academicSessions.csv", "2025-09-01,2026-07-01", "2025-09-01,2025-09-01"), "academicSessions.csv, row 2, endDate: it ends on 2025-09-01, before or on the day it begins (2025-09-01)"),
        (_changed("academicSessions.csv", "2025-09-01,2026-07-01", "1.9.2025,2026-07-01"), "academicSessions.csv, row 2, startDate: '1.9.2025' is no date YYYY-MM-DD"),
        (_changed("results.csv", "91.5", "ninety"), "results.csv, row 2, score: 'ninety' is no number"),
        (_changed("manifest.csv", "file.users,bulk", "file.users,all"), "manifest.csv, file.users: it is 'all', not absent, bulk or delta"),
        (_changed("manifest.csv", "file.users,bulk", "file.users,delta"), "users.csv: a delta only tells changes; export everything (bulk)"),
        (_changed("manifest.csv", "file.users,bulk", "file.users,absent"), "users.csv: the manifest says that this file is absent"),
        ({name: text for name, text in BULK.items() if name != "orgs.csv"}, "orgs.csv: the manifest names this file and the ZIP does not hold it"),
        (BULK | {"notes.csv": "x"}, "notes.csv: OneRoster 1.2 has no such file"),
        (BULK | {"data/users.csv": "x"}, "'data/users.csv' lies in a folder; the files belong at the root of the ZIP"),
        (BULK | {"categories.csv": BULK["categories.csv"].splitlines()[0] + "\r\n"}, "categories.csv: it has no rows; a file without any is to be absent"),
        (_changed("categories.csv", "weight", "weight,colour"), "categories.csv, row 1: 'colour' is no column of OneRoster 1.2"),
        (_changed("categories.csv", "Examination,100", "Examination,100,7"), "categories.csv, row 2: it has 6 cells and the header 5"),
    ],
)  # fmt: skip
def test_every_hole_is_named_by_file_row_and_column(
    tmp_path: Path, files: dict[str, str | bytes], says: str
) -> None:
    assert says in [str(problem) for problem in read_roster(_zip(tmp_path, files)).problems]


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"users.csv": BULK["users.csv"]}, "there is no manifest.csv"),
        (_changed("manifest.csv", "oneroster.version,1.2", "oneroster.version,1.1"), "the manifest says OneRoster 1.1"),
        (BULK | {"users.csv": BULK["users.csv"].encode("utf-16")}, "users.csv is not UTF-8 text"),
        (_changed("users.csv", "Bríd", '"Bríd'), "users.csv, line"),
        ({f"f{n}.csv": "" for n in range(80)}, "it holds 80 files"),
    ],
)  # fmt: skip
def test_what_is_no_roster_is_refused_in_a_sentence(
    tmp_path: Path, files: dict[str, str | bytes], says: str
) -> None:
    with pytest.raises(OperatorError, match=says.replace("(", r"\(")):
        read_roster(_zip(tmp_path, files))


def test_hostile_bytes_are_refused_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = _zip(tmp_path, dict(BULK)).read_bytes()
    broken = [b"", b"PK\x03\x04", whole[:-30], whole[:400] + bytes(60) + whole[460:], b"hello" * 100]
    for data in broken:
        (tmp_path / "broken.zip").write_bytes(data)
        with pytest.raises(OperatorError):
            read_roster(tmp_path / "broken.zip")
    monkeypatch.setattr("testamur.rosters.reading.MAX_FILE", 100_000)
    with pytest.raises(OperatorError, match="unpacks to more than"):
        read_roster(_zip(tmp_path, BULK | {"users.csv": "x" * 200_000}))


def test_columns_to_the_right_that_are_called_metadata_are_taken_along(tmp_path: Path) -> None:
    lines = BULK["users.csv"].splitlines()
    files = BULK | {"users.csv": "\r\n".join([lines[0] + ",metadata.shoe", *(f"{x},42" for x in lines[1:])])}
    assert read_roster(_zip(tmp_path, files)).problems == ()


def _transcript() -> Template:
    return Template.load(shipped_template("transcript"))


def test_a_roster_becomes_transcripts_that_are_checked_like_any_sheet(tmp_path: Path) -> None:
    roster = read_roster(_zip(tmp_path, dict(BULK)))
    template = _transcript()
    text = mapping_for(template, session="as-2025").text
    for column in template.columns:
        if column.goes_to == "award.name":
            text = text.replace(f'"{column.name}" = ""', f'"{column.name}" = "Secondary School Diploma"')
    mapping = parse_mapping(text, template)
    sheets = learner_sheets(roster, mapping)
    assert sheets.problems == ()
    assert sheets.courses
    learners = list(sheets.learners.file.rows())
    assert len(learners) == 2  # one student has a result that counts, the other one was exempt
    row = dict(zip(learners[0], learners[1], strict=True))
    assert row[mapping.key] == "usr-1"
    assert "Ayşe Yılmaz" in row.values()
    assert "2026-06-30" in row.values()  # the last day: endDate is the day after
    (head, course) = sheets.courses.file.rows()
    told = dict(zip(head, course, strict=True))
    assert "Mathematics, Advanced" in told.values()
    assert "A" in told.values()
    found = read_course_rows(sheets.courses, template.courses, mapping.key)  # type: ignore[arg-type]
    assert found.errors == ()
    joined, strangers = join_courses(sheets.learners, found, mapping.key)
    assert strangers == []
    checked = check_rows(joined, template, key=mapping.key)
    assert checked.errors == ()
    assert checked.count == 1


def test_two_results_of_one_class_have_to_be_told_apart(tmp_path: Path) -> None:
    items = BULK["lineItems.csv"] + "li-2,,,Midterm,,2025-10-01,2025-10-02,cls-1,cat-1,as-2025-t1,,,org-2\r\n"
    results = BULK["results.csv"] + "res-3,,,li-2,usr-1,fully graded,12,2025-10-02,,F,cls-1,,,,\r\n"
    roster = read_roster(_zip(tmp_path, BULK | {"lineItems.csv": items, "results.csv": results}))
    assert roster.problems == ()
    mapping = mapping_for(_transcript())
    (problem,) = learner_sheets(roster, mapping).problems
    assert str(problem).startswith("enrollments.csv, row 2: usr-1 has 2 results in cls-1")
    text = mapping.text.replace('line_item = ""', 'line_item = "final"')
    assert learner_sheets(roster, parse_mapping(text, _transcript())).problems == ()


def test_the_mapping_chooses_school_session_and_grade(tmp_path: Path) -> None:
    roster = read_roster(_zip(tmp_path, dict(BULK)))
    template = Template.load(shipped_template("diploma"))
    text = mapping_for(template).text

    def chosen(**settings: str) -> int:
        changed = text
        for name, value in settings.items():
            changed = changed.replace(f'{name} = ""', f'{name} = "{value}"', 1)
        return len(list(learner_sheets(roster, parse_mapping(changed, template)).learners.file.rows())) - 1

    assert chosen() == 2
    assert chosen(school="org-1") == 2  # the district and its schools
    assert chosen(school="org-9") == 0
    assert chosen(grades="12") == 2
    assert chosen(grades="11") == 0


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("{user.fullName}", "{user.password}", "{user.password} is not in a roster"),
        ("{user.fullName}", "{user.shoe}", "{user.shoe} is not in a roster"),
        ("{user.fullName}", "{course.title}", "{course.title} is not in a roster"),
        ("{user.fullName}", "{user.fullName", "a brace that is not closed"),
        ("key = ", "other = 1\nkey = ", "'other' is nothing that a mapping says"),
        ('key = "student_number"', 'key = "x"', "key has to name the column"),
        ("[learners]", '[learners]\nshoe = "x"', "learners.shoe is unknown"),
        ("[columns]", '[columns]\nshoe = "x"', "the template has no such column"),
        ("key = ", "key ", "the mapping is no TOML"),
    ],
)
def test_every_mistake_in_a_mapping_is_named(old: str, new: str, says: str) -> None:
    template = Template.load(shipped_template("diploma"))
    text = mapping_for(template).text
    assert old in text
    with pytest.raises(Malformed) as caught:
        parse_mapping(text.replace(old, new, 1), template)
    assert says in caught.value.message


def test_a_mapping_written_out_reads_as_itself() -> None:
    for name in ("diploma", "transcript", "badge"):
        template = Template.load(shipped_template(name))
        mapping = mapping_for(template, session="as-2025")
        assert parse_mapping(mapping.text, template) == mapping
