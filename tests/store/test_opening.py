import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from testamur.errors import OperatorError
from testamur.store import Ledger
from testamur.store.engine import REVISION, VERSION_TABLE, open_engine
from testamur.store.every_table import metadata
from tests.store.people import AT, SCHOOL, issue

OF_REVISION_2 = {
    "organisations", "keys", "batches", "plans", "shards", "shard_rows", "looks", "records", "forms",
    "status_lists", "status_events", "status_slots",
}  # fmt: skip


def test_the_migrations_make_exactly_the_tables_that_the_code_asks(ledger_url: str) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    engine = open_engine(ledger_url)
    with engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_the_newest_migration_is_the_one_the_engine_looks_for() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    import testamur.store

    config = Config()
    config.set_main_option("script_location", str(Path(testamur.store.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_heads() == [REVISION]


def test_a_ledger_opened_again_has_what_it_had(ledger_url: str) -> None:
    with Ledger.open(ledger_url) as ledger:
        new = issue(ledger, range(3))
    with Ledger.open(ledger_url) as ledger:
        assert [record.id for record in ledger.each(SCHOOL)] == [record.id for record in new]


def test_a_ledger_in_use_before_records_could_be_hidden_is_brought_up_to_date(ledger_url: str) -> None:
    with Ledger.open(ledger_url) as ledger:
        new = issue(ledger, range(3))
    engine = open_engine(ledger_url)
    with engine.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            if table.name not in OF_REVISION_2:
                connection.execute(text(f"DROP TABLE {table.name}"))
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '0002'"))
    engine.dispose()
    with Ledger.open(ledger_url) as ledger:
        assert [record.id for record in ledger.each(SCHOOL)] == [record.id for record in new]
        assert ledger.hide(new[0].id, AT)
        assert [ledger.is_hidden(record.id) for record in new] == [True, False, False]


def test_a_ledger_of_a_newer_testamur_is_left_alone(ledger_url: str) -> None:
    engine = open_engine(ledger_url)
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(OperatorError, match="newer testamur"):
        Ledger.open(ledger_url)


def test_only_the_owner_may_read_the_file_and_its_journals(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with Ledger.open(f"sqlite:///{tmp_path / 'ledger.sqlite'}") as ledger:
            issue(ledger, range(1))
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    finally:
        os.umask(before)
    assert modes
    assert set(modes.values()) == {0o600}


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("", "cannot be read"),
        ("ledger.sqlite", "cannot be read"),
        ("sqlite://", "needs a file"),
        ("sqlite:///:memory:", "needs a file"),
        ("mysql://root:secret@host/db", "'mysql'"),
        ("sqlite:////no/such/folder/ledger.sqlite", "No such file"),
        ("postgresql+psycopg://user:secret@127.0.0.1:1/ledger", "does not answer"),
    ],
)
def test_a_wrong_address_is_explained_without_its_password(address: str, said: str) -> None:
    with pytest.raises(OperatorError, match=said) as caught:
        Ledger.open(address)
    assert caught.value.hint
    assert "secret" not in caught.value.message + caught.value.hint


def test_a_file_that_is_no_ledger_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    path.write_bytes(b"this is a letter, not a database" * 400)
    with pytest.raises(OperatorError, match="damaged or is not a ledger"):
        Ledger.open(f"sqlite:///{path}")
    assert path.read_bytes().startswith(b"this is a letter")


def test_a_ledger_that_another_process_keeps_locked_is_said_to_be_in_use(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    engine = open_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 50")  # kept by the pooled connection
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with Ledger(engine) as ledger:
        with pytest.raises(OperatorError, match="in use by another process"):
            ledger.reserve(SCHOOL, "revocation", 1)
        assert ledger.lists(SCHOOL) == []  # reading goes on
        other.execute("ROLLBACK")
        assert len(ledger.reserve(SCHOOL, "revocation", 1)) == 1
    other.close()


@pytest.mark.postgres
def test_a_database_that_does_not_exist_is_explained(postgres_url: str) -> None:
    with pytest.raises(OperatorError, match="refused to let us in"):
        Ledger.open(postgres_url.replace("@/ledger_", "@/no_such_"))


def test_the_room_of_the_ledger_is_entered_without_loading_sqlalchemy() -> None:
    code = "import sys, testamur.store as s; s.Record; assert 'sqlalchemy' not in sys.modules; s.Ledger"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
