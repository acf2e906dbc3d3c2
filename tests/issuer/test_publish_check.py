"""``publish --check``: what a web host serves is held against what was published."""

from __future__ import annotations

import shutil
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from testamur.home import Home
from tests.fetch.servers import certificate, server_tls
from tests.issuer.conftest import ISSUE


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None: ...


@contextmanager
def hosted(folder: Path, pem: Path):
    """The folder, served over https on loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    server.socket = server_tls(pem).wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield f"https://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def check(desk):
    assert desk.type(*ISSUE, "--out", "diplomas", "--no-pdf") == 0
    assert desk.type("publish", "public") == 0
    pem = certificate(desk.folder, "127.0.0.1")
    with hosted(desk.folder / "public", pem) as url:
        yield (
            partial(desk.type, "publish", "public", "--check", url, "--allow", url, "--ca-file", str(pem)),
            desk,
        )


def test_a_host_that_serves_what_was_published_is_said_to(check):
    asked, desk = check
    assert (asked(), desk.out) == (0, "")
    assert "serves what was published" in desk.err


def test_a_file_that_is_missing_or_another_is_named(check):
    asked, desk = check
    shutil.copytree("public", "kept")
    Path("public/digests.bin").write_bytes(b"x")
    Path("public/status/1.jwt").unlink()
    words = ["kept" if word == "public" else word for word in asked.args]
    assert desk.type(*words) == 1
    assert "digests.bin: the host serves something else" in desk.out
    assert "status/1.jwt: it is not served" in desk.out
    assert "2 things to put right" in desk.err


def test_a_host_without_a_certificate_that_is_believed_is_not_read(check):
    asked, desk = check
    words = [word for word in asked.args if word != "--ca-file" and not word.endswith(".pem")]
    assert desk.type(*words) == 1
    assert "it is not served" in desk.out


def test_a_private_host_is_not_asked_unless_it_is_allowed(check):
    asked, desk = check
    words = [word for word in asked.args if word != "--allow"]
    url = words.pop(words.index("--ca-file") - 1)
    assert desk.type(*words) == 1
    assert "is not a public address" in desk.out
    assert url in words


def test_the_list_says_when_nothing_or_nothing_of_late_was_published(desk):
    assert desk.type(*ISSUE, "--out", "diplomas", "--no-pdf") == 0
    assert desk.type("list") == 0
    assert "nothing is published yet" in desk.err
    now = datetime.now(UTC)
    for days, said in ((61, True), (59, False)):
        Home.load(Path("home")).note_published(now - timedelta(days=days))
        assert desk.type("list") == 0
        assert ("the lists are good until" in desk.err) is said
    assert desk.type("revoke", "V-1", "--reason", "withdrawn") == 0
    assert desk.type("show", "V-1") == 0
    assert "not published yet" in desk.err
