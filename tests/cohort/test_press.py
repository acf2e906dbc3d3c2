"""What the press gives is what the ordinary way gives, byte for byte, on rows of every template."""

import csv
import pickle
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from itertools import islice
from pathlib import Path

import pytest

from testamur.cohort.press import Press
from testamur.credentials import SHIPPED, Template
from testamur.errors import Malformed, RowMismatch
from testamur.jsontext import parse_object
from testamur.keys import LocalSigner, PrivateKey, VerificationMethod
from testamur.proofs import DataIntegrity, decode, open_document
from testamur.store import KnownRow
from tests.cohort.sheets import (
    HOSTILE,
    REFUSED,
    CountingIssuer,
    by_the_library,
    cohort_of,
    decided,
    sheet,
    slots_of,
    template,
    uuids,
)
from tests.issuing.school import AT, KEY, NAMES, SCHOOL, opened

PRESSED = [name for name in SHIPPED if name != "transcript"]  # a transcript is made in the ordinary way
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SLICE, FULL = 700, 20_000
COUNTS = [pytest.param(SLICE, 7), pytest.param(FULL, 11, marks=[pytest.mark.soak, pytest.mark.timeout(1800)])]
GRADUATE = {
    "student_number": "1", "name": "Ada", "programme": "Nursing", "grade": "Merit", "awarded": "2026-06-30",
    "diploma_number": "D-1",
}  # fmt: skip


def a_press(name: str = "diploma", issuer: CountingIssuer | None = None) -> Press:
    return Press(cohort_of(name), issuer or CountingIssuer(), new_uuid=uuids().__next__)


def graduate(number: int, **cells: str) -> object:
    return decided(GRADUATE | {"diploma_number": f"D-{number}"} | cells, number + 2)


def taught(issuer: CountingIssuer) -> Press:
    """A press that has learned what graduates are like."""
    press = a_press(issuer=issuer)
    press.records([graduate(number) for number in range(100)], slots_of("diploma", 100))
    assert issuer.ordinary < 50
    issuer.ordinary = 0
    return press


@pytest.mark.parametrize(("count", "seed"), COUNTS)
@pytest.mark.parametrize("name", PRESSED)
def test_pressed_records_are_those_of_the_library_byte_for_byte(name: str, count: int, seed: int) -> None:
    rows, slots, issuer = list(sheet(name, count, seed)), slots_of(name, count), CountingIssuer()
    records = a_press(name, issuer).records(rows, slots)
    assert issuer.ordinary < count * 0.6
    expected = map(
        by_the_library, *zip(*((issuer, cohort_of(name)) for _ in rows), strict=True), rows, slots, uuids()
    )
    for record, other in zip(records, expected, strict=True):
        assert record == other


@pytest.mark.parametrize("name", PRESSED)
def test_pressed_records_verify(name: str) -> None:
    rows, issuer = list(sheet(name, 500, 3)), CountingIssuer()
    records = a_press(name, issuer).records(rows, slots_of(name, 500))
    assert issuer.ordinary < 400
    for record in records[-60:]:
        for form in record.forms:
            assert [signature.holds for signature in opened(form).signatures] == [True]


def test_the_example_sheet_is_pressed_as_the_library_issues_it() -> None:
    with (EXAMPLES / "graduates.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [decided(cells, line) for line, cells in enumerate(csv.DictReader(file), 2)] * 2
    issuer, slots = CountingIssuer(), slots_of("diploma", len(rows))
    records = a_press(issuer=issuer).records(rows, slots)
    assert issuer.ordinary < len(rows) / 2
    for record, row, own, uuid in zip(records, rows, slots, uuids(), strict=False):
        assert record == by_the_library(issuer, cohort_of("diploma"), row, own, uuid)


@pytest.mark.parametrize("words", [*HOSTILE, *NAMES])
def test_hostile_words_are_the_same_words_in_both_forms(words: str) -> None:
    issuer = CountingIssuer()
    press = taught(issuer)
    rows = [
        graduate(200),
        graduate(201, name=words),
        graduate(202, programme=words),
        graduate(203, grade=words),
    ]
    records = press.records(rows, slots_of("diploma", 4))
    assert issuer.ordinary == 1  # the first of a portion always is
    said = template("diploma").columns[1].read(words)
    for form in records[1].forms:
        assert opened(form).claims["credentialSubject"]["identifier"][0]["identityHash"] == said
    for form in records[2].forms:
        assert opened(form).claims["credentialSubject"]["achievement"]["name"] == said
    for form in records[3].forms:
        assert opened(form).claims["credentialSubject"]["result"][0]["value"] == said
    assert all(opened(form).signatures[0].holds for record in records for form in record.forms)
    assert records[1].holder == said


@pytest.mark.parametrize("words", REFUSED)
def test_what_nobody_can_see_is_refused_by_row_and_column(words: str) -> None:
    press = taught(CountingIssuer())
    with pytest.raises(RowMismatch) as refused:
        press.records([graduate(200), graduate(201, name=f"Ada {words} L")], slots_of("diploma", 2))
    assert (refused.value.line, refused.value.column) == (203, "name")


def test_a_name_equal_to_its_latin_form_stands_in_the_record_once() -> None:
    issuer = CountingIssuer()
    press = a_press(issuer=issuer)
    rows = [
        graduate(number, name=f"Ada {number}", name_latin=f"Ada {number if number % 2 else 0}")
        for number in range(300)
    ]
    records = press.records(rows, slots_of("diploma", 300))
    assert issuer.ordinary < 100
    for number in (298, 299):
        names = parse_object(records[number].forms[0].text)["credentialSubject"]["identifier"]
        assert len(names) == (1 if number % 2 else 2)
        assert {records[number].holder, records[number].holder_latin} == {
            f"Ada {number}",
            "" if number % 2 else "Ada 0",
        }


def test_the_ledger_has_the_native_name_first_whichever_column_it_came_from() -> None:
    issuer = CountingIssuer()
    rows = []
    for number in range(200):
        names = (f"{NAMES[number % 10]} {number}", f"Ada {number}")
        cells = dict(zip(("name", "name_latin"), names[:: 1 if number % 2 else -1], strict=True))
        rows.append(graduate(number, **cells))
    records = a_press(issuer=issuer).records(rows, slots_of("diploma", 200))
    assert issuer.ordinary < 100
    for number in range(100, 200):
        assert records[number].holder == f"{NAMES[number % 10]} {number}"
        assert records[number].holder_latin == f"Ada {number}"


def test_no_credits_are_left_out_on_paper_as_the_template_does() -> None:
    text = template_text().replace('"issuer.name"]', '"issuer.name", "credits"]')
    cohort = replace(cohort_of("diploma"), template=Template.load(text))
    issuer = CountingIssuer()
    press = Press(cohort, issuer, new_uuid=uuids().__next__)
    rows = [graduate(number, credits=("0", "120", "7.5")[number % 3]) for number in range(300)]
    slots = slots_of("diploma", 300)
    records = press.records(rows, slots)
    assert issuer.ordinary < 150
    for record, row, own, uuid in zip(records, rows, slots, uuids(), strict=False):
        assert record == by_the_library(issuer, cohort, row, own, uuid)


def template_text() -> str:
    from testamur.credentials import shipped_template

    return shipped_template("diploma")


def test_a_licence_that_ends_before_it_begins_is_refused_whatever_was_learned() -> None:
    press = a_press("licence")
    rows, slots = list(sheet("licence", 400, 5)), slots_of("licence", 401)
    press.records(rows, slots[:400])
    cells = rows[-1].row.cells | {"granted": "2020-01-01", "valid_until": "2025-01-01"}
    with pytest.raises(Malformed, match="validUntil"):
        press.records([rows[-1], decided(cells)], slots[:2])


def test_a_status_that_the_rules_do_not_know_is_refused_whatever_was_learned() -> None:
    text = template_text().replace('type = "Result"', 'type = "Status"')
    press = Press(replace(cohort_of("diploma"), template=Template.load(text)), CountingIssuer())
    rows = [graduate(number, grade=("Completed", "Failed")[number % 2]) for number in range(200)]
    assert len(press.records(rows, slots_of("diploma", 200))) == 200
    with pytest.raises(RowMismatch, match="Splendid"):
        press.records([rows[0], graduate(1, grade="Splendid")], slots_of("diploma", 2))


def test_a_wallet_that_is_no_url_goes_the_ordinary_way() -> None:
    issuer = CountingIssuer()
    press = a_press("badge", issuer)
    cells = {"name": "Ada", "email": "ada@example.org", "awarded": "2026-06-30"}
    rows = [decided(cells | {"wallet": f"did:key:z6Mk{number}"}, number + 2) for number in range(200)]
    records = press.records(rows, slots_of("badge", 200))
    assert issuer.ordinary < 50
    assert {parse_object(record.forms[0].text)["credentialSubject"]["id"] for record in records} == {
        f"did:key:z6Mk{number}" for number in range(200)
    }


def test_a_wallet_that_is_the_school_itself_makes_one_node_of_two_and_is_told_as_the_library_tells_it() -> (
    None
):
    issuer = CountingIssuer()
    press, cohort = a_press("badge", issuer), cohort_of("badge")
    cells = {"name": "Ada", "email": "ada@example.org", "awarded": "2026-06-30"}
    rows = [decided(cells | {"wallet": f"did:key:z6Mk{number}"}, number + 2) for number in range(100)]
    rows.append(decided(cells | {"wallet": SCHOOL}, 102))
    slots = slots_of("badge", 101)
    record = press.records(rows, slots)[-1]
    assert record == by_the_library(issuer, cohort, rows[-1], slots[-1], list(islice(uuids(), 101))[-1])


def test_a_key_whose_signatures_differ_each_time_is_pressed_too() -> None:
    key = PrivateKey.from_secret("P-384", sha256(b"another key for tests").digest().rjust(48, b"\1"))
    issuer = CountingIssuer(LocalSigner(key, f"{SCHOOL}#key-2"))
    records = a_press(issuer=issuer).records([graduate(n) for n in range(120)], slots_of("diploma", 120))
    assert issuer.ordinary < 50
    method = VerificationMethod(f"{SCHOOL}#key-2", SCHOOL, key.public_key)
    for form in records[-1].forms:
        shown = open_document(decode(form.text), lambda url, purpose, at: method)
        assert [signature.holds for signature in shown.signatures] == [True]


def test_a_format_that_signs_no_statements_is_made_the_ordinary_way() -> None:
    issuer = CountingIssuer(full_format=DataIntegrity("eddsa-jcs-2022"))
    records = a_press(issuer=issuer).records([graduate(n) for n in range(90)], slots_of("diploma", 90))
    assert issuer.ordinary == 90
    assert all(opened(form).signatures[0].holds for form in records[-1].forms)


def test_another_instant_is_another_instant_in_every_record() -> None:
    press = taught(CountingIssuer())
    later = AT + timedelta(days=1, microseconds=5)
    for record in press.records([graduate(n) for n in range(60)], slots_of("diploma", 60), later):
        assert record.issued_at == later
        assert parse_object(record.forms[0].text)["validFrom"] == "2026-07-02T09:30:00Z"


def test_a_corrected_row_names_the_record_it_replaces() -> None:
    press = taught(CountingIssuer())
    row = graduate(7)._replace(known=KnownRow("urn:uuid:old", "digest", "valid"))
    assert [one.replaces for one in press.records([row, row], slots_of("diploma", 2))] == ["urn:uuid:old"] * 2


def test_a_skeleton_that_says_something_else_than_the_library_is_given_up() -> None:
    press = taught(CountingIssuer())
    (kind,) = (found for found in press._kinds.values() if found.making.places)
    slots = slots_of("diploma", 1)[0]
    values, _ = template("diploma").read(graduate(5).row.cells, 2)
    sources = kind.making.sources("00000000-0000-4000-8000-000000000000", slots, values)
    assert kind.press(sources) is not None
    other = press.records([graduate(6)], [slots])[0]
    kind.saw(sources, other)
    assert kind.press(sources) is None


def test_more_kinds_than_are_remembered_are_issued_all_the_same() -> None:
    issuer, rows = CountingIssuer(), []
    for number in range(150):  # which cells are equal makes the kind
        cells = {
            name: "abc"[number // 3**place % 3]
            for place, name in enumerate(("name", "programme", "grade", "field"))
        }
        rows.append(graduate(number, **cells))
    slots = slots_of("diploma", 150)
    for record, row, own, uuid in zip(
        a_press(issuer=issuer).records(rows, slots), rows, slots, uuids(), strict=False
    ):
        assert record == by_the_library(issuer, cohort_of("diploma"), row, own, uuid)


def test_what_goes_to_another_process_can_be_pickled() -> None:
    rows = [graduate(number) for number in range(3)]
    assert pickle.loads(pickle.dumps((rows, slots_of("diploma", 3)))) == (rows, slots_of("diploma", 3))
    records = a_press().records(rows, slots_of("diploma", 3))
    assert pickle.loads(pickle.dumps(records)) == records
    assert KEY.secret not in pickle.dumps(records)
