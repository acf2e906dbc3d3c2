from collections.abc import Iterator
from dataclasses import replace

import pytest

from testamur.errors import OperatorError, Refused
from testamur.store import (
    LIST_SIZE,
    REVOCATION,
    SUSPENSION,
    Form,
    KnownRow,
    Ledger,
    SetBit,
    Shard,
    StatusEvent,
)
from tests.store.people import AT, LATER, PEOPLE, SCHOOL, a_record, issue


@pytest.fixture
def ledger(ledger_url: str) -> Iterator[Ledger]:
    with Ledger.open(ledger_url) as opened:
        yield opened


def test_a_record_comes_back_as_it_was_kept(ledger: Ledger) -> None:
    (new,) = issue(ledger, range(1))
    kept = ledger.get(new.id)
    assert kept is not None
    assert kept == new.kept(kept.serial)
    assert kept.form("paper") == new.forms[1]
    assert kept.form("sd-jwt") is None
    assert kept.state == "valid"


def test_what_record_returns_is_what_the_ledger_has(ledger: Ledger) -> None:
    slots = ledger.reserve(SCHOOL, REVOCATION, 3)
    kept = ledger.record([a_record(n, (slots[n],)) for n in range(3)])
    assert kept == list(ledger.each(SCHOOL, with_forms=True))


def test_an_unknown_record_is_none(ledger: Ledger) -> None:
    assert ledger.get("urn:uuid:nobody") is None
    assert ledger.find("nobody's school") == []


def test_text_is_kept_to_the_last_byte(ledger: Ledger) -> None:
    text = '{"name":"' + "".join(PEOPLE) + '😀\\u0000\\n"}  \r\n\t'
    (slot,) = ledger.reserve(SCHOOL, REVOCATION, 1)
    ledger.record([a_record(1, (slot,), forms=(Form("full", "ldp_vc", text),))])
    kept = ledger.get(a_record(1, ()).id)
    assert kept is not None
    assert kept.forms[0].text == text


def test_days_before_1970_are_kept(ledger: Ledger) -> None:
    day = AT.replace(year=1951)
    (new,) = issue(ledger, range(1), valid_from=day)
    kept = ledger.get(new.id)
    assert kept is not None
    assert kept.valid_from == day


def test_all_records_of_a_transaction_are_kept_or_none(ledger: Ledger) -> None:
    issue(ledger, range(3))
    slots = ledger.reserve(SCHOOL, REVOCATION, 2)
    with pytest.raises(OperatorError, match="at the same time"):
        ledger.record([a_record(7, (slots[0],)), a_record(8, (slots[1],), row_key="S-0001")])
    assert len(list(ledger.each(SCHOOL))) == 3
    assert ledger.rows(SCHOOL, "diploma", ["S-0007"]) == {}


def test_an_index_cannot_be_recorded_twice(ledger: Ledger) -> None:
    (slot,) = ledger.reserve(SCHOOL, REVOCATION, 1)
    ledger.record([a_record(1, (slot,))])
    with pytest.raises(OperatorError, match="status index is taken"):
        ledger.record([a_record(2, (slot,))])


def test_an_id_cannot_be_recorded_twice(ledger: Ledger) -> None:
    (new,) = issue(ledger, range(1))
    (slot,) = ledger.reserve(SCHOOL, REVOCATION, 1)
    with pytest.raises(OperatorError, match="this id"):
        ledger.record([a_record(2, (slot,), id=new.id)])


def test_the_same_row_key_may_stand_in_two_templates_and_two_schools(ledger: Ledger) -> None:
    issue(ledger, range(1))
    issue(ledger, range(1), id="urn:uuid:a", template="badge")
    issue(ledger, range(1), id="urn:uuid:b", organisation="did:web:other.example")
    assert ledger.rows(SCHOOL, "badge", ["S-0000"])["S-0000"].record_id == "urn:uuid:a"
    assert len(ledger.find("did:web:other.example")) == 1


def test_records_without_a_row_do_not_disturb_one_another(ledger: Ledger) -> None:
    issue(ledger, range(4), row_key="")
    assert len(ledger.find(SCHOOL)) == 4
    assert ledger.rows(SCHOOL, "diploma", [""]) == {}


def test_known_rows_are_found_among_thousands_asked_for(ledger: Ledger) -> None:
    issue(ledger, range(20))
    asked = [f"S-{number:04}" for number in range(1500)]
    known = ledger.rows(SCHOOL, "diploma", asked)
    assert len(known) == 20
    assert known["S-0007"] == KnownRow(a_record(7, ()).id, "digest-7", "valid")


@pytest.mark.parametrize(
    ("asked", "number"),
    [("nandu", 4), ("JOSÉ", 4), ("አበበ", 0), ("шевченко", 5), ("小明", 6), ("anh tran", 7), ("2026/0008", 8)],
)
def test_a_search_minds_neither_case_nor_accents(ledger: Ledger, asked: str, number: int) -> None:
    issue(ledger, range(10))
    assert [record.number for record in ledger.find(SCHOOL, text=asked)] == [f"2026/{number:04}"]


@pytest.mark.parametrize("asked", ["%", "_", "2026%0001", "/%", "'; DROP TABLE records; --"])
def test_marks_of_the_query_language_are_only_text(ledger: Ledger, asked: str) -> None:
    issue(ledger, range(3))
    assert ledger.find(SCHOOL, text=asked) == []


def test_many_records_come_in_the_order_they_are_asked_for(ledger: Ledger) -> None:
    ids = [record.id for record in issue(ledger, range(600))]
    asked = [ids[599], "urn:uuid:nobody", ids[3], ids[0]]
    assert [record.id for record in ledger.get_many(asked)] == [ids[599], ids[3], ids[0]]
    assert ledger.get_many([]) == []


def test_a_record_is_found_by_a_part_of_its_id(ledger: Ledger) -> None:
    issue(ledger, range(3))
    assert [record.number for record in ledger.find(SCHOOL, text="000000000002")] == ["2026/0002"]


def test_a_name_is_also_found_by_its_latin_form(ledger: Ledger) -> None:
    issue(ledger, range(1), holder_latin="Abebe Bikila")
    assert len(ledger.find(SCHOOL, text="bikila")) == 1


def test_pages_follow_one_another_without_gap(ledger: Ledger) -> None:
    new = issue(ledger, range(25))
    first = ledger.find(SCHOOL, limit=10)
    second = ledger.find(SCHOOL, limit=10, after=first[-1].serial)
    third = ledger.find(SCHOOL, limit=10, after=second[-1].serial)
    assert [record.id for record in first + second + third] == [record.id for record in new]
    assert all(record.forms == () for record in first)


def test_records_are_found_by_batch_and_state(ledger: Ledger) -> None:
    issue(ledger, range(5))
    issue(ledger, range(5, 8), batch="nurses")
    ledger.set_status(a_record(6, ()).id, REVOCATION, True, reason="issued in error", at=LATER)
    assert len(ledger.find(SCHOOL, batch="nurses")) == 3
    assert ledger.find(SCHOOL, batch="no such batch") == []
    assert [record.number for record in ledger.find(SCHOOL, state="revoked")] == ["2026/0006"]
    assert len(ledger.find(SCHOOL, batch="graduates", state="valid")) == 5


def test_indexes_come_from_one_list_until_it_is_full_and_then_from_the_next(ledger: Ledger) -> None:
    first = ledger.reserve(SCHOOL, REVOCATION, LIST_SIZE - 2)
    across = ledger.reserve(SCHOOL, REVOCATION, 5)
    assert [slot.list_number for slot in across] == [1, 1, 2, 2, 2]
    assert {slot.index for slot in first} | {slot.index for slot in across[:2]} == set(range(LIST_SIZE))


def test_each_purpose_has_lists_of_its_own_with_numbers_of_its_own(ledger: Ledger) -> None:
    ledger.reserve(SCHOOL, REVOCATION, 1)
    ledger.reserve(SCHOOL, SUSPENSION, 1)
    ledger.reserve("did:web:other.example", REVOCATION, 1)
    assert [(one.number, one.purpose, one.size) for one in ledger.lists(SCHOOL)] == [
        (1, REVOCATION, LIST_SIZE),
        (2, SUSPENSION, LIST_SIZE),
    ]
    assert [one.number for one in ledger.lists("did:web:other.example")] == [1]


def test_a_revocation_sets_its_bit_and_says_why(ledger: Ledger) -> None:
    new = issue(ledger, range(3))
    assert ledger.set_status(new[1].id, REVOCATION, True, reason="issued in error", at=LATER)
    slot = new[1].slots[0]
    assert ledger.set_bits(slot.list_id) == {slot.index: SetBit("revoked", "issued in error", LATER)}


def test_revoking_again_changes_nothing(ledger: Ledger) -> None:
    (new,) = issue(ledger, range(1))
    assert ledger.set_status(new.id, REVOCATION, True, reason="first", at=AT)
    assert not ledger.set_status(new.id, REVOCATION, True, reason="second", at=LATER)
    assert [event.reason for event in ledger.history(new.id)] == ["first"]


def test_a_revocation_cannot_be_undone(ledger: Ledger) -> None:
    (new,) = issue(ledger, range(1))
    ledger.set_status(new.id, REVOCATION, True, reason="x", at=AT)
    with pytest.raises(Refused, match="cannot be undone"):
        ledger.set_status(new.id, REVOCATION, False, reason="sorry", at=LATER)


def _suspendable(ledger: Ledger) -> str:
    slots = tuple(ledger.reserve(SCHOOL, purpose, 1)[0] for purpose in (REVOCATION, SUSPENSION))
    ledger.record([a_record(1, slots)])
    return a_record(1, ()).id


def test_a_suspension_comes_and_goes_and_all_of_it_is_remembered(ledger: Ledger) -> None:
    identity = _suspendable(ledger)
    suspended = next(one for one in ledger.lists(SCHOOL) if one.purpose == SUSPENSION)
    assert ledger.set_status(identity, SUSPENSION, True, reason="inquiry", at=AT)
    assert [bit.state for bit in ledger.set_bits(suspended.id).values()] == ["suspended"]
    assert ledger.find(SCHOOL)[0].state == "suspended"
    assert ledger.set_status(identity, SUSPENSION, False, reason="cleared", at=LATER)
    assert ledger.set_bits(suspended.id) == {}
    assert ledger.find(SCHOOL)[0].state == "valid"
    assert ledger.history(identity) == [
        StatusEvent(SUSPENSION, True, "inquiry", AT),
        StatusEvent(SUSPENSION, False, "cleared", LATER),
    ]


def test_a_revoked_record_is_not_reinstated(ledger: Ledger) -> None:
    identity = _suspendable(ledger)
    ledger.set_status(identity, SUSPENSION, True, reason="inquiry", at=AT)
    ledger.set_status(identity, REVOCATION, True, reason="forged papers", at=AT)
    with pytest.raises(Refused, match="revoked"):
        ledger.set_status(identity, SUSPENSION, False, reason="oh", at=LATER)
    assert ledger.find(SCHOOL)[0].state == "revoked"


def test_a_record_without_a_suspension_entry_is_not_suspended(ledger: Ledger) -> None:
    (new,) = issue(ledger, range(1))
    with pytest.raises(OperatorError, match="no suspension entry") as caught:
        ledger.set_status(new.id, SUSPENSION, True, reason="x", at=AT)
    assert "suspendable" in caught.value.hint


def test_an_unknown_record_cannot_be_revoked(ledger: Ledger) -> None:
    with pytest.raises(OperatorError, match="there is no record"):
        ledger.set_status("urn:uuid:nobody", REVOCATION, True, reason="x", at=AT)


def test_a_new_record_takes_the_row_of_the_one_it_replaces(ledger: Ledger) -> None:
    (old,) = issue(ledger, range(1))
    (slot,) = ledger.reserve(SCHOOL, REVOCATION, 1)
    new = a_record(1, (slot,), row_key=old.row_key, row_digest="other", replaces=old.id, issued_at=LATER)
    ledger.record([new])
    before = ledger.get(old.id)
    assert before is not None
    assert (before.state, before.replaced_by) == ("replaced", new.id)
    assert ledger.rows(SCHOOL, "diploma", [old.row_key]) == {old.row_key: KnownRow(new.id, "other", "valid")}
    bits = ledger.set_bits(old.slots[0].list_id)
    assert bits == {old.slots[0].index: SetBit("replaced", "replaced by a corrected copy", LATER)}


def test_a_record_is_replaced_once_only(ledger: Ledger) -> None:
    first, second, third = issue(ledger, range(3))
    ledger.set_status(first.id, REVOCATION, True, reason="corrected", at=AT, replaced_by=second.id)
    with pytest.raises(Refused, match="replaced already"):
        ledger.set_status(first.id, REVOCATION, True, reason="corrected", at=AT, replaced_by=third.id)
    kept = ledger.get(first.id)
    assert kept is not None
    assert kept.replaced_by == second.id


def test_a_record_is_not_replaced_by_one_that_is_not_there(ledger: Ledger) -> None:
    (new,) = issue(ledger, range(1))
    with pytest.raises(OperatorError, match="nothing was recorded"):
        ledger.set_status(new.id, REVOCATION, True, reason="x", at=AT, replaced_by="urn:uuid:nobody")
    assert ledger.history(new.id) == []
    assert ledger.find(SCHOOL)[0].state == "valid"


def test_digests_are_those_of_every_form_and_sorted(ledger: Ledger) -> None:
    new = issue(ledger, range(9))
    issue(ledger, range(1), id="urn:uuid:b", organisation="did:web:other.example")
    assert list(ledger.digests(SCHOOL)) == sorted(form.digest for record in new for form in record.forms)


def test_a_look_is_kept_once_and_named_by_its_records(ledger: Ledger) -> None:
    ledger.keep_look(SCHOOL, "uEiA", '{"style":"diploma"}')
    ledger.keep_look(SCHOOL, "uEiA", '{"style":"diploma"}')
    (new,) = issue(ledger, range(1), look="uEiA")
    kept = ledger.get(new.id)
    assert kept is not None
    assert ledger.look(SCHOOL, kept.look) == '{"style":"diploma"}'
    assert ledger.look("did:web:other.example", "uEiA") is None
    assert ledger.looks(SCHOOL) == ['{"style":"diploma"}']
    assert ledger.looks("did:web:other.example") == []


def test_a_record_with_a_look_that_was_not_kept_is_refused(ledger: Ledger) -> None:
    with pytest.raises(OperatorError, match="look"):
        issue(ledger, range(1), look="uEiB")
    assert ledger.find(SCHOOL) == []


def test_a_shard_is_done_with_its_records(ledger: Ledger) -> None:
    plan = ledger.plan(SCHOOL, "graduates", "uEiA", [2, 1])
    slots = ledger.reserve(SCHOOL, REVOCATION, 2)
    ledger.record_shard([a_record(n, (slots[n],)) for n in range(2)], plan, 0)
    assert ledger.plan(SCHOOL, "graduates", "uEiA", [2, 1]) == plan
    assert ledger.shards(plan) == [Shard(0, 2, "done"), Shard(1, 1, "open")]


def test_a_record_holds_no_index_beyond_its_own(ledger: Ledger) -> None:
    new = issue(ledger, range(2))
    kept = ledger.get(new[0].id)
    assert kept is not None
    assert kept.slots == new[0].slots
    assert replace(kept, forms=()).form("full") is None
