"""The files of many records: a folder, a ZIP or JSON Lines, made by two processes from the ledger."""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from testamur.cohort import MOST_FLAT, Folder, Packed, record_line, write_lines, write_zip
from testamur.errors import OperatorError
from testamur.issuer import delivery
from testamur.store import Record
from tests.issuing.school import AT
from tests.scale.national import NAMES, School, found, sheet

ROWS = 1_050  # more than two portions: fewer are written by one process
ISSUE = ("issue", "sheet.csv", "--template", "diploma", "--key", "student_number", "--jobs", "2")


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    folder = tmp_path_factory.mktemp("school")
    sheet(folder / "sheet.csv", ROWS)
    school = found(folder)
    school.run(*ISSUE, "--no-files")
    yield school
    school.stop()


@pytest.fixture(scope="module")
def records(school: School) -> list[Record]:
    return school.records()


def test_json_lines_hold_both_forms_of_each_record_in_the_order_of_the_sheet(
    school: School, records: list[Record]
) -> None:
    school.run(*ISSUE, "--out", "all.jsonl")
    lines = (school.home.parent / "all.jsonl").read_text("utf-8").split("\n")
    assert lines.pop() == ""
    assert len(lines) == ROWS
    for number, (line, record) in enumerate(zip(lines, records, strict=True)):
        said = json.loads(line)
        assert (said["key"], said["number"]) == (f"S-{number:07}", f"V-{number:07}")
        assert said["full"] == json.loads(record.forms[0].text)
        assert said["paper"] == record.forms[1].text
        assert record.forms[0].text in line, "the full form stands there as it was signed"


@pytest.mark.slow
def test_a_zip_holds_the_files_a_folder_would(school: School, records: list[Record]) -> None:
    school.run(*ISSUE, "--out", "all.zip", "--no-pdf")
    school.run(*ISSUE, "--out", "all", "--no-pdf")
    with zipfile.ZipFile(school.home.parent / "all.zip") as archive:
        assert archive.testzip() is None
        packed = {name: archive.read(name) for name in archive.namelist()}
    folder = {path.name: path.read_bytes() for path in (school.home.parent / "all").iterdir()}
    assert packed == folder
    assert len(folder) == 2 * ROWS
    assert {text.encode() + b"\n" for record in records for text in (record.forms[0].text,)} <= set(
        folder.values()
    )


@pytest.mark.slow
def test_a_folder_is_filled_by_two_processes_and_the_next_run_makes_what_is_missing(school: School) -> None:
    assert ROWS > 2 * delivery._MANY
    said = school.run(*ISSUE, "--out", "some", "--write", "json")
    assert "the files of 1,050 records written" in said
    gone = sorted((school.home.parent / "some").iterdir())[7]
    gone.unlink()
    said = school.run(*ISSUE, "--out", "some", "--write", "json")
    assert "the files of 1 record written; those of 1,049 were there already" in said
    assert gone.exists()


def _folder(path: Path, *, divided: bool) -> Folder:
    return Folder(
        path, names=lambda record: [f"{record.number}.json"], make=lambda record: {f"{record.number}.json": b"{}"},
        divided=divided,
    )  # fmt: skip


def test_more_files_than_a_person_can_look_through_lie_in_256_sub_folders(
    tmp_path: Path, records: list[Record]
) -> None:
    folder = _folder(tmp_path / "many", divided=True)
    with folder.opened():
        assert [folder.add(record).made for record in records[:300]] == [1] * 300
    for record in records[:300]:
        assert (tmp_path / "many" / record.id[-2:] / f"{record.number}.json").exists()
    assert MOST_FLAT == 10_000


def test_a_file_is_found_where_an_earlier_run_put_it_flat_or_divided(
    tmp_path: Path, records: list[Record]
) -> None:
    for first in (True, False):
        path = tmp_path / str(first)
        for divided in (first, not first):
            folder = _folder(path, divided=divided)
            with folder.opened():
                written = [folder.add(record) for record in records[:5]]
            assert [one.made for one in written] == [int(divided is first)] * 5


def test_a_zip_of_more_files_than_programs_can_open_is_refused_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("testamur.cohort.archive.MAX_FILES", 3)
    with pytest.raises(OperatorError, match="at most 3 files") as caught:
        write_zip([Packed(AT, {f"{n}.json": b"{}"}) for n in range(4)], tmp_path / "all.zip")
    assert ".jsonl" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_fails_half_way_leaves_the_old_one_as_it_was(
    tmp_path: Path, records: list[Record]
) -> None:
    path = tmp_path / "all.jsonl"
    assert write_lines(map(record_line, records[:3]), path) == 3
    before = path.read_bytes()

    def broken() -> Iterator[bytes]:
        yield record_line(records[3])
        raise OperatorError("the ledger is in use by another process")

    with pytest.raises(OperatorError):
        write_lines(broken(), path)
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["all.jsonl"]


def test_names_stand_in_the_lines_as_they_are_written(school: School) -> None:
    school.run(*ISSUE, "--out", "names.jsonl")
    text = (school.home.parent / "names.jsonl").read_text("utf-8")
    assert all(name in text for name, _ in NAMES)


def test_files_are_asked_for_or_declined_in_so_many_words(school: School) -> None:
    for extra, said in (
        ((), "say where the files go"),
        (("--no-files", "--out", "x"), "--no-files makes no files"),
        (("--out", "sheet.csv"), "is a file"),
    ):
        process = school.start(*ISSUE, *extra)
        assert said in process.communicate(timeout=60)[0]
        assert process.returncode == 2
