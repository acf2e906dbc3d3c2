"""Shards on many hosts: real worker processes on a real PostgreSQL, one of them killed in the middle."""

import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from testamur.cohort.queue import Queue
from testamur.cohort.task import pack, unpack
from testamur.cohort.worker import Worker
from testamur.crashpoints import VARIABLE
from testamur.errors import Malformed, OperatorError
from testamur.keys import LocalSigner, PrivateKey
from testamur.proofs import decode
from testamur.store import Ledger
from testamur.store.engine import open_engine
from tests.postgres import postgres_cluster
from tests.scale.national import School, check_whole, found, sheet

pytestmark = pytest.mark.postgres
ROWS = 4_100  # three shards
ISSUE = ("issue", "sheet.csv", "--template", "diploma", "--key", "student_number", "--queue", "--no-files")


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    """A school that has issued nothing yet; each test has a copy of it."""
    cluster = postgres_cluster()
    folder, url = tmp_path_factory.mktemp("school"), cluster.database()
    sheet(folder / "sheet.csv", ROWS)
    yield found(folder, url)
    cluster.drop(url)


@pytest.fixture
def school(tmp_path: Path, founded: School) -> Iterator[School]:
    cluster = postgres_cluster()
    url = cluster.database(like=founded.url)
    shutil.copytree(founded.home.parent, tmp_path, dirs_exist_ok=True)
    settings = tmp_path / "home" / "testamur.toml"
    settings.write_text(settings.read_text("utf-8").replace(founded.url, url), "utf-8")
    school = School(tmp_path / "home", url)
    yield school
    school.stop()
    cluster.drop(url)


def _rows_waiting(url: str) -> int:
    engine = open_engine(url)
    with engine.begin() as connection:
        waiting = connection.scalar(text("SELECT count(*) FROM shard_rows"))
    engine.dispose()
    return int(waiting or 0)


@pytest.mark.parametrize(
    "point",
    [
        "signed:700",
        *(pytest.param(point, marks=pytest.mark.soak) for point in ("checked", "reserved", "recording")),
    ],
)
def test_the_shard_of_a_worker_killed_in_the_middle_is_done_by_another(school: School, point: str) -> None:
    issuing = school.start(*ISSUE)
    doomed = school.start("worker", "--jobs", "1", **{VARIABLE: point})
    doomed.wait(120)
    assert doomed.returncode == -signal.SIGKILL
    steady = school.start("worker", "--jobs", "1")
    said = issuing.communicate(timeout=200)[0]
    steady.terminate()
    assert steady.wait(60) == 0, steady.stdout
    assert issuing.returncode == 0, said
    assert f"{ROWS:,} records signed and kept" in said
    check_whole(school, ROWS)
    assert _rows_waiting(school.url) == 0


def test_two_workers_share_the_shards_and_one_killed_from_outside_loses_nothing(school: School) -> None:
    issuing = school.start(*ISSUE)
    workers = [school.start("worker", "--jobs", "1") for _ in range(2)]
    with school.ledger() as ledger:
        while not any(ledger.shards(plan)[0].state == "done" for plan in (1,) if ledger.find_plan(plan)):
            time.sleep(0.05)
    os.kill(workers[0].pid, signal.SIGKILL)
    said = issuing.communicate(timeout=200)[0]
    assert issuing.returncode == 0, said
    workers[1].terminate()
    assert workers[1].wait(60) == 0
    check_whole(school, ROWS)


def test_who_waits_may_be_stopped_and_the_same_command_waits_for_the_rest(school: School) -> None:
    issuing = school.start(*ISSUE)
    with school.ledger() as ledger:
        while len(ledger.unclaimed(school.did)) < 3:
            time.sleep(0.05)
    issuing.kill()
    issuing.wait()
    assert "shard 3 of plan 1: 100 records" in school.run("worker", "--jobs", "2", "--once")
    said = school.run(*ISSUE)
    assert f"{ROWS:,} issued before" in said
    check_whole(school, ROWS)


def test_a_shard_that_one_worker_has_no_other_gets_until_its_session_ends(school: School) -> None:
    with school.ledger() as ledger, school.ledger() as other:
        with ledger.claim(1, 0) as mine, other.claim(1, 0) as theirs, other.claim(1, 1) as another:
            assert (mine, theirs, another) == (True, False, True)
        with other.claim(1, 0) as theirs:
            assert theirs


def test_a_key_that_the_ledger_does_not_list_as_active_does_no_work(school: School) -> None:
    stranger = LocalSigner(PrivateKey.generate("Ed25519"), f"{school.did}#key-1")
    with school.ledger() as ledger, pytest.raises(OperatorError, match="no active key of the ledger"):
        Worker(ledger, stranger)


def test_a_worker_without_a_home_needs_the_ledger_and_the_key_alone(school: School, tmp_path: Path) -> None:
    issuing = school.start(*ISSUE)
    (key,) = (school.home / "keys").glob("key-1*")
    with school.ledger() as ledger:
        while len(ledger.unclaimed(school.did)) < 3:
            time.sleep(0.05)
    elsewhere = School(tmp_path / "no-home", school.url)
    elsewhere.run("worker", "--store", school.url, "--signer", f"file:{key}", "--jobs", "1", "--once")
    assert issuing.wait(60) == 0
    check_whole(school, ROWS)


def test_a_row_that_cannot_be_issued_stops_its_shard_and_is_named(school: School) -> None:
    issuing = school.start(*ISSUE)
    with school.ledger() as ledger:
        while len(ledger.unclaimed(school.did)) < 3:
            time.sleep(0.05)
        lines = unpack(ledger.handed_over(1, 1) or b"")
        lines[7][1][7] = "2026-02-30"
        ledger.hand_over(1, 1, pack(lines))
    school.run("worker", "--jobs", "1", "--once")
    said = issuing.communicate(timeout=60)[0]
    assert issuing.returncode == 2
    assert "shard 2 of 3 was not issued: row 2009, column awarded" in said
    assert "shard 2 of plan 1: 2,000 records" in _finish(school)
    check_whole(school, ROWS)


def _finish(school: School) -> str:
    worker = school.start("worker", "--jobs", "1")
    school.run(*ISSUE)
    worker.terminate()
    return worker.communicate(timeout=60)[0]


def test_rows_that_are_no_rows_are_refused() -> None:
    assert unpack(pack([(2, ["ሰላማዊት", "\ud800"])])) == [(2, ["ሰላማዊት", "\ud800"])]
    for data in (b"", b"x", pack([(2, ["a"])])[:-3], pack("abc")):  # type: ignore[arg-type]
        with pytest.raises(Malformed):
            unpack(data)


def test_a_ledger_in_a_file_cannot_be_shared(tmp_path: Path) -> None:
    with (
        Ledger.open(f"sqlite:///{tmp_path / 'ledger.sqlite'}") as ledger,
        pytest.raises(OperatorError, match="only with a ledger in PostgreSQL"),
        Queue.opened(ledger.conninfo, "did:web:diplomas.example.edu"),
    ):
        pass


def test_workers_make_tokens_of_every_record_as_the_one_who_handed_it_over_asked(
    school: School, tmp_path: Path
) -> None:
    sheet(tmp_path / "few.csv", 40)
    issuing = school.start(
        "issue", "few.csv", "--template", "diploma", "--key", "student_number", "--queue", "--no-files",
        "--form", "vc+sd-jwt", "--form", "vc+cose",
    )  # fmt: skip
    with school.ledger() as ledger:
        while not ledger.unclaimed(school.did):
            time.sleep(0.05)
        school.run("worker", "--jobs", "1", "--once")
        assert issuing.wait(120) == 0
        records = list(ledger.each(school.did, with_forms=True))
    assert len(records) == 40
    for record in records:
        shown, whole = record.form("vc+sd-jwt"), record.form("vc+cose")
        assert shown
        assert decode(shown.text).claims["credentialStatus"]
        assert whole
        assert decode(whole.text).claims["id"] == record.id
