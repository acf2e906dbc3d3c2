"""An app as it is served: uvicorn in a thread, on a port of this machine, asked over HTTP."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

import uvicorn

from testamur.jsontext import parse_json


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return parse_json(self.body)


@dataclass(frozen=True)
class Served:
    """A running app; every question is a connection of its own."""

    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, dict(headers or {}))
            response = connection.getresponse()
            named: dict[str, str] = {}
            for name, value in response.getheaders():  # cookies come in a header each
                key = name.lower()
                named[key] = f"{named[key]}\n{value}" if key == "set-cookie" and key in named else value
            return Answer(response.status, named, response.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})

    def post(self, path: str, body: bytes | str, kind: str, **headers: str) -> Answer:
        raw = body if isinstance(body, bytes) else body.encode()
        named = {k.replace("_", "-"): v for k, v in headers.items()}
        return self.ask("POST", path, raw, {"content-type": kind, **named})

    def send(self, path: str, parts: Sequence[tuple[str, str, bytes]], **headers: str) -> Answer:
        """A form: (field, file name or "" for a text, content)."""
        kind, body = form(parts)
        return self.post(path, body, kind, **headers)


def form(parts: Sequence[tuple[str, str, bytes]]) -> tuple[str, bytes]:
    """The content type and the body of a multipart form."""
    mark = token_hex(12)
    lines = []
    for field, name, content in parts:
        file = f'; filename="{name}"\r\ncontent-type: application/octet-stream' if name else ""
        head = f'--{mark}\r\ncontent-disposition: form-data; name="{field}"{file}\r\n\r\n'
        lines.append(head.encode() + content + b"\r\n")
    return f"multipart/form-data; boundary={mark}", b"".join(lines) + f"--{mark}--\r\n".encode()


@contextmanager
def serving(app: Any) -> Iterator[Served]:
    """The app, running until the block ends."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen(256)
        config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", http="h11", ws="none")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [held]}, daemon=True)
        thread.start()
        try:
            yield Served(held.getsockname()[1])
        finally:
            server.should_exit = True
            thread.join(10)
