"""What happens when the disk that holds the ledger is full, as a limit on the size of files makes it."""

import multiprocessing
import resource
from pathlib import Path
from typing import Any

from testamur.errors import OperatorError
from testamur.store import REVOCATION, Form, Ledger
from tests.store.people import SCHOOL, a_record

FORK = multiprocessing.get_context("fork")


def _fill(url: str, answers: Any) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (4_000_000, 4_000_000))
    kept = 0
    with Ledger.open(url) as ledger:
        try:
            for number in range(2000):
                (slot,) = ledger.reserve(SCHOOL, REVOCATION, 1)
                ledger.record([a_record(number, (slot,), forms=(Form("full", "ldp_vc", "x" * 20_000),))])
                kept += 1
        except OperatorError as error:
            answers.put((kept, error.message, error.hint))


def test_a_full_disk_is_said_and_what_was_kept_stays(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    answers = FORK.Queue()
    worker = FORK.Process(target=_fill, args=(url, answers))
    worker.start()
    kept, message, hint = answers.get(timeout=60)
    worker.join(60)
    assert "full or cannot be written" in message
    assert "nothing is lost" in hint
    with Ledger.open(url) as ledger:
        records = list(ledger.each(SCHOOL, with_forms=True))
        assert len(records) == kept > 10
        assert all(len(record.forms[0].text) == 20_000 for record in records)
        (slot,) = ledger.reserve(SCHOOL, REVOCATION, 1)
        assert slot not in [taken for record in records for taken in record.slots]
