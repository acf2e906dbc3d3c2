"""The audit log on both databases: what is told, and that no change of log or ledger goes unseen."""

import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from testamur.errors import OperatorError, Refused
from testamur.store import REVOCATION, SUSPENSION, Form, KeyEntry, Ledger
from testamur.store.audit.exported import verify_export
from tests.store.people import AT, LATER, PEOPLE, SCHOOL, a_record, issue

OTHER = "did:web:other.example.org"


@pytest.fixture
def ledger(ledger_url: str) -> Iterator[Ledger]:
    with Ledger.open(ledger_url, by="person:7") as opened:
        yield opened


def _lived(ledger: Ledger) -> list[str]:
    """A school year: a key, ten records, one corrected, one suspended and back, one revoked."""
    ledger.add_key(SCHOOL, KeyEntry(id="key-1", multikey="z6Mk1", algorithm="Ed25519", created=AT))
    new = issue(ledger, range(10))
    (slot,) = ledger.reserve(SCHOOL, REVOCATION, 1)
    ledger.by("person:8", why="the grade was wrong").record(
        [a_record(0, (slot,), id="urn:uuid:corrected", replaces=new[0].id)]
    )
    pair = (*ledger.reserve(SCHOOL, REVOCATION, 1), *ledger.reserve(SCHOOL, SUSPENSION, 1))
    ledger.record([a_record(20, pair)])
    licence = "urn:uuid:00000000-0000-4000-8000-000000000020"
    ledger.set_status(licence, SUSPENSION, True, reason="under inquiry", at=LATER)
    ledger.set_status(licence, SUSPENSION, False, reason="cleared", at=LATER)
    ledger.set_status(new[3].id, REVOCATION, True, reason="issued_in_error", at=LATER)
    ledger.add_form(new[4].id, Form("dc+sd-jwt", "dc+sd-jwt", "a~b~"), at=LATER)
    ledger.hide(new[5].id, LATER)
    ledger.retire_key(SCHOOL, "key-1", LATER)
    ledger.audit.note(SCHOOL, "published", at=LATER)
    return [record.id for record in new]


def _sql(ledger: Ledger, statement: str) -> None:
    with ledger._writing() as connection:
        connection.execute(text(statement))


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("lived") / "ledger.sqlite"
    with Ledger.open(f"sqlite:///{path}", by="person:7") as ledger:
        _lived(ledger)
    return path


def test_every_act_is_told_with_who_when_and_why_and_nobodys_name(ledger: Ledger) -> None:
    ids = _lived(ledger)
    entries = list(ledger.audit.entries(SCHOOL))
    assert [(entry.act, entry.subject, entry.who, entry.why) for entry in entries] == [
        ("begun", "", "person:7", ""),
        ("key_added", "key-1", "person:7", ""),
        ("issued", "graduates", "person:7", ""),
        ("issued", "urn:uuid:corrected", "person:8", "the grade was wrong"),
        ("replaced", ids[0], "person:8", "the grade was wrong"),
        ("issued", "urn:uuid:00000000-0000-4000-8000-000000000020", "person:7", ""),
        ("suspended", "urn:uuid:00000000-0000-4000-8000-000000000020", "person:7", "under inquiry"),
        ("reinstated", "urn:uuid:00000000-0000-4000-8000-000000000020", "person:7", "cleared"),
        ("revoked", ids[3], "person:7", "issued_in_error"),
        ("form_added", ids[4], "person:7", ""),
        ("hidden", ids[5], "person:7", ""),
        ("key_retired", "key-1", "person:7", ""),
        ("published", "", "person:7", ""),
    ]
    said = "\n".join(ledger.audit.export(SCHOOL))
    assert not any(name in said for name in PEOPLE)
    assert "2026/0003" not in said
    assert "S-0003" not in said
    assert [entry.at for entry in entries][-1] == LATER


def test_a_log_that_nobody_touched_is_whole_and_agrees_with_the_ledger(ledger: Ledger) -> None:
    _lived(ledger)
    found = ledger.audit.verify(SCHOOL)
    assert found.problems == ()
    assert found.head == ledger.audit.head(SCHOOL)
    assert found.head.number == 13


def test_one_record_is_told_from_its_issue_to_its_end(ledger: Ledger) -> None:
    ids = _lived(ledger)
    assert [entry.act for entry in ledger.audit.of_record(ids[3])] == ["issued", "revoked"]
    assert [entry.act for entry in ledger.audit.of_record("urn:uuid:corrected")] == ["issued"]
    assert ledger.audit.of_record("urn:uuid:nobody") == []


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE audit SET who = 'person:1' WHERE number = 9", "entry 9 (revoked) was changed"),
        ("UPDATE audit SET why = 'lapsed' WHERE number = 9", "entry 9 (revoked) was changed"),
        ("UPDATE audit SET why = 'never asked', why_salt = x'' WHERE number = 9", "entry 9 (revoked) was changed"),
        ("UPDATE audit SET at = at + 1 WHERE number = 5", "entry 5 (replaced) was changed"),
        ("UPDATE audit SET subject = 'x' WHERE number = 9", "entry 9 (revoked) was changed"),
        ("DELETE FROM audit WHERE number = 6", "entry 6 is missing"),
        ("DELETE FROM audit WHERE number = 1", "entry 1 is missing"),
        ("UPDATE forms SET digest = (SELECT digest FROM forms ORDER BY record, name LIMIT 1)"
         " WHERE name = 'paper'", "are not what was issued"),
        ("UPDATE records SET id = 'urn:uuid:forged' WHERE row_key = 'S-0007'", "are not what was issued"),
        ("UPDATE status_slots SET event = NULL", "is not set in the ledger"),
        ("DELETE FROM status_slots WHERE record = 4", "is not set in the ledger"),
        ("INSERT INTO status_events (id, record, purpose, value, reason, at)"
         " VALUES (99, 8, 'revocation', true, '', 1)", "changes of status, the log tells of"),
        ("UPDATE status_slots SET event = (SELECT min(id) FROM status_events) WHERE record = 8",
         "the log tells nothing of it"),
    ],
)  # fmt: skip
def test_what_was_altered_behind_the_logs_back_is_found(
    lived: Path, tmp_path: Path, statement: str, says: str
) -> None:
    copy = shutil.copy(lived, tmp_path / "ledger.sqlite")
    with Ledger.open(f"sqlite:///{copy}") as ledger:
        _sql(ledger, statement)
        assert any(says in problem for problem in ledger.audit.verify(SCHOOL).problems)


@pytest.mark.parametrize("change", ["detail = 'x'", "detail = '[]'", "at = 99999999999999999"])
def test_an_entry_that_cannot_be_read_any_more_is_said_to_be_changed(
    lived: Path, tmp_path: Path, change: str
) -> None:
    copy = shutil.copy(lived, tmp_path / "ledger.sqlite")
    with Ledger.open(f"sqlite:///{copy}") as ledger:
        _sql(ledger, f"UPDATE audit SET {change} WHERE number = 9")
        with pytest.raises(OperatorError, match="entry 9 of the audit log was changed"):
            ledger.audit.verify(SCHOOL)


def test_a_log_that_was_written_anew_and_says_too_little_is_no_traceback(ledger: Ledger) -> None:
    _lived(ledger)
    ledger.audit.note(SCHOOL, "issued", at=LATER)
    assert any("written anew" in problem for problem in ledger.audit.verify(SCHOOL).problems)


def test_a_record_that_was_slipped_in_is_found(ledger: Ledger) -> None:
    _lived(ledger)
    columns = (
        "organisation, template, template_version, row_digest, issued_at, valid_from, holder, holder_latin,"
        " award, number, search, state"
    )
    _sql(
        ledger,
        f"INSERT INTO records (serial, id, row_key, {columns}) SELECT 999, 'urn:x', '', {columns}"
        " FROM records WHERE row_key = 'S-0007'",
    )
    assert "the ledger has 13 records, the log tells of 12" in ledger.audit.verify(SCHOOL).problems


def test_a_log_that_was_cut_at_its_end_is_found_by_the_head_that_was_noted(ledger: Ledger) -> None:
    _lived(ledger)
    noted = ledger.audit.head(SCHOOL).text
    _sql(ledger, "DELETE FROM audit WHERE number > 11")
    assert ledger.audit.verify(SCHOOL).problems == ()  # nothing inside the ledger could tell
    (problem,) = ledger.audit.verify(SCHOOL, noted=noted).problems
    assert "it was cut or written anew" in problem


def test_a_log_that_was_written_anew_is_found_by_a_head_noted_in_its_middle(ledger: Ledger) -> None:
    _lived(ledger)
    noted = ledger.audit.head(SCHOOL).text
    _sql(ledger, "DELETE FROM audit")
    for number in range(20):
        ledger.audit.note(SCHOOL, "published", at=LATER, detail={"number": number})
    (problem,) = ledger.audit.verify(SCHOOL, noted=noted).problems
    assert "it was cut or written anew" in problem


def test_a_head_noted_long_ago_is_still_in_a_log_that_went_on(ledger: Ledger) -> None:
    ledger.audit.note(SCHOOL, "published", at=AT)
    noted = ledger.audit.head(SCHOOL).text
    _lived(ledger)
    assert ledger.audit.verify(SCHOOL, noted=noted).problems == ()


def test_an_act_that_fails_is_not_told_and_one_that_changes_nothing_neither(ledger: Ledger) -> None:
    ids = _lived(ledger)
    before = ledger.audit.head(SCHOOL)
    with pytest.raises(Refused):
        ledger.set_status(ids[3], REVOCATION, False, reason="", at=LATER)
    assert not ledger.set_status(ids[3], REVOCATION, True, reason="again", at=LATER)
    assert ledger.audit.head(SCHOOL) == before


def test_logs_of_two_organisations_are_two_chains(ledger: Ledger) -> None:
    _lived(ledger)
    ledger.audit.note(OTHER, "published", at=AT)
    assert [entry.number for entry in ledger.audit.entries(OTHER)] == [1, 2]
    assert ledger.audit.verify(OTHER).problems == ()
    _sql(ledger, "DELETE FROM audit WHERE organisation = 1")
    _sql(ledger, "UPDATE audit SET organisation = 1")
    (problem,) = ledger.audit.verify(SCHOOL).problems
    assert problem == f"the log is that of {OTHER}, not of {SCHOOL}"


def test_a_school_that_moved_keeps_its_log(ledger: Ledger) -> None:
    _lived(ledger)
    ledger.rename(SCHOOL, OTHER, at=LATER)
    ledger.rename(SCHOOL, OTHER, at=LATER)
    assert ledger.audit.verify(OTHER).problems == ()
    assert [entry.act for entry in ledger.audit.entries(OTHER)][-1] == "renamed"


def test_a_log_that_begins_in_a_ledger_of_an_older_testamur_counts_what_was_there(ledger: Ledger) -> None:
    ids = _lived(ledger)
    _sql(ledger, "DELETE FROM audit")
    issue(ledger, range(50, 53))
    ledger.set_status(ids[6], REVOCATION, True, reason="", at=LATER)
    begun = next(ledger.audit.entries(SCHOOL))
    assert begun.detail == {"organisation": SCHOOL, "records": 12, "events": 4}
    assert ledger.audit.verify(SCHOOL).problems == ()


def test_many_writers_at_once_make_one_chain(ledger: Ledger) -> None:
    def write(who: int) -> None:
        for number in range(10):
            issue(ledger.by(f"person:{who}"), range(who * 100 + number, who * 100 + number + 1))

    threads = [threading.Thread(target=write, args=(who,)) for who in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = ledger.audit.verify(SCHOOL)
    assert (found.problems, found.head.number) == ((), 41)


def test_an_exported_log_is_checked_without_the_ledger(ledger: Ledger, tmp_path: Path) -> None:
    _lived(ledger)
    lines = list(ledger.audit.export(SCHOOL))
    path = tmp_path / "log.jsonl"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    assert verify_export(path).problems == ()
    assert verify_export(path).head == ledger.audit.head(SCHOOL)
    path.write_text("\n".join(lines[:-1]) + "\n", "utf-8")
    assert verify_export(path).problems == ("the file was cut: its last line does not count the entries",)
    path.write_text("\n".join([*lines[:9], *lines[10:]]) + "\n", "utf-8")
    assert verify_export(path).problems == ("entry 9 is missing: 10 follows 8",)
    path.write_text("\n".join([*lines, lines[9]]) + "\n", "utf-8")
    assert verify_export(path).problems == ("something stands after the end of the log",)
    forged = json.loads(lines[9]) | {"why": "never asked", "why_salt": ""}
    path.write_text("\n".join([*lines[:9], json.dumps(forged), *lines[10:]]) + "\n", "utf-8")
    assert verify_export(path).problems == ("entry 9 (revoked) was changed, or one before it",)
    changed = json.loads(lines[9]) | {"who": "person:1"}
    path.write_text("\n".join([*lines[:9], json.dumps(changed), *lines[10:]]) + "\n", "utf-8")
    assert verify_export(path).problems == ("entry 9 (revoked) was changed, or one before it",)


def test_a_restored_ledger_has_its_log(ledger: Ledger, tmp_path: Path) -> None:
    _lived(ledger)
    ledger.backup(tmp_path / "backup")
    with Ledger.restore(tmp_path / "backup", f"sqlite:///{tmp_path / 'again.sqlite'}") as again:
        assert again.audit.verify(SCHOOL, noted=ledger.audit.head(SCHOOL).text).problems == ()
        again.audit.note(SCHOOL, "restored", at=LATER)
        assert again.audit.verify(SCHOOL).problems == ()
