"""Erasing: nothing personal is left in the ledger, and the learner's own copy is answered as before."""

import gzip
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from testamur.checks import Policy
from testamur.did import Resolver
from testamur.errors import OperatorError
from testamur.fetch import Mirror, NoNetwork
from testamur.issuer.drafts import carry_out
from testamur.issuer.mailing import Addressed, contact_of, queue_letters
from testamur.issuer.outputs import Outputs
from testamur.issuer.retaining import ERASED, KEEP_DRAFTS, KEEP_RECORDS, erase, erase_again, erased_in, tidy
from testamur.issuer.signing import active_key
from testamur.publishing import GOOD_FOR, publish
from testamur.scanning import read_scan
from testamur.store import REVOCATION, Ledger
from testamur.trust import PinnedTrust, entry_from_document
from testamur.verifying import Verifier
from tests.registrar.conftest import AT, LATER, Office, ask
from tests.store.people import PEOPLE


def _issued(office: Office, count: int = 4) -> list[str]:
    number = office.prepare("person:2", office.sheet(count))
    office.ledger.drafts.approve(office.home.did, number, at=AT)
    carry_out(office.home, office.ledger, office.box, number, ask, at=AT)
    return [record.id for record in office.records()]


def _lived(office: Office) -> list[str]:
    ids = _issued(office)
    to = [Addressed(ids[1], "learner@example.org", link="https://x.example/c/1")]
    queue_letters(office.ledger, office.box, "claim", to, language="en", at=AT)
    reason = f"{PEOPLE[1]} asked for it"
    office.ledger.set_status(ids[1], REVOCATION, True, reason=reason, at=LATER)
    return ids


def _dump(ledger: Ledger, folder: Path) -> str:
    path = folder / "dump"
    path.unlink(missing_ok=True)
    ledger.backup(path)
    return gzip.decompress(path.read_bytes()).decode()


def test_nothing_of_the_person_is_left_and_the_log_stays_whole(office: Office, tmp_path: Path) -> None:
    ids = _lived(office)
    assert PEOPLE[1] in _dump(office.ledger, tmp_path)
    assert erase(office.home, office.ledger, [ids[1]], why="the learner asked", at=LATER) == [ids[1]]
    left = _dump(office.ledger, tmp_path)
    for word in (PEOPLE[1], "D-1", "S-1", "asked for it"):
        assert word not in left, word
    assert PEOPLE[2] in left
    record = office.ledger.get(ids[1])
    assert record
    assert (record.state, record.award, record.holder, record.number) == ("revoked", "Nursing", "", "")
    assert contact_of(office.ledger, office.box, ids[1]) == ""
    assert [letter.state for letter in office.ledger.outbox.listed(office.home.did)] == ["cancelled"]
    found = office.ledger.audit.verify(office.home.did)
    assert (found.problems, found.erased) == ((), 1)
    assert [entry.act for entry in office.ledger.audit.of_record(ids[1])][-1] == "erased"
    assert erase(office.home, office.ledger, [ids[1]], why="again", at=LATER) == []
    with pytest.raises(OperatorError, match="was erased"):
        Outputs(office.home, office.ledger).make(record, "json")


def test_the_file_of_the_ledger_itself_holds_nothing_any_more(small_office: Office) -> None:
    ids = _lived(small_office)
    path = Path(small_office.home.store_url.removeprefix("sqlite:///"))
    erase(small_office.home, small_office.ledger, [ids[1]], why="asked", at=LATER)
    small_office.ledger.close()
    for file in path.parent.glob("ledger.sqlite*"):
        assert PEOPLE[1].encode() not in file.read_bytes(), file
    assert sqlite3.connect(path).execute("SELECT count(*) FROM records").fetchone() == (4,)


def test_copies_that_learners_hold_are_answered_as_what_they_are(office: Office, tmp_path: Path) -> None:
    ids = _lived(office)
    outputs = Outputs(office.home, office.ledger)
    copies = {}
    for one in ids[:2]:
        record = office.ledger.get(one)
        assert record
        copies[one] = outputs.make(record, "json"), outputs.make(record, "jwt")
    before = list(office.ledger.digests(office.home.did))
    erase(office.home, office.ledger, ids[:2], why="asked", at=LATER)
    assert list(office.ledger.digests(office.home.did)) == before
    signer = office.home.signer(active_key(office.home, office.ledger, "status"), ask)
    publish(office.home.site, office.ledger, signer, tmp_path / "public", at=LATER)
    fetch = Mirror(tmp_path / "public", NoNetwork(), clock=lambda: LATER)
    school = entry_from_document(Resolver(fetch).resolve(office.home.did).document, "school", LATER)
    verifier = Verifier(Resolver(fetch), fetch, [PinnedTrust.of([school])], Policy(max_age=GOOD_FOR))
    for one, headline in zip(ids[:2], ("genuine", "revoked"), strict=True):
        for data in copies[one]:
            (found,) = read_scan(data)
            assert found.document
            assert verifier.verify(found.document, at=LATER).headline == headline


def test_an_older_backup_is_restored_without_what_was_erased_after_it(office: Office, tmp_path: Path) -> None:
    ids = _lived(office)
    office.ledger.backup(tmp_path / "older")
    erase(office.home, office.ledger, [ids[1], ids[2]], why="asked", at=LATER)
    listed = erased_in(office.home.folder / ERASED)
    assert listed == [ids[1], ids[2]]
    with Ledger.restore(tmp_path / "older", f"sqlite:///{tmp_path / 'again.sqlite'}") as again:
        assert PEOPLE[1] in _dump(again, tmp_path)
        assert erase_again(office.home, again, [*listed, "urn:uuid:later"], at=LATER) == 2
        left = _dump(again, tmp_path)
        assert PEOPLE[1] not in left
        assert PEOPLE[2] not in left
        assert again.audit.verify(office.home.did).problems == ()


def test_what_is_past_its_time_goes_as_the_organisation_decided(office: Office) -> None:
    ids = _lived(office)
    office.prepare("person:2", office.sheet(5, name="forgotten"))
    assert tidy(office.home, office.ledger, at=AT + timedelta(days=30)).drafts == 0
    office.ledger.registry.set_setting(office.home.did, KEEP_DRAFTS, "60", at=AT)
    done = tidy(office.home, office.ledger, at=AT + timedelta(days=500))
    assert (done.drafts, done.contacts, done.records) == (1, 1, 0)
    office.ledger.registry.set_setting(office.home.did, KEEP_RECORDS, "10", at=AT)
    assert tidy(office.home, office.ledger, at=AT + timedelta(days=3000)).records == 0
    assert tidy(office.home, office.ledger, at=AT + timedelta(days=3700)).records == 4
    assert office.ledger.registry.erased(office.home.did) == ids
    assert {record.holder for record in office.records()} == {""}
    assert office.ledger.audit.verify(office.home.did).problems == ()
