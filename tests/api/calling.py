"""A program that calls the VC API, and a server started as a process for it to call."""

import json
import os
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


@dataclass
class Caller:
    """Calls one server; ``instances`` is what its line at the start said."""

    url: str
    instances: dict

    @cached_property
    def _connection(self) -> HTTPConnection:
        parts = urlsplit(self.url)
        if parts.scheme == "http":
            return HTTPConnection(parts.hostname, parts.port, timeout=60)
        trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        trusting.check_hostname = False
        trusting.verify_mode = ssl.CERT_NONE
        return HTTPSConnection(parts.hostname, parts.port, timeout=60, context=trusting)

    def call(self, method, path, body=None, headers=None) -> Answer:
        if body is not None and not isinstance(body, bytes | str):
            body = json.dumps(body)
        sent = {"content-type": "application/json"} | (headers or {})
        path = path if path.startswith("/") else urlsplit(path).path
        for last in (False, True):
            try:
                self._connection.request(method, path, body, sent)
                answer = self._connection.getresponse()
                return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
            except (OSError, ssl.SSLError):
                self._connection.close()
                if last:
                    raise
        raise AssertionError

    def post(self, instance, operation, body, **headers) -> Answer:
        return self.call("POST", f"/instances/{instance}/{operation}", body, headers)

    def issue(self, instance, credential, **options) -> Answer:
        body = {"credential": credential} | ({"options": options} if options else {})
        return self.post(instance, "credentials/issue", body)

    def verify(self, credential, instance="verifier", **options) -> Answer:
        body = {"verifiableCredential": credential} | ({"options": options} if options else {})
        return self.post(instance, "credentials/verify", body)

    def id_of(self, instance) -> str:
        return self.instances[instance]["id"]


@contextmanager
def started(config: Path, *options: str) -> Iterator[Caller]:
    """A server of this settings file in a process of its own, at a port of its own."""
    command = [sys.executable, "-m", "testamur", "serve", "api", "--config", str(config), "--port", "0"]
    process = subprocess.Popen(
        [*command, *options],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        line = process.stdout.readline()
        assert line, process.stderr.read()
        said = json.loads(line)
        caller = Caller(said["url"], said["instances"])
        yield caller
        caller._connection.close()
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:  # a busy machine; nothing here is about how it ends
            process.kill()
            process.wait()
        process.stdout.close()
        process.stderr.close()
