"""A correction is one transaction, and everywhere the old copy is answered as replaced by a corrected one."""

import csv
import io
import os
from multiprocessing import get_context
from pathlib import Path

import pytest

from testamur.checks import Policy
from testamur.crashpoints import VARIABLE
from testamur.credentials import Template, shipped_template, values_of
from testamur.did import Resolver
from testamur.errors import OperatorError, Refused, RowMismatch
from testamur.fetch import Mirror, NoNetwork
from testamur.home import Home
from testamur.issuer.correcting import changed_values, correct, values_in
from testamur.issuer.drafts import box_of, carry_out, prepare_correction
from testamur.issuer.outputs import Outputs
from testamur.issuer.signing import active_key
from testamur.jsontext import parse_object
from testamur.publishing import GOOD_FOR, publish
from testamur.rows import check_rows, join_courses, read_course_rows
from testamur.scanning import read_scan
from testamur.spreadsheets import read_rows
from testamur.store.drafts import TWO_PERSONS
from testamur.trust import PinnedTrust, entry_from_document
from testamur.verifying import Verifier
from tests.registrar.conftest import AT, LATER, PASSPHRASE, Office, ask

SPAWN = get_context("spawn")


def _issued(office: Office, count: int = 3) -> list[str]:
    number = office.prepare("person:2", office.sheet(count))
    office.ledger.drafts.approve(office.home.did, number, at=AT)
    carry_out(office.home, office.ledger, office.box, number, ask, at=AT)
    return [record.id for record in office.records()]


def _correct(office: Office, record_id: str, **cells: str):
    record = office.ledger.get(record_id)
    assert record
    values = changed_values(office.template, record, cells)
    return correct(office.home, office.ledger, record_id, values, ask, reason="a wrong grade", at=LATER)


def test_a_corrected_copy_says_what_the_old_one_said_but_for_the_correction(office: Office) -> None:
    first, *_ = _issued(office)
    new = _correct(office, first, grade="Distinction")
    old = office.ledger.get(first)
    assert old
    assert (old.state, old.replaced_by) == ("replaced", new.id)
    assert (new.row_key, new.batch, new.template) == ("S-0", "june", "diploma")
    before = values_in(office.template, old)
    after = values_in(office.template, new)
    assert after == before | {"result.grade": "Distinction"}
    told = [(entry.act, entry.why) for entry in office.ledger.audit.of_record(first)]
    assert told[-1] == ("replaced", "a wrong grade")
    assert office.ledger.audit.verify(office.home.did).problems == ()


def test_paper_full_form_and_offline_answers_all_say_replaced_by_a_corrected_copy(
    office: Office, tmp_path: Path
) -> None:
    first, *_ = _issued(office)
    old = office.ledger.get(first)
    assert old
    outputs = Outputs(office.home, office.ledger)
    sources = {"paper.jwt": outputs.make(old, "jwt"), "full.json": outputs.make(old, "json"),
               "page.pdf": outputs.make(old, "pdf")}  # fmt: skip
    new = _correct(office, first, name="አበበ በቀለ")
    signer = office.home.signer(active_key(office.home, office.ledger, "status"), ask)
    publish(office.home.site, office.ledger, signer, tmp_path / "public", at=LATER)
    fetch = Mirror(tmp_path / "public", NoNetwork(), clock=lambda: LATER)
    school = entry_from_document(Resolver(fetch).resolve(office.home.did).document, "school", LATER)
    verifier = Verifier(Resolver(fetch), fetch, [PinnedTrust.of([school])], Policy(max_age=GOOD_FOR))
    for name, data in sources.items():
        documents = [found.document for found in read_scan(data, name) if found.document]
        assert documents, name
        for document in documents:
            report = verifier.verify(document, at=LATER)
            assert report.headline == "replaced", (name, report.to_text())
            assert "replaced it by a corrected copy" in report.to_text()
    for found in read_scan(outputs.make(new, "json"), "new.json"):
        assert found.document
        assert verifier.verify(found.document, at=LATER).headline == "genuine"


def test_the_sheet_put_right_counts_as_issued_after_a_correction(office: Office) -> None:
    first, *_ = _issued(office)
    _correct(office, first, grade="Distinction")
    number = office.prepare("person:2", office.sheet(3, grades={0: "Distinction"}, name="right"))
    office.ledger.drafts.approve(office.home.did, number, at=LATER)
    carry_out(office.home, office.ledger, office.box, number, ask, at=LATER)
    assert len(office.records()) == 4


def test_a_correction_is_refused_where_it_makes_no_sense(office: Office) -> None:
    first, second, third = _issued(office)
    with pytest.raises(OperatorError, match="no column 'greade'"):
        _correct(office, first, greade="Pass")
    with pytest.raises(RowMismatch, match="must not be empty"):
        _correct(office, first, name=" ")
    with pytest.raises(RowMismatch, match="awarded"):
        _correct(office, first, awarded="yesterday")
    office.ledger.set_status(second, "revocation", True, reason="issued_in_error", at=LATER)
    with pytest.raises(Refused, match="is revoked"):
        _correct(office, second, grade="Pass")
    _correct(office, third, grade="Pass")
    with pytest.raises(Refused, match="is replaced"):
        _correct(office, third, grade="Merit")
    (office.home.templates_folder / "diploma.toml").unlink()
    with pytest.raises(OperatorError, match="template 'diploma' of"):
        correct(office.home, office.ledger, first, {}, ask, reason="x", at=LATER)


def test_a_correction_that_needs_two_persons_waits_for_the_second(office: Office) -> None:
    first, *_ = _issued(office)
    office.ledger.registry.set_setting(office.home.did, TWO_PERSONS, "correct", at=AT)
    record = office.ledger.get(first)
    assert record
    values = changed_values(office.template, record, {"grade": "Distinction"})
    by = office.by("person:2")
    number = prepare_correction(office.home, by, office.box, first, values, reason="wrong", at=AT)
    with pytest.raises(Refused):
        by.drafts.approve(office.home.did, number, at=LATER)
    office.by("person:3").drafts.approve(office.home.did, number, at=LATER)
    carry_out(office.home, office.by("person:3"), office.box, number, ask, at=LATER)
    assert [record.state for record in office.records()] == ["replaced", "valid", "valid", "valid"]


def _killed(folder: str, number: int, crash_at: str) -> None:
    os.environ[VARIABLE] = crash_at
    home = Home.load(Path(folder))
    with home.ledger(by="server") as ledger:
        carry_out(home, ledger, box_of(home, PASSPHRASE), number, ask, at=LATER)


@pytest.mark.parametrize("moment", ["recording", "recorded"])
def test_a_correction_that_was_killed_is_done_once_or_not_yet(office: Office, moment: str) -> None:
    first, *_ = _issued(office)
    record = office.ledger.get(first)
    assert record
    values = changed_values(office.template, record, {"grade": "Distinction"})
    number = prepare_correction(office.home, office.ledger, office.box, first, values, reason="x", at=AT)
    office.ledger.drafts.approve(office.home.did, number, at=AT)
    process = SPAWN.Process(target=_killed, args=(str(office.home.folder), number, moment))
    process.start()
    process.join(60)
    assert process.exitcode == -9
    done = moment == "recorded"
    assert (office.ledger.drafts.get(office.home.did, number).state == "signed") == done
    assert len(office.records()) == 3 + done
    if not done:
        carry_out(office.home, office.ledger, office.box, number, ask, at=LATER)
    assert [record.state for record in office.records()] == ["replaced", "valid", "valid", "valid"]


def _fill(template: Template, row: dict[str, str]):
    return template.fill(row, line=2, issuer_id="did:web:x.example", issuer_name="X",
                         issuer_url="https://x.example", record_id="urn:uuid:1", at=AT)  # fmt: skip


def _csv(row: dict[str, str]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerows([list(row), list(row.values())])
    return text.getvalue()


def test_what_a_record_says_goes_back_to_the_places_of_its_row() -> None:
    template = Template.load(shipped_template("diploma"))
    row = {"student_number": "7", "name": "فاطمة", "name_latin": "Fatima", "programme": "Nursing",
           "field": "Health", "grade": "Pass", "credits": "12.5", "awarded": "2026-07-03",
           "diploma_number": "D-7"}  # fmt: skip
    values, _ = template.read(row, 2)
    del values["nothing.student_number"]
    assert values_of(template, _fill(template, row)) == values


def test_a_transcripts_courses_go_back_too(tmp_path: Path) -> None:
    template = Template.load(shipped_template("transcript"))
    assert template.courses
    key = template.columns[0].name
    row = {column.name: column.example or "x" for column in template.columns}
    (tmp_path / "l.csv").write_text(_csv(row), "utf-8")
    course = {column.name: column.example or "x" for column in template.courses.columns}
    (tmp_path / "c.csv").write_text(_csv({key: row[key]} | course), "utf-8")
    courses = read_course_rows(read_rows(tmp_path / "c.csv"), template.courses, key)
    assert courses.errors == ()
    joined, _ = join_courses(read_rows(tmp_path / "l.csv"), courses, key)
    checked = check_rows(joined, template, key=key)
    assert checked.errors == ()
    (row,) = checked.rows()
    values, _ = template.read(row.cells, 2)
    said = {place: value for place, value in values.items() if not place.startswith("nothing")}
    found = values_of(template, _fill(template, row.cells))
    assert parse_object('{"c":' + str(found.pop("courses")) + "}") == parse_object(
        '{"c":' + str(said.pop("courses")) + "}"
    )
    assert found == said
