"""Many processes at one ledger, as real processes."""

import multiprocessing
from collections.abc import Callable
from typing import Any

from testamur.errors import OperatorError
from testamur.store import REVOCATION, Ledger
from tests.store.people import AT, SCHOOL, a_record

SPAWN = multiprocessing.get_context("forkserver")  # the modules are read once, not by each process
SPAWN.set_forkserver_preload(["tests.store.people", "testamur.store.ledger"])
PROCESSES = 4


def _together(work: Callable[..., None], url: str, *arguments: Any) -> list[Any]:
    """What each process put into the queue when all do the same work at once."""
    answers = SPAWN.Queue()
    barrier = SPAWN.Barrier(PROCESSES)
    workers = [
        SPAWN.Process(target=work, args=(url, barrier, answers, number, *arguments))
        for number in range(PROCESSES)
    ]
    for worker in workers:
        worker.start()
    found = [answers.get(timeout=120) for _ in workers]
    for worker in workers:
        worker.join(timeout=60)
        assert worker.exitcode == 0
    return found


def _reserve(url: str, barrier: Any, answers: Any, number: int) -> None:
    barrier.wait(60)
    with Ledger.open(url) as ledger:  # the first to come makes the tables
        taken = [
            slot for count in (1, 7, 40_000, 3, 20) for slot in ledger.reserve(SCHOOL, REVOCATION, count)
        ]
    answers.put([(slot.list_number, slot.index) for slot in taken])


def test_no_index_is_given_to_two_processes(ledger_url: str) -> None:
    found = [pair for answer in _together(_reserve, ledger_url) for pair in answer]
    assert len(found) == PROCESSES * 40_031
    assert len(set(found)) == len(found)
    assert {number for number, _ in found} == {1, 2}


def _record(url: str, barrier: Any, answers: Any, number: int) -> None:
    with Ledger.open(url) as ledger:
        barrier.wait(60)
        refused: list[str] = []
        for step in range(20):
            (slot,) = ledger.reserve(SCHOOL, REVOCATION, 1)
            own = 1 + number * 100 + step
            try:
                ledger.record([a_record(own, (slot,), row_key=f"row-{step}")])
            except OperatorError as error:
                refused.append(error.message)
    answers.put(refused)


def test_of_processes_that_issue_the_same_row_exactly_one_wins(ledger_url: str) -> None:
    refused = [message for answer in _together(_record, ledger_url) for message in answer]
    with Ledger.open(ledger_url) as ledger:
        kept = list(ledger.each(SCHOOL))
    assert sorted(record.row_key for record in kept) == sorted(f"row-{step}" for step in range(20))
    assert len(refused) == (PROCESSES - 1) * 20
    assert all("at the same time" in message for message in refused)


def _revoke(url: str, barrier: Any, answers: Any, number: int, record_id: str) -> None:
    with Ledger.open(url) as ledger:
        barrier.wait(60)
        answers.put(ledger.set_status(record_id, REVOCATION, True, reason=f"by {number}", at=AT))


def test_of_processes_that_revoke_the_same_record_exactly_one_writes_the_event(ledger_url: str) -> None:
    with Ledger.open(ledger_url) as ledger:
        (slot,) = ledger.reserve(SCHOOL, REVOCATION, 1)
        ledger.record([a_record(1, (slot,))])
    record_id = a_record(1, ()).id
    assert sorted(_together(_revoke, ledger_url, record_id)) == [False] * (PROCESSES - 1) + [True]
    with Ledger.open(ledger_url) as ledger:
        assert len(ledger.history(record_id)) == 1
