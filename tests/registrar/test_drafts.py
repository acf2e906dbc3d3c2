"""What one person prepares and another approves; a killed server goes on, and nothing is issued twice."""

import os
import random
import signal
import time
from multiprocessing import get_context
from pathlib import Path

import pytest

from testamur.crashpoints import VARIABLE
from testamur.errors import OperatorError, Refused, TestamurError
from testamur.home import Home
from testamur.issuer.drafts import (
    box_of,
    carry_out,
    prepare_revocation,
    prepare_undoing,
    resume,
)
from testamur.store.drafts import TWO_PERSONS
from tests.registrar.conftest import AT, LATER, PASSPHRASE, Office, ask
from tests.store.people import PEOPLE

FORK = get_context("spawn")


def test_a_sheet_is_prepared_approved_by_another_and_signed(office: Office) -> None:
    office.ledger.registry.set_setting(office.home.did, TWO_PERSONS, "issue revoke", at=AT)
    number = office.prepare("person:2", office.sheet(60))
    draft = office.ledger.drafts.get(office.home.did, number)
    assert (draft.state, draft.prepared_by, draft.rows) == ("prepared", "person:2", 60)
    with pytest.raises(Refused, match="another one has to approve it"):
        office.by("person:2").drafts.approve(office.home.did, number, at=LATER)
    with pytest.raises(Refused, match="not approved"):
        carry_out(office.home, office.by("person:3"), office.box, number, ask, at=LATER)
    approved = office.by("person:3").drafts.approve(office.home.did, number, at=LATER)
    assert (approved.state, approved.approved_by, approved.done) == ("approved", "person:3", 0)
    seen: list[int] = []

    def progress(done: int, total: int, rate: float) -> None:
        seen.append(office.ledger.drafts.get(office.home.did, number).done)

    done = carry_out(office.home, office.by("person:3"), office.box, number, ask, at=LATER, progress=progress)
    assert (done.state, done.done) == ("signed", 60)
    assert seen[-1] == 60
    assert 25 in seen
    made = office.records()
    assert {record.holder for record in made} == set(PEOPLE)
    assert {record.issued_at for record in made} == {LATER}
    told = [(entry.act, entry.who) for entry in office.ledger.audit.entries(office.home.did)][-6:]
    assert told == [
        ("draft_prepared", "person:2"),
        ("draft_approved", "person:3"),
        *[("issued", "person:3")] * 3,
        ("draft_signed", "person:3"),
    ]
    assert office.ledger.audit.verify(office.home.did).problems == ()


def test_without_the_setting_one_person_does_both(office: Office) -> None:
    number = office.prepare("person:2", office.sheet(3))
    office.by("person:2").drafts.approve(office.home.did, number, at=LATER)
    assert carry_out(office.home, office.ledger, office.box, number, ask, at=LATER).state == "signed"


def test_what_a_draft_would_issue_lies_sealed_and_is_gone_at_its_end(office: Office, tmp_path: Path) -> None:
    number = office.prepare("person:2", office.sheet(30))
    kept = office.ledger.drafts.task(office.ledger.drafts.get(office.home.did, number))
    assert len(kept) > 1000
    office.ledger.backup(tmp_path / "backup")
    import gzip

    everything = gzip.decompress((tmp_path / "backup").read_bytes()).decode()
    assert not any(name in everything for name in PEOPLE)
    assert "D-17" not in everything
    other = box_of(office.home, "another passphrase")
    office.ledger.drafts.approve(office.home.did, number, at=LATER)
    with pytest.raises(OperatorError, match="does not open"):
        carry_out(office.home, office.ledger, other, number, ask, at=LATER)
    assert office.records() == []
    assert "does not open" in office.ledger.drafts.get(office.home.did, number).note
    office.ledger.drafts.send_back(office.home.did, number, "the wrong sheet", at=LATER)
    draft = office.ledger.drafts.get(office.home.did, number)
    assert (draft.state, draft.note) == ("returned", "the wrong sheet")
    assert office.ledger.drafts.task(draft) == b""
    with pytest.raises(OperatorError, match="are gone"):
        office.ledger.drafts.part(draft, 1)


def test_a_draft_that_is_at_its_end_is_not_moved_on(office: Office) -> None:
    number = office.prepare("person:2", office.sheet(3))
    office.ledger.drafts.withdraw(office.home.did, number, at=AT)
    for act in (
        lambda: office.ledger.drafts.approve(office.home.did, number, at=LATER),
        lambda: office.ledger.drafts.withdraw(office.home.did, number, at=LATER),
        lambda: office.ledger.drafts.send_back(office.home.did, number, "", at=LATER),
        lambda: carry_out(office.home, office.ledger, office.box, number, ask, at=LATER),
    ):
        with pytest.raises(Refused):
            act()
    with pytest.raises(OperatorError, match="there is no draft"):
        office.ledger.drafts.get("did:web:other.example.org", number)


def test_a_revocation_waits_for_its_approval_and_happens_once(office: Office) -> None:
    number = office.prepare("person:2", office.sheet(3))
    office.ledger.drafts.approve(office.home.did, number, at=AT)
    carry_out(office.home, office.ledger, office.box, number, ask, at=AT)
    ids = [record.id for record in office.records()]
    wish = prepare_revocation(
        office.home, office.by("person:2"), office.box, ids[:2], reason="issued_in_error", at=AT
    )
    assert {record.state for record in office.records()} == {"valid"}
    office.by("person:3").drafts.approve(office.home.did, wish, at=LATER)
    assert carry_out(office.home, office.by("person:3"), office.box, wish, ask, at=LATER).state == "signed"
    assert [record.state for record in office.records()] == ["revoked", "revoked", "valid"]
    with pytest.raises(Refused):
        carry_out(office.home, office.by("person:3"), office.box, wish, ask, at=LATER)


def test_a_batch_that_is_undone_can_be_issued_again(office: Office) -> None:
    for grades in ({}, {1: "Distinction"}):
        number = office.prepare("person:2", office.sheet(4, grades=grades))
        office.ledger.drafts.approve(office.home.did, number, at=AT)
        carry_out(office.home, office.ledger, office.box, number, ask, at=AT)
        if not grades:
            wish = prepare_undoing(
                office.home, office.ledger, office.box, "june", reason="issued_in_error", at=AT
            )
            office.ledger.drafts.approve(office.home.did, wish, at=LATER)
            carry_out(office.home, office.ledger, office.box, wish, ask, at=LATER)
    assert [record.state for record in office.records()] == ["revoked"] * 4 + ["valid"] * 4
    bits = office.ledger.set_bits(office.ledger.lists(office.home.did)[0].id)
    assert {(bit.state, bit.reason) for bit in bits.values()} == {("revoked", "issued_in_error")}
    assert len(bits) == 4
    history = office.ledger.history(office.records()[0].id)
    assert [(event.purpose, event.value) for event in history] == [("revocation", True)]
    assert office.ledger.audit.verify(office.home.did).problems == ()
    with pytest.raises(OperatorError, match="there is no batch"):
        office.ledger.registry.undo_batch(office.home.did, "july", reason="x", at=LATER)


def test_two_servers_that_carry_out_one_draft_issue_nothing_twice(office: Office) -> None:
    number = office.prepare("person:2", office.sheet(80))
    office.ledger.drafts.approve(office.home.did, number, at=AT)
    both = [FORK.Process(target=_carry_out, args=(str(office.home.folder), number)) for _ in range(2)]
    for process in both:
        process.start()
    for process in both:
        process.join(120)
    office_state = office.ledger.drafts.get(office.home.did, number).state
    assert office_state == "signed"
    assert sorted(record.row_key for record in office.records()) == sorted(f"S-{n}" for n in range(80))


def _carry_out(folder: str, number: int, crash_at: str = "") -> None:
    os.environ[VARIABLE] = crash_at
    home = Home.load(Path(folder))
    with home.ledger(by="server") as ledger:
        carry_out(home, ledger, box_of(home, PASSPHRASE), number, ask, at=LATER)


def _killed_and_resumed(office: Office, moment: str) -> None:
    number = office.prepare("person:2", office.sheet(80))
    office.ledger.drafts.approve(office.home.did, number, at=AT)
    process = FORK.Process(
        target=_carry_out, args=(str(office.home.folder), number, "" if moment == "random" else moment)
    )
    process.start()
    if moment == "random":
        time.sleep(random.uniform(1, 5))
        if process.pid:
            os.kill(process.pid, signal.SIGKILL)
    process.join(120)
    results = list(resume(office.home, office.ledger, office.box, ask, at=LATER))
    assert not any(error for _, error in results)
    assert office.ledger.drafts.get(office.home.did, number).state == "signed"
    made = office.records()
    assert sorted(record.row_key for record in made) == sorted(f"S-{n}" for n in range(80))
    assert len({record.slots[0].index for record in made}) == 80
    assert office.ledger.audit.verify(office.home.did).problems == ()


def test_a_server_that_is_killed_goes_on_when_it_starts_again(office: Office) -> None:
    _killed_and_resumed(office, "recording:2")


@pytest.mark.parametrize("moment", ["signed:30", "recorded:3"])
def test_so_it_does_wherever_it_is_killed(small_office: Office, moment: str) -> None:
    _killed_and_resumed(small_office, moment)


@pytest.mark.soak
@pytest.mark.parametrize("run", range(25))
def test_so_it_does_at_any_moment(office: Office, run: int) -> None:
    _killed_and_resumed(office, "random")


def test_a_draft_whose_row_was_issued_otherwise_meanwhile_says_so_and_stays(office: Office) -> None:
    first = office.prepare("person:2", office.sheet(3))
    second = office.prepare("person:2", office.sheet(3, grades={1: "Pass"}, name="again"))
    for number in (first, second):
        office.ledger.drafts.approve(office.home.did, number, at=AT)
    carry_out(office.home, office.ledger, office.box, first, ask, at=AT)
    with pytest.raises(TestamurError, match="issued before and changed since: row 3"):
        carry_out(office.home, office.ledger, office.box, second, ask, at=AT)
    draft = office.ledger.drafts.get(office.home.did, second)
    assert (draft.state, draft.done) == ("approved", 0)
    assert "row 3" in draft.note
