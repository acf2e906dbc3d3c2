import os
import resource
from collections.abc import Iterator
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from testamur.cohort import file_stem, issue_cohort, records_of, survey, write_folder
from testamur.errors import OperatorError
from testamur.issuing import Issuer
from testamur.rows import check_rows
from testamur.spreadsheets import read_rows
from testamur.store import Ledger, Record
from tests.issuing.school import AT, NAMES, SCHOOL, a_cohort, an_issuer, diploma, opened


@pytest.fixture
def issuer(ledger_url: str) -> Iterator[Issuer]:
    with Ledger.open(ledger_url) as ledger:
        yield an_issuer(ledger)


def _names(record: Record) -> list[str]:
    return [f"{file_stem(record)}.json", f"{file_stem(record)}.jwt"]


def _make(record: Record) -> dict[str, bytes]:
    return {
        name: form.text.encode()
        for name, form in zip(_names(record), record.forms, strict=True)
    }  # fmt: skip


def test_every_row_becomes_a_record_once_however_often_it_is_issued(issuer: Issuer) -> None:
    cohort = a_cohort(12)
    first = issue_cohort(cohort, issuer, shard_rows=5)
    again = issue_cohort(cohort, issuer, shard_rows=5)
    assert (first.new, first.known) == (12, 0)
    assert (again.new, again.known) == (0, 12)
    records = list(records_of(cohort, issuer))
    assert [record.row_key for record in records] == [f"S-{number:04}" for number in range(12)]
    assert all(signature.holds for form in records[3].forms for signature in opened(form).signatures)
    assert issuer.ledger.look(SCHOOL, records[0].look) == diploma().look.text


def test_a_sheet_that_has_grown_gets_only_its_new_rows(issuer: Issuer) -> None:
    issue_cohort(a_cohort(4), issuer)
    found = survey(a_cohort(7), issuer)
    assert (found.new, found.known, found.changed) == (3, 4, 0)
    assert [one.row.line for one in found.known_rows] == [2, 3, 4, 5]
    assert issue_cohort(a_cohort(7), issuer).new == 3


def test_a_changed_row_is_named_and_nothing_is_issued_without_leave(issuer: Issuer) -> None:
    issue_cohort(a_cohort(4), issuer)
    cohort = a_cohort(6, changed=[1, 3])
    found = survey(cohort, issuer)
    assert (found.new, found.known, found.changed) == (2, 2, 2)
    assert [(one.row.line, one.known.row_digest) for one in found.changed_rows if one.known] != []
    with pytest.raises(OperatorError, match="row 3, 5") as caught:
        issue_cohort(cohort, issuer)
    assert "--changed" in caught.value.hint
    assert len(list(issuer.ledger.each(SCHOOL))) == 4


def test_with_leave_a_changed_row_gets_a_new_record_and_the_old_one_is_replaced(issuer: Issuer) -> None:
    issue_cohort(a_cohort(4), issuer)
    cohort = a_cohort(4, changed=[2])
    done = issue_cohort(cohort, issuer, changed=True)
    assert (done.new, done.replaced, done.known) == (1, 1, 3)
    (old,) = issuer.ledger.find(SCHOOL, state="replaced")
    live = list(records_of(cohort, issuer))
    assert old.replaced_by == live[2].id
    assert [bit.state for bit in issuer.ledger.set_bits(1).values()] == ["replaced"]
    assert issue_cohort(cohort, issuer, changed=True).new == 0


def test_the_same_key_under_another_template_is_another_record(issuer: Issuer) -> None:
    issue_cohort(a_cohort(2), issuer)
    assert issue_cohort(replace(a_cohort(2), template_name="certificate"), issuer).new == 2


def test_a_survey_finds_what_the_rules_refuse_and_signs_nothing(issuer: Issuer) -> None:
    cohort = replace(a_cohort(2), issuer_url="not an address")
    found = survey(cohort, issuer)
    assert {problem.line for problem in found.problems} == {2, 3}
    assert issuer.ledger.lists(SCHOOL) == []


def test_progress_is_told_to_the_last_row(issuer: Issuer) -> None:
    told: list[tuple[int, int]] = []
    issue_cohort(
        a_cohort(7), issuer, shard_rows=3, progress=lambda done, total, rate: told.append((done, total))
    )
    assert told == [(3, 7), (6, 7), (7, 7)]


def test_a_real_sheet_goes_all_the_way(issuer: Issuer, tmp_path: Path) -> None:
    sheet = tmp_path / "graduates.csv"
    rows = [
        f"S-{n},{name},Bachelor of Arts,Merit,2026-06-30,2026/{n}"
        for n, name in enumerate([*NAMES, NAMES[0]])
    ]
    rows[-1] = rows[0]
    sheet.write_text(
        "\n".join(["Student Number,Name,Programme,Grade,Awarded,Diploma Number", *rows]), "utf-8-sig"
    )
    checked = check_rows(read_rows(sheet), diploma(), key="student_number")
    assert checked.errors == ()
    cohort = replace(a_cohort(0), rows=checked)
    assert issue_cohort(cohort, issuer).new == len(NAMES)
    assert [record.holder for record in records_of(cohort, issuer)] == NAMES


def test_a_folder_gets_what_is_missing_and_keeps_what_is_there(issuer: Issuer, tmp_path: Path) -> None:
    cohort, out = a_cohort(4), tmp_path / "diplomas"
    issue_cohort(cohort, issuer)
    first = write_folder(records_of(cohort, issuer), out, names=_names, make=_make, total=4)
    assert (first.made, first.present) == (4, 0)
    files = sorted(out.iterdir())
    assert len(files) == 8
    files[0].unlink()
    files[2].write_bytes(b"signed by hand since")
    again = write_folder(records_of(cohort, issuer), out, names=_names, make=_make, total=4)
    assert (again.made, again.present) == (1, 3)
    assert sorted(out.iterdir()) == files
    assert files[2].read_bytes() == b"signed by hand since"


def test_a_corrected_copy_does_not_take_the_old_one_s_file_for_its_own(
    issuer: Issuer, tmp_path: Path
) -> None:
    issue_cohort(a_cohort(1), issuer)
    write_folder(records_of(a_cohort(1), issuer), tmp_path, names=_names, make=_make)
    cohort = a_cohort(1, changed=[0])
    issue_cohort(cohort, issuer, changed=True)
    assert write_folder(records_of(cohort, issuer), tmp_path, names=_names, make=_make).made == 1


@pytest.mark.parametrize("name", ["../escaped.json", "a/b.json", ".hidden", ".."])
def test_a_name_that_leads_out_of_the_folder_is_refused(issuer: Issuer, tmp_path: Path, name: str) -> None:
    issue_cohort(a_cohort(1), issuer)
    with pytest.raises(OperatorError, match="cannot be the name"):
        write_folder(
            records_of(a_cohort(1), issuer),
            tmp_path / "out",
            names=lambda _: [name],
            make=lambda _: {name: b""},
        )
    assert list(tmp_path.glob("*.json")) == []


def test_stale_unfinished_files_are_swept_and_young_ones_left(issuer: Issuer, tmp_path: Path) -> None:
    stale, young = tmp_path / ".a.json.00.part", tmp_path / ".b.json.00.part"
    for path in (stale, young):
        path.write_bytes(b"{")
    os.utime(stale, (1_000_000_000, 1_000_000_000))
    write_folder([], tmp_path, names=_names, make=_make)
    assert not stale.exists()
    assert young.exists()


def _on_a_full_disk(url: str, folder: Path, answers: Any) -> None:
    with Ledger.open(url) as ledger:
        records = list(records_of(a_cohort(3), an_issuer(ledger)))
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))  # less than a full form
        try:
            write_folder(records, folder, names=_names, make=_make)
        except OperatorError as error:
            answers.put((error.message, error.hint))


def test_a_full_disk_is_said_and_leaves_no_half_file(tmp_path: Path) -> None:
    url, out = f"sqlite:///{tmp_path / 'ledger.sqlite'}", tmp_path / "out"
    with Ledger.open(url) as ledger:
        issue_cohort(a_cohort(3), an_issuer(ledger))
    fork = get_context("fork")
    answers = fork.Queue()
    worker = fork.Process(target=_on_a_full_disk, args=(url, out, answers))
    worker.start()
    message, hint = answers.get(timeout=60)
    worker.join(60)
    assert "could not be written" in message
    assert "run the same command again" in hint
    assert list(out.iterdir()) == []
    with Ledger.open(url) as ledger:
        assert (
            write_folder(records_of(a_cohort(3), an_issuer(ledger)), out, names=_names, make=_make).made == 3
        )


def test_the_moment_of_issuing_is_the_one_given(issuer: Issuer) -> None:
    issue_cohort(a_cohort(1), issuer)
    assert next(issuer.ledger.each(SCHOOL)).issued_at == AT
