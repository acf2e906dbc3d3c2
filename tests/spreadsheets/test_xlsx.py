import io
import re
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from testamur.errors import OperatorError
from testamur.spreadsheets import read_rows, write_with_errors, xlsx_files


def book(folder: Path, *rows: list) -> Path:
    made = openpyxl.Workbook()
    sheet = made.active
    for row in rows:
        sheet.append(row)
    path = folder / "sheet.xlsx"
    made.save(path)
    return path


def with_part(path: Path, name: str, change) -> Path:
    """The same archive with one part changed."""
    data = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, change(old.read(part)) if part == name else old.read(part))
    path.write_bytes(data.getvalue())
    return path


def test_cells_are_read_as_people_see_them(tmp_path):
    path = book(
        tmp_path,
        ["number", "name", "grade", "awarded", "at", "passed"],
        [12345.0, "ሰላማዊት በቀለ", 3.71, date(2026, 7, 1), datetime.fromisoformat("2026-07-01T09:30"), True],
        [],
        ["00417", "林小明", -2, datetime.fromisoformat("2026-07-01"), None, False],
    )
    assert [(row.line, list(row.cells.values())) for row in read_rows(path).rows()] == [
        (2, ["12345", "ሰላማዊት በቀለ", "3.71", "2026-07-01", "2026-07-01 09:30:00", "TRUE"]),
        (4, ["00417", "林小明", "-2", "2026-07-01", "", "FALSE"]),
    ]


def test_an_xlsx_is_given_back_as_xlsx_with_its_values_and_the_errors(tmp_path):
    path = book(tmp_path, ["name", "awarded", None], ["ሐና", date(2026, 7, 1)], ["=1+1", 7])
    write_with_errors(read_rows(path), tmp_path / "back.xlsx", {3: "=HYPERLINK(1)"})
    sheet = openpyxl.load_workbook(tmp_path / "back.xlsx").active
    cells = [[cell.value for cell in row][:3] for row in sheet.iter_rows()]
    assert cells[0] == ["name", "awarded", "error"]
    assert cells[1] == ["ሐና", datetime.fromisoformat("2026-07-01"), None]
    assert cells[2][2] == "=HYPERLINK(1)"
    assert sheet["C3"].data_type == "s"
    back = read_rows(tmp_path / "back.xlsx")
    assert [row.cells["awarded"] for row in back.rows()] == ["2026-07-01", "7"]
    write_with_errors(back, tmp_path / "again.xlsx", {})
    assert read_rows(tmp_path / "again.xlsx").columns == ("name", "awarded", "error")


def test_text_that_looks_like_a_formula_stays_text(tmp_path):
    (tmp_path / "sheet.csv").write_text("x\n")
    path = book(tmp_path, ["name"], ["x"])
    sheet = read_rows(path)
    write_with_errors(sheet, tmp_path / "back.xlsx", {2: "+cmd|' /C calc'!A0"})
    assert openpyxl.load_workbook(tmp_path / "back.xlsx").active["B2"].data_type == "s"


def test_an_archive_that_unpacks_to_too_much_is_refused_before_it_is_parsed(tmp_path, monkeypatch):
    path = with_part(book(tmp_path, ["a"]), "docProps/app.xml", lambda old: b" " * 3_000_000)
    monkeypatch.setattr(xlsx_files, "MAX_UNPACKED", 2_000_000)
    with pytest.raises(OperatorError, match="unpacks to more than"):
        read_rows(path)


def test_an_archive_that_lies_about_its_size_is_refused(tmp_path):
    path = with_part(
        book(tmp_path, ["a"], ["b"]), "xl/worksheets/sheet1.xml", lambda old: old + b" " * 100_000
    )
    raw = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    small = (200).to_bytes(4, "little")
    path.write_bytes(raw.replace(size.to_bytes(4, "little"), small))
    with pytest.raises(OperatorError, match="cannot be read"):
        read_rows(path)


@pytest.mark.parametrize(
    "reference",
    [b'r="XFD1048576"', b"r='XFD1048576'", b'r = "XFD1048576"', b'r="A99999999999"', b'r="&#65;1"'],
)
def test_a_cell_in_the_far_corner_is_refused_before_memory_is_taken(tmp_path, reference):
    path = with_part(
        book(tmp_path, ["a"], ["b"]),
        "xl/worksheets/sheet1.xml",
        lambda old: re.sub(rb'\br="A2"', reference, old),
    )
    with pytest.raises(OperatorError):
        read_rows(path)


@pytest.mark.parametrize(
    "change",
    [
        lambda old: b"",
        lambda old: old[:50],
        lambda old: old.replace(b"<row", b"<row\0"),
        lambda old: b"<x>" * 10_000,
    ],
)
def test_a_broken_sheet_ends_in_a_sentence(tmp_path, change):
    path = with_part(book(tmp_path, ["a"], ["b"]), "xl/worksheets/sheet1.xml", change)
    with pytest.raises(OperatorError):
        list(read_rows(path).rows())


@pytest.mark.parametrize("data", [b"PK\x03\x04", b"PK\x03\x04" + b"\0" * 500])
def test_a_broken_archive_ends_in_a_sentence(tmp_path, data):
    path = tmp_path / "x.xlsx"
    path.write_bytes(data)
    with pytest.raises(OperatorError, match="cannot be read as a spreadsheet"):
        read_rows(path)


def test_a_zip_of_something_else_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "x.xlsx", "w") as archive:
        archive.writestr("hello.txt", "hello")
    with pytest.raises(OperatorError, match="no XLSX"):
        read_rows(tmp_path / "x.xlsx")


def test_every_cut_of_a_file_ends_in_a_sentence(tmp_path):
    data = book(tmp_path, ["name"], ["ሐና"]).read_bytes()
    for end in range(4, len(data), 397):
        (tmp_path / "cut.xlsx").write_bytes(data[:end])
        with pytest.raises(OperatorError):
            list(read_rows(tmp_path / "cut.xlsx").rows())
