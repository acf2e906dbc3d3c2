"""``testamur serve`` as an operator starts and stops it."""

import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from testamur.cli import run
from testamur.serving import Place
from testamur.serving.running import _listening
from tests.served import Served


def start(*arguments: str, folder) -> tuple[subprocess.Popen[str], str]:
    """The process, and the address it announced."""
    process = subprocess.Popen(
        [sys.executable, "-m", "testamur", "serve", "verifier", "--port", "0", *arguments],
        cwd=folder,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "XDG_CACHE_HOME": str(folder), "TMPDIR": str(folder)},
    )
    line = process.stderr.readline()
    assert "the verifier answers at http://127.0.0.1:" in line, line + process.stderr.read()
    return process, line.split(" at ")[1].split()[0]


def is_alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().split()[2] != "Z"
    except FileNotFoundError:
        return False


def children(pid: int) -> list[int]:
    found = subprocess.run(["ps", "--ppid", str(pid), "-o", "pid="], capture_output=True, text=True)
    return [int(word) for word in found.stdout.split()]


@pytest.mark.parametrize("workers", ["1", "2"])
def test_it_answers_until_it_is_stopped(tmp_path, workers):
    process, url = start("--workers", workers, folder=tmp_path)
    try:
        served = Served(int(url.rpartition(":")[2]))
        assert served.get("/health").json == {"status": "ok"}
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) is not None
        assert not list(tmp_path.glob("testamur-*")), "what lay in a temporary folder goes with the server"
        with pytest.raises(OSError):
            served.get("/health")
    finally:
        process.kill()


def test_workers_end_with_the_one_that_started_them_even_if_it_is_killed(tmp_path):
    process, url = start("--workers", "2", folder=tmp_path)
    Served(int(url.rpartition(":")[2])).get("/health")
    started = children(process.pid)
    assert len(started) >= 2
    process.kill()
    process.wait()
    deadline = time.monotonic() + 10
    while any(map(is_alive, started)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(is_alive, started))


def test_a_port_that_is_taken_is_named_and_no_traceback_is_shown(capsys):
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        assert run(["serve", "verifier", "--port", str(held.getsockname()[1])]) == 2
    said = capsys.readouterr().err
    assert "cannot be listened at" in said
    assert "--port" in said


def test_a_certificate_without_its_key_is_refused(capsys, tmp_path):
    (tmp_path / "cert.pem").write_text("")
    assert run(["serve", "verifier", "--tls-cert", str(tmp_path / "cert.pem")]) == 2
    assert "go together" in capsys.readouterr().err


def test_a_trust_file_that_cannot_be_read_is_named_before_anything_listens(capsys, tmp_path):
    assert run(["serve", "verifier", "--port", "0", "--trust", str(tmp_path / "no.toml")]) == 2
    assert "no.toml" in capsys.readouterr().err


def test_an_app_that_is_not_there_is_named_with_the_nearest(capsys):
    assert run(["serve", "verifyer"]) == 2
    assert "did you mean `testamur serve verifier`?" in capsys.readouterr().err


def test_answers_are_not_held_back_until_the_other_side_has_confirmed_their_beginning():
    with _listening(Place(port=0)) as held:
        assert held.proto == socket.IPPROTO_TCP
