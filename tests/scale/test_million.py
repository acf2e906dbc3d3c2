"""A million rows, both forms, SQLite, two processes, killed once in the middle: `make soak`."""

import random
from pathlib import Path

import pytest

from testamur.did import DidDocument
from testamur.proofs import decode, open_document
from testamur.publishing import Site
from tests.scale.million import ask, play
from tests.scale.national import School


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(12_000, marks=pytest.mark.slow),
        pytest.param(1_000_000, marks=[pytest.mark.soak, pytest.mark.timeout(3600)]),
    ],
)
def test_a_national_cohort_is_issued_once_in_flat_memory_though_the_run_was_killed(
    tmp_path: Path, rows: int
) -> None:
    school, outcome = play(tmp_path, rows, 2)
    print(outcome)
    assert 0 < outcome.killed_after < rows
    assert outcome.peak < 500_000_000
    for table, count in (("records", rows), ("forms", 2 * rows), ("status_slots", rows), ("shard_rows", 0)):
        assert ask(school, f"SELECT count(*) FROM {table}") == count
    assert ask(school, "SELECT count(DISTINCT row_key) FROM records WHERE state = 'valid'") == rows
    assert ask(school, "SELECT count(*) FROM shards WHERE state <> 'done'") == 0
    _check_signatures(school, rows)


def _check_signatures(school: School, rows: int) -> None:
    """Both forms of some records, wherever they lie, hold under the key that the school publishes."""
    with school.ledger() as ledger:
        site = Site("Valdoria", "https://diplomas.example.edu", school.did, "diplomas.example.edu")
        document = DidDocument.parse(site.document(ledger.keys(school.did)))
        serials = random.Random(rows).sample(range(rows), 50)
        for serial in serials:
            (record,) = ledger.find(school.did, after=serial, limit=1, with_forms=True)
            for form in record.forms:
                opened = open_document(decode(form.text), lambda url, purpose, at: document.method(url))
                assert [signature.holds for signature in opened.signatures] == [True]
                assert opened.claims["id"] == record.id
