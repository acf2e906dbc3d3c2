"""Issuing is killed at named points and at random moments; running it again finishes it.

Afterwards every row has exactly one live record, no status index was given out twice, and every
file under a final name is whole.
"""

import os
import random
import signal
import time
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from testamur.cohort import file_stem, issue_cohort, records_of, write_folder
from testamur.crashpoints import POINTS, VARIABLE
from testamur.store import Ledger, Record, StatusSlot
from tests.issuing.school import SCHOOL, a_cohort, an_issuer, opened

ROWS, SHARD = 16, 2
CHANGED = [0, 3, 4, 9]
NTH = (1, 2, 1, 2, 1)  # of the times a run comes by a point, the one at which it is killed
FORK = get_context("fork")


class _Noting(Ledger):
    """A ledger that notes every index it gave out, in a file that outlives the process."""

    notes: Path

    def reserve(self, organisation: str, purpose: str, count: int) -> list[StatusSlot]:
        slots = super().reserve(organisation, purpose, count)
        with self.notes.open("ab", buffering=0) as stream:
            stream.write(b"".join(b"%d %d\n" % (slot.list_number, slot.index) for slot in slots))
        return slots


def _names(record: Record) -> list[str]:
    return [f"{file_stem(record)}.json", f"{file_stem(record)}.jwt"]


def _make(record: Record) -> dict[str, bytes]:
    return {name: form.text.encode() for name, form in zip(_names(record), record.forms, strict=True)}


def _run(url: str, folder: Path, changed: list[int], crash_at: str = "") -> None:
    os.environ[VARIABLE] = crash_at
    with _Noting.open(url) as ledger:
        ledger.notes = folder.with_suffix(".notes")  # type: ignore[attr-defined]
        cohort, issuer = a_cohort(ROWS, changed), an_issuer(ledger)
        issue_cohort(cohort, issuer, changed=True, shard_rows=SHARD)
        write_folder(records_of(cohort, issuer), folder, names=_names, make=_make)


def _process(url: str, folder: Path, changed: list[int], crash_at: str = "") -> BaseProcess:
    process = FORK.Process(target=_run, args=(url, folder, changed, crash_at))
    process.start()
    return process


def _finish(url: str, folder: Path, changed: list[int]) -> None:
    again = _process(url, folder, changed)
    again.join(120)
    assert again.exitcode == 0


def _check(url: str, folder: Path, changed: list[int], *, replaced: int) -> None:
    notes = folder.with_suffix(".notes").read_text().splitlines()
    assert len(set(notes)) == len(notes), "an index was given out twice"
    with Ledger.open(url) as ledger:
        every = list(ledger.each(SCHOOL, with_forms=True))
        live = [record for record in every if record.state == "valid"]
        of_rows = list(records_of(a_cohort(ROWS, changed), an_issuer(ledger)))
        bits = {index for one in ledger.lists(SCHOOL) for index in ledger.set_bits(one.id)}
    assert sorted(record.row_key for record in live) == [f"S-{number:04}" for number in range(ROWS)]
    assert {record.id for record in of_rows} == {record.id for record in live}
    assert len(every) - len(live) == replaced
    assert bits == {record.slots[0].index for record in every if record.state == "replaced"}
    used = [(slot.list_number, slot.index) for record in every for slot in record.slots]
    assert len(set(used)) == len(used)
    assert {f"{number} {index}" for number, index in used} <= set(notes)
    for record in live:
        for name, data in _make(record).items():
            assert (folder / name).read_bytes() == data, "a file is missing or not whole"
    texts = {form.text.encode() for record in every for form in record.forms}
    assert all(path.read_bytes() in texts for path in folder.iterdir() if not path.name.startswith("."))
    assert all(signature.holds for form in live[-1].forms for signature in opened(form).signatures)


@pytest.mark.parametrize("point", POINTS)
def test_what_was_killed_at_a_named_point_five_times_is_finished_by_the_next_run(
    ledger_url: str, tmp_path: Path, point: str
) -> None:
    folder = tmp_path / "out"
    for nth in NTH:
        killed = _process(ledger_url, folder, [], f"{point}:{nth}")
        killed.join(120)
        assert killed.exitcode == -signal.SIGKILL, f"the run did not come by {point} {nth} times"
    _finish(ledger_url, folder, [])
    _check(ledger_url, folder, [], replaced=0)
    killed = _process(ledger_url, folder, CHANGED, f"{point}:1")
    killed.join(120)
    assert killed.exitcode == -signal.SIGKILL
    _finish(ledger_url, folder, CHANGED)
    _check(ledger_url, folder, CHANGED, replaced=len(CHANGED))


SEEDS = [pytest.param(seed, marks=[pytest.mark.soak] if seed > 1 else []) for seed in range(60)]


@pytest.mark.parametrize("seed", SEEDS)
def test_what_was_killed_at_random_moments_is_finished_by_the_next_run(
    ledger_url: str, tmp_path: Path, seed: int
) -> None:
    moments = random.Random(seed)
    folder = tmp_path / "out"
    begun = time.monotonic()
    _finish(f"sqlite:///{tmp_path / 'measured.sqlite'}", tmp_path / "measured", [])
    usual = time.monotonic() - begun
    for changed in ([], CHANGED):
        for _ in range(3):
            killed = _process(ledger_url, folder, changed)
            time.sleep(moments.uniform(0, usual))
            os.kill(killed.pid or 0, signal.SIGKILL)
            killed.join(120)
        _finish(ledger_url, folder, changed)
        _check(ledger_url, folder, changed, replaced=len(changed))
