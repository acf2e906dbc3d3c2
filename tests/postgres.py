"""A private PostgreSQL cluster for the tests: made once a session, on a socket of its own, gone at the end."""

import atexit
import functools
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

_PORT = 54329  # names the socket's file; nothing listens on the network
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60")


class Cluster:
    """A running server; ``database`` makes an empty database and gives its URL."""

    def __init__(self, folder: Path, bin_folder: Path, user: list[str]) -> None:
        self.folder, self._bin, self._user = folder, bin_folder, user

    def run(self, program: str, *arguments: str) -> str:
        done = subprocess.run(
            [*self._user, str(self._bin / program), *arguments],
            cwd=self.folder, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{program}: {done.stderr or done.stdout}"
        return done.stdout

    def start(self) -> None:
        self.run(
            "initdb", "-D", "data", "-U", "testamur", "-E", "UTF8", "--locale=C", "-A", "trust", "--no-sync"
        )
        options = " ".join(f"-c {setting}" for setting in _FAST)
        sockets = f"-c listen_addresses='' -c unix_socket_directories={self.folder} -p {_PORT}"
        self.run("pg_ctl", "-D", "data", "-w", "-l", "log", "-o", f"{options} {sockets}", "start")

    def stop(self) -> None:
        self.run("pg_ctl", "-D", "data", "-m", "immediate", "-w", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def sql(self, statement: str) -> str:
        return self.run("psql", "-h", str(self.folder), "-p", str(_PORT), "-U", "testamur", "-d", "postgres",
                        "-v", "ON_ERROR_STOP=1", "-Atc", statement)  # fmt: skip

    def database(self, like: str = "") -> str:
        """An empty database, or one with all that is in another, which nobody is using."""
        name = f"ledger_{secrets.token_hex(6)}"
        self.sql(f"CREATE DATABASE {name}{f' TEMPLATE {_name(like)}' if like else ''}")
        return f"postgresql+psycopg://testamur@/{name}?host={self.folder}&port={_PORT}"

    def drop(self, url: str) -> None:
        self.sql(f"DROP DATABASE {_name(url)} WITH (FORCE)")


def _name(url: str) -> str:
    return url.partition("@/")[2].partition("?")[0]


def postgres_binaries() -> Path | None:
    """The folder of initdb and pg_ctl: the newest that Debian keeps aside, else the one on PATH."""
    kept = [program.parent for program in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if kept:
        return max(kept, key=lambda folder: [int(part) for part in folder.parent.name.split(".")])
    program = shutil.which("pg_ctl")
    return Path(program).resolve().parent if program and shutil.which("initdb") else None


@functools.cache
def postgres_cluster() -> Cluster:
    """The session's cluster; skips, named, where PostgreSQL is missing, and fails there if CI says so."""
    binaries = postgres_binaries()
    if binaries is None:
        reason = "PostgreSQL is not installed (no initdb in /usr/lib/postgresql/*/bin or on PATH)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    folder = Path(tempfile.mkdtemp(prefix="testamur-pg-"))
    user: list[str] = []
    if os.geteuid() == 0:  # the server refuses to run as root
        who = _somebody_else()
        user = ["setpriv", f"--reuid={who.pw_uid}", f"--regid={who.pw_gid}", "--clear-groups"]
        os.chown(folder, who.pw_uid, who.pw_gid)
    cluster = Cluster(folder, binaries, user)
    cluster.start()
    atexit.register(cluster.stop)
    return cluster


def _somebody_else() -> pwd.struct_passwd:
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """The URL of an empty database of its own."""
    cluster = postgres_cluster()
    url = cluster.database()
    yield url
    cluster.drop(url)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def ledger_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a ledger that is not there yet: each test runs on both databases."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    url: str = request.getfixturevalue("postgres_url")
    return url
