import csv
import io
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from testamur.errors import OperatorError
from testamur.spreadsheets import read_rows, row_digest, write_with_errors

CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)


def sheet_of(folder: Path, data: bytes | str):
    path = folder / "sheet.csv"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_rows(path)


def told(sheet) -> list[tuple[int, list[str]]]:
    return [(row.line, list(row.cells.values())) for row in sheet.rows()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_sheet_is_read_however_it_was_saved(tmp_path, encoding, delimiter, ending):
    text = ending.join([delimiter.join(["name", "grade"]), delimiter.join(["ሰላማዊት", "A+"]), ""])
    sheet = sheet_of(tmp_path, text.encode(encoding))
    assert sheet.columns == ("name", "grade")
    assert told(sheet) == [(2, ["ሰላማዊት", "A+"])]


@settings(max_examples=60)
@given(
    rows=st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=5),
    delimiter=st.sampled_from([",", ";", "\t"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_any_cells_survive_being_given_back(tmp_path_factory, rows, delimiter, encoding):
    folder = tmp_path_factory.mktemp("csv")
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([["a", "b", "c"], *rows])
    sheet = sheet_of(folder, text.getvalue().encode(encoding))
    write_with_errors(sheet, folder / "back.csv", {2: "wrong"})
    back = read_rows(folder / "back.csv")
    assert back.columns == ("a", "b", "c", "error")
    assert [(row.line, list(row.cells.values())[:3]) for row in back.rows()][: len(told(sheet))] or not told(
        sheet
    )
    for before, after in zip(
        sheet.rows(), (row for row in back.rows() if any(list(row.cells.values())[:3])), strict=False
    ):
        assert list(after.cells.values())[:3] == list(before.cells.values())
    write_with_errors(back, folder / "again.csv", {2: "wrong"})
    assert (folder / "again.csv").read_bytes() == (folder / "back.csv").read_bytes()


def test_a_file_is_given_back_as_it_was_saved_with_one_column_more(tmp_path):
    sheet = sheet_of(tmp_path, "\ufeffname;grade;;\r\nሰላማዊት;A;;\r\n\r\nሐና;;;\r\n")
    write_with_errors(sheet, tmp_path / "back.csv", {4: "grade: this must not be empty"})
    assert (tmp_path / "back.csv").read_bytes().decode() == (
        "\ufeffname;grade;error;;\r\nሰላማዊት;A;;;\r\n;;\r\nሐና;;grade: this must not be empty;;\r\n"
    )


@pytest.mark.parametrize("cell", ["=1+1", "+cmd", "-cmd", "@sum", "\tx"])
def test_a_formula_is_given_back_as_text_and_read_as_it_was(tmp_path, cell):
    sheet = sheet_of(tmp_path, f'name\n"{cell}"\n')
    write_with_errors(sheet, tmp_path / "back.csv", {2: cell})
    with (tmp_path / "back.csv").open(newline="") as file:
        assert list(csv.reader(file))[1] == ["'" + cell, "'" + cell]
    assert next(read_rows(tmp_path / "back.csv").rows()).cells["name"] == cell


@pytest.mark.parametrize("cell", ["-5", "+3,71", "'tis"])
def test_numbers_and_apostrophes_are_given_back_untouched(tmp_path, cell):
    sheet = sheet_of(tmp_path, f'name;x\n"{cell}";1\n')
    write_with_errors(sheet, tmp_path / "back.csv", {})
    assert cell in (tmp_path / "back.csv").read_text()
    assert "'" + cell not in (tmp_path / "back.csv").read_text()


def test_blank_rows_and_columns_are_passed_over_and_lines_still_count(tmp_path):
    sheet = sheet_of(tmp_path, "\n,,\nname,,grade,\nA,,1,\n,,,\nB,,2,\n\n\n")
    assert sheet.columns == ("name", "grade")
    assert told(sheet) == [(4, ["A", "1"]), (6, ["B", "2"])]


def test_text_under_no_heading_is_kept_to_be_pointed_out(tmp_path):
    sheet = sheet_of(tmp_path, "name,\nA,stray\nB,,far\nC\n")
    assert [row.stray for row in sheet.rows()] == ["stray", "far", ""]


def test_excels_declaration_of_the_delimiter_is_followed(tmp_path):
    assert told(sheet_of(tmp_path, "sep=;\r\nname;grade\r\na,b;c\r\n")) == [(2, ["a,b", "c"])]


def test_headings_are_found_whatever_their_case_and_blanks(tmp_path):
    sheet = sheet_of(tmp_path, " Student Number ,NAME-latin\n1,2\n").renamed(["student_number", "name_latin"])
    assert sheet.columns == ("student_number", "name_latin")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("name,grade\nJos\xe9,1\n".encode("latin-1"), "this is not UTF-8 text"),
        (b"name\n" + b"x" * 1_100_000, "longer than"),
        (b'name\n"open\n' + b"x\n" * 100_000, "field larger than field limit"),
        (b"", "is empty"),
        (b"\n , ,\n\n", "is empty"),
        (b"name,Name \n1,2\n", "two columns"),
        (b"%PDF-1.7\0\0", "not a spreadsheet"),
        (b"\xff\xfe\x00\xd8", "not UTF-8"),
        (",".join(f"c{n}" for n in range(501)).encode(), "more than 500 columns"),
    ],
)
def test_what_cannot_be_read_ends_in_a_sentence(tmp_path, data, reason):
    with pytest.raises(OperatorError) as caught:
        list(sheet_of(tmp_path, data).rows())
    assert reason in caught.value.message
    assert caught.value.hint or "longer" in reason or "columns" in reason


def test_a_missing_file_is_the_operators_error(tmp_path):
    with pytest.raises(OperatorError, match="cannot read"):
        read_rows(tmp_path / "none.csv")
    with pytest.raises(OperatorError, match="cannot read"):
        read_rows(tmp_path)


def test_a_long_sheet_takes_no_memory(tmp_path):
    path = tmp_path / "long.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("number,name\n")
        file.writelines(f"{n},ሰላማዊት በቀለ\n" for n in range(60_000))
    tracemalloc.start()
    assert sum(1 for _ in read_rows(path).rows()) == 60_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3_000_000


def test_rows_that_say_the_same_have_one_digest():
    assert (
        row_digest({"a": " x  y ", "b": ""}) == row_digest({"b": " ", "a": "x y"}) == row_digest({"a": "x y"})
    )
    assert row_digest({"a": "x", "b": "y"}) != row_digest({"a": "y", "b": "x"})
    assert row_digest({"a": "Ine\u0301s"}) == row_digest({"a": "Inés"})
