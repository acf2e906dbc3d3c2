import io
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from testamur.issuer.desk.office import Office
from testamur.issuer.desk.works import worker_of
from testamur.store.desk import jobs
from testamur.store.drafts import TWO_PERSONS
from tests.issuer.conftest import SHEET
from tests.issuer.desk.offices import Browser, add_person, desk_of, issue_sheet, let_work, make_office
from tests.served import Served

BROKEN = SHEET.replace("Pass,240,2026-07-03,V-2", "Pass,many,2026-07-03,V-2").replace("Inés Quiroga", "")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = make_office(tmp_path / "desk", "north", "south", templates=["diploma"])
    for name, role in (("clerk", "clerk"), ("registrar", "registrar"), ("auditor", "auditor")):
        add_person(office, f"{name}@north.example", office.school("north"), role)
    add_person(office, "both@north.example", office.school("north"), "clerk", "registrar")
    return office


@pytest.fixture
def served(office: Office) -> Iterator[Served]:
    with desk_of(office) as served:
        yield served


def _in(served: Served, name: str, language: str = "en") -> Browser:
    browser = Browser(served, language=language)
    browser.sign_in(f"{name}@north.example")
    browser.get("/schools/north")
    return browser


def _give(browser: Browser, text: str | bytes = SHEET, name: str = "graduates.csv") -> str:
    data = text if isinstance(text, bytes) else text.encode()
    answer = browser.send("/schools/north/sheets/new", [("template", "", b"diploma"), ("file", name, data)])
    assert answer.status == 303, answer.text
    return answer.headers["location"]


def _hand_over(browser: Browser, place: str) -> str:
    answer = browser.post(f"{place}/hand-over")
    assert answer.status == 303, answer.text
    return answer.headers["location"]


def test_a_sheet_becomes_records_after_a_second_person_approved(served: Served, office: Office) -> None:
    school = office.school("north")
    assert school is not None
    school.ledger.registry.set_setting(school.did, TWO_PERSONS, "issue", at=office.now())
    clerk, registrar, both = (_in(served, name) for name in ("clerk", "registrar", "both"))
    place = _give(clerk)
    page = clerk.get(place)
    assert "What will happen" in page.text
    assert "<option selected>diploma_number</option>" in page.text
    draft = _hand_over(clerk, place)
    assert clerk.get(place).status == 404
    assert clerk.post(f"{draft}/approve").status == 403
    assert "Approve and sign 3" in registrar.get(draft).text
    assert registrar.get(f"{draft}/rows/2.png").body.startswith(b"\x89PNG")
    assert registrar.post(f"{draft}/approve").status == 303
    let_work(office)
    assert "3 records were signed" in registrar.get(draft).text
    records = list(school.ledger.each(school.did))
    assert [record.holder for record in records] == ["Inés Quiroga", "សុខា សុខ", "فاطمة المنصوري"]
    own = _hand_over(both, _give(both, SHEET.replace("V-", "W-")))
    refused = both.post(f"{own}/approve")
    assert refused.status == 409
    assert "prepared by the same person" in refused.text
    assert "Another person has to approve it" in refused.text


def test_every_problem_is_told_by_row_and_column_and_written_beside_the_row(served: Served) -> None:
    clerk = _in(served, "clerk")
    place = _give(clerk, BROKEN)
    page = clerk.get(place).text
    assert "To be put right: 2" in page
    assert "many" in page
    assert clerk.post(f"{place}/hand-over").status == 409
    back = clerk.get(f"{place}/errors")
    assert "graduates-errors.csv" in back.headers["content-disposition"]
    lines = back.body.decode("utf-8-sig").splitlines()
    assert lines[0].endswith(",error")
    assert "credits:" in lines[2]
    assert lines[3].endswith(",")
    again = clerk.send(f"{place}/files", [("file", "graduates-errors.csv", SHEET.encode())])
    assert again.status == 303
    assert "What will happen" in clerk.get(place).text


def test_a_messy_xlsx_is_given_back_as_xlsx(served: Served) -> None:
    book = Workbook()
    for row in BROKEN.splitlines():
        book.active.append(row.split(","))
    stream = io.BytesIO()
    book.save(stream)
    clerk = _in(served, "clerk")
    place = _give(clerk, stream.getvalue(), "Abschlüsse 2026.xlsx")
    back = clerk.get(f"{place}/errors")
    table = load_workbook(io.BytesIO(back.body)).active
    assert [cell.value for cell in table[1]][-1] == "error"
    assert "credits" in str(table.cell(3, 10).value)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("graduates.pdf", b"%PDF-1.7"),
        ("graduates.xlsx", b"PK\x03\x04" + b"\0" * 400),
        ("graduates.csv", b"\xff\xfe\0\0" * 99),
        ("graduates.csv", b"\n\n\n"),
        ("../../../etc/passwd", b"root:x:0:0"),
    ],
)
def test_what_is_no_spreadsheet_is_refused_in_words(served: Served, name: str, data: bytes) -> None:
    clerk = _in(served, "clerk")
    answer = clerk.send("/schools/north/sheets/new", [("template", "", b"diploma"), ("file", name, data)])
    page = clerk.follow(answer)
    assert 'role="alert"' in page.text or "To be put right" in page.text
    assert "testamur-sheet-" not in page.text
    assert "Traceback" not in page.text


def test_the_page_of_a_row_is_a_picture_of_a_real_diploma(served: Served) -> None:
    clerk = _in(served, "clerk")
    place = _give(clerk)
    picture = clerk.get(f"{place}/rows/2.png")
    assert picture.body.startswith(b"\x89PNG")
    assert clerk.get(f"{place}/rows/4.png").status == 404


def test_a_template_that_changes_after_the_hand_over_changes_nothing(served: Served, office: Office) -> None:
    clerk, registrar = _in(served, "clerk"), _in(served, "registrar")
    draft = _hand_over(clerk, _give(clerk))
    school = office.school("north")
    assert school is not None
    path = school.templates()["diploma"]
    path.write_text(path.read_text().replace('title = "Diploma"', 'title = "Forged"'))
    registrar.post(f"{draft}/approve")
    let_work(office)
    record = next(school.ledger.each(school.did, with_forms=True))
    assert '"Forged"' not in (school.ledger.look(school.did, record.look) or "")


def test_a_registrar_sends_a_draft_back_with_a_reason(served: Served, office: Office) -> None:
    clerk, registrar = _in(served, "clerk"), _in(served, "registrar")
    draft = _hand_over(clerk, _give(clerk))
    assert registrar.post(f"{draft}/send-back", {"why": "Fatima's day is wrong"}).status == 303
    assert "Fatima&#39;s day is wrong" in clerk.get(draft).text
    assert registrar.post(f"{draft}/approve").status == 409
    other = _hand_over(clerk, _give(clerk))
    assert clerk.post(f"{other}/withdraw").status == 303
    assert registrar.post(f"{other}/approve").status == 409


def test_a_job_that_was_killed_or_lost_goes_on_and_issues_nothing_twice(
    served: Served, office: Office
) -> None:
    both = _in(served, "both")
    draft = _hand_over(both, _give(both))
    both.post(f"{draft}/approve")
    school = office.school("north")
    assert school is not None
    with office.people.writing() as connection:  # the server died between the two
        connection.exec_driver_sql("DELETE FROM jobs")
    let_work(office)
    assert "3 records were signed" in both.get(draft).text
    with office.people.writing() as connection:  # a worker that did it died before it wrote so
        connection.exec_driver_sql("UPDATE jobs SET state = 'waiting', lease = 0")
    let_work(office)
    with office.people.reading() as connection:
        number = draft.rpartition("/")[2]
        assert jobs.newest(connection, school.did, "carry out", number).state == "done"
    assert len(list(school.ledger.each(school.did))) == 3


def test_the_worker_signs_by_itself(served: Served, office: Office) -> None:
    both = _in(served, "both")
    draft = _hand_over(both, _give(both))
    worker = worker_of(office)
    worker.start()
    both.post(f"{draft}/approve")
    end = time.monotonic() + 60
    while both.get(f"{draft}/progress").json["state"] == "approved" and time.monotonic() < end:
        time.sleep(0.2)
    worker.stop()
    assert both.get(f"{draft}/progress").json["state"] == "signed"


def test_an_auditor_looks_and_touches_nothing(served: Served) -> None:
    clerk, auditor = _in(served, "clerk"), _in(served, "auditor")
    place = _give(clerk)
    assert auditor.get(place).status == 200
    for act in ("hand-over", "drop", "settings", "files"):
        assert auditor.post(f"{place}/{act}").status == 403
    draft = _hand_over(clerk, place)
    assert auditor.get(draft).status == 200
    for act in ("approve", "send-back", "withdraw"):
        assert auditor.post(f"{draft}/{act}").status == 403


def test_a_batch_is_packed_into_a_zip_for_those_who_may_hand_it_out(served: Served, office: Office) -> None:
    import zipfile

    both, auditor = _in(served, "both"), _in(served, "auditor")
    issue_sheet(office, both, "north", "diploma", SHEET, "June")
    page = both.get("/schools/north/batches?name=June")
    assert "3 records, of which 3 are valid" in page.text
    assert both.post("/schools/north/batches/files", {"name": "June", "kind": "zip"}).status == 303
    let_work(office)
    link = both.get("/schools/north/batches?name=June").text.partition('href="/schools/north/batches/files/')[
        2
    ]
    place = f"/schools/north/batches/files/{link.partition(chr(34))[0]}"
    assert auditor.get(place).status == 403
    data = both.get(place).body
    names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    assert sorted({name.rpartition(".")[2] for name in names}) == ["json", "pdf", "png"]
    assert len(names) == 9
