"""A whole home restored on an empty machine: what was prepared is signed there, what was queued is sent there."""

from pathlib import Path

from testamur.backup import restore_backup, write_backup
from testamur.issuer.drafts import box_of, carry_out
from testamur.issuer.mailing import Addressed, contact_of, queue_letters
from testamur.issuer.retaining import ERASED, erase, erased_in
from testamur.store.drafts import TWO_PERSONS
from tests.registrar.conftest import AT, LATER, PASSPHRASE, Office, ask


def test_everything_of_the_registry_office_comes_back(office: Office, tmp_path: Path) -> None:
    did = office.home.did
    number = office.prepare("person:2", office.sheet(4))
    office.ledger.drafts.approve(did, number, at=AT)
    carry_out(office.home, office.ledger, office.box, number, ask, at=AT)
    ids = [record.id for record in office.records()]
    office.ledger.registry.set_setting(did, TWO_PERSONS, "issue", at=AT)
    to = [Addressed(ids[0], "learner@example.org", link="https://x.example/c/1")]
    queue_letters(office.ledger, office.box, "claim", to, language="en", at=AT)
    erase(office.home, office.ledger, ids[3:], why="asked", at=AT)
    waiting = office.prepare("person:2", office.sheet(9), batch="july")
    head = office.ledger.audit.head(did).text
    write_backup(office.home, tmp_path / "backup", PASSPHRASE)

    there = tmp_path / "empty"
    home = restore_backup(
        tmp_path / "backup", there, lambda: PASSPHRASE, store=f"sqlite:///{tmp_path / 'again.sqlite'}"
    )
    box = box_of(home, PASSPHRASE)
    with home.ledger(by="person:3") as ledger:
        assert ledger.audit.verify(did, noted=head).problems == ()
        assert ledger.registry.settings(did) == {TWO_PERSONS: "issue"}
        assert contact_of(ledger, box, ids[0]) == "learner@example.org"
        assert [letter.state for letter in ledger.outbox.listed(did)] == ["queued"]
        assert ledger.outbox.take(did, at=AT) is not None
        assert ledger.registry.erased(did) == ids[3:]
        assert erased_in(there / ERASED) == ids[3:]
        ledger.drafts.approve(did, waiting, at=LATER)
        assert carry_out(home, ledger, box, waiting, ask, at=LATER).state == "signed"
        assert len(list(ledger.each(did))) == 4 + 6  # three rows have a record, the erased one counts as new
        assert ledger.audit.verify(did).problems == ()
    assert office.ledger.drafts.get(did, waiting).state == "prepared"
