import json
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from testamur.issuer.desk.office import Office
from testamur.issuer.desk.publishing_acts import RENEW_AFTER
from tests.issuer.conftest import SHEET
from tests.issuer.desk.offices import Browser, add_person, desk_of, issue_sheet, let_work, make_office
from tests.served import Served


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = make_office(tmp_path / "desk", "north", templates=["diploma"])
    everything = ("clerk", "registrar", "auditor", "administrator")
    add_person(office, "all@north.example", office.school("north"), *everything)
    return office


@pytest.fixture
def served(office: Office) -> Iterator[Served]:
    with desk_of(office) as served:
        yield served


@pytest.fixture
def browser(served: Served, office: Office) -> Browser:
    browser = Browser(served)
    browser.sign_in("all@north.example")
    browser.get("/schools/north")
    issue_sheet(office, browser, "north", "diploma", SHEET, "June")
    return browser


def test_what_is_published_is_written_renewed_before_it_expires_and_after_each_change(
    browser: Browser, office: Office
) -> None:
    school = office.school("north")
    assert school is not None
    let_work(office)
    assert school.home.published is None  # nobody asked for it yet
    assert "never" in browser.get("/schools/north/publishing").text
    browser.post("/schools/north/publishing")
    let_work(office)
    page = browser.get("/schools/north/publishing").text
    folder = school.home.folder / "public"
    assert (folder / ".well-known/did.json").is_file()
    assert "status/1.json" in page
    first = (folder / "status/1.json").read_bytes()
    let_work(office)
    assert (folder / "status/1.json").read_bytes() == first
    record = next(school.ledger.each(school.did))
    time.sleep(1.1)  # changes are kept by the second
    place = f"/schools/north/records/{record.id.removeprefix('urn:uuid:')}"
    browser.post(f"{place}/revoke", {"reason": "issued_in_error"})
    assert "not published yet" in browser.get(place).text
    let_work(office)
    assert "not published yet" not in browser.get(place).text
    second = (folder / "status/1.json").read_bytes()
    assert second != first
    month = school.home.published - RENEW_AFTER - timedelta(minutes=1)
    school.home.note_published(month)
    let_work(office)
    assert school.home.published > month


def test_a_folder_that_cannot_be_written_is_told(browser: Browser, office: Office) -> None:
    school = office.school("north")
    assert school is not None
    (school.home.folder / "public").write_text("a file")
    answer = browser.post("/schools/north/publishing")
    assert answer.status == 409
    assert 'role="alert"' in answer.text


def test_the_log_tells_who_did_what_and_finds_what_was_changed(browser: Browser, office: Office) -> None:
    page = browser.get("/schools/north/audit").text
    for words in ("Handed over for approval", "Approved", "Issued", "A key was made"):
        assert words in page
    assert "The log is whole" in browser.post("/schools/north/audit/verify").text
    lines = [json.loads(line) for line in browser.get("/schools/north/audit/log.jsonl").text.splitlines()]
    assert lines[-1]["entries"] == len(lines) - 2
    assert not [line for line in lines if "Quiroga" in json.dumps(line, ensure_ascii=False)]
    with office.people.writing() as connection:
        connection.exec_driver_sql("UPDATE audit SET who = 'person:99' WHERE act = 'draft_approved'")
    assert "The log is whole" not in browser.post("/schools/north/audit/verify").text


def test_the_administrator_decides_what_needs_two_people(browser: Browser, office: Office) -> None:
    assert browser.post("/schools/north/settings", [("two", "issue"), ("two", "undo")]).status == 200
    school = office.school("north")
    assert school is not None
    assert school.ledger.registry.settings(school.did)["two_persons"] == "issue undo"
    assert "A setting was changed" in browser.get("/schools/north/audit").text


def test_two_processes_do_a_job_once(browser: Browser, office: Office) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from testamur.issuer.desk.works import worker_of

    other = Office.open(office.folder, office.passphrase)
    browser.post("/schools/north/batches/files", {"name": "June", "kind": "zip"})
    with ThreadPoolExecutor(2) as pool:
        worked = list(pool.map(lambda one: worker_of(one).work_once(), (office, other)))
    assert sorted(worked) in ([False, True], [True, True])
    assert len(list((office.folder / "made").iterdir())) == 1
    other.close()
    assert (office.folder / "made").stat().st_mode & 0o077 == 0


def test_people_are_invited_given_roles_and_let_go(browser: Browser, served: Served, office: Office) -> None:
    import re

    assert browser.post("/schools/north/people/invite", {"email": "new@north.example"}).status == 400
    assert (
        browser.post("/schools/north/people/invite", {"email": "no address", "role": "clerk"}).status == 400
    )
    fields = [("email", "new@north.example"), ("role", "clerk"), ("role", "auditor")]
    found = re.search(
        r'value="[^"]*(/join/[^"]+)"', browser.post("/schools/north/people/invite", fields).text
    )
    assert found
    new = Browser(served)
    assert new.post(found[1], {"name": "Dawit", "password": "eleven small stones"}).status == 303
    assert "Sheets" in new.get("/schools/north").text or new.get("/schools/north/sheets").status == 200
    with office.people.reading() as connection:
        from testamur.store.desk import members

        person = members.find_email(connection, "new@north.example")
    assert person is not None
    assert browser.post(f"/schools/north/people/{person.id}", {"role": "auditor"}).status == 303
    assert new.get("/schools/north/sheets/new").status == 403
    assert browser.post(f"/schools/north/people/{person.id}").status == 303
    assert new.get("/schools/north").status == 404
    browser.post("/schools/north/people/invite", [("email", "late@north.example"), ("role", "clerk")])
    assert "late@north.example" in browser.get("/schools/north/people").text
    browser.post("/schools/north/people/withdraw", {"email": "late@north.example"})
    assert "late@north.example" not in browser.get("/schools/north/people").text
    log = browser.get("/schools/north/audit").text
    assert "Somebody was invited" in log
    assert "Roles were changed" in log
