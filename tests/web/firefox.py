"""Debian's Firefox, driven by WebDriver BiDi over a websocket: the few commands that a page is checked with."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.exceptions import InvalidHandshake
from websockets.sync.client import ClientConnection, connect

from tests.leaving_out import leave_out

PREFERENCES = {
    "app.normandy.enabled": False,
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "remote.active-protocols": 1,
    "services.settings.server": "http://127.0.0.1:9/",
    "toolkit.telemetry.enabled": False,
}


class Firefox:
    """One tab of a running Firefox."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket, self._number = socket, 0
        self.call("session.new", capabilities={})
        self._tab = self.call("browsingContext.getTree")["contexts"][0]["context"]

    def call(self, method: str, **parameters: Any) -> Any:
        """The result of a command; what the browser says in between is passed over."""
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": parameters}))
        while True:
            said = json.loads(self._socket.recv(timeout=60))
            if said.get("id") == self._number:
                assert said["type"] == "success", said
                return said["result"]

    def visit(self, address: str) -> None:
        for url in ("about:blank", address):
            self.call("browsingContext.navigate", context=self._tab, url=url, wait="complete")

    def evaluate(self, expression: str) -> Any:
        """The value of an expression in the page; texts, numbers and truth only."""
        target = {"context": self._tab}
        done = self.call("script.evaluate", expression=expression, target=target, awaitPromise=True)
        assert done["type"] == "success", done
        return done["result"].get("value")

    def wait(self, expression: str, *, seconds: float = 40) -> Any:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if value := self.evaluate(expression):
                return value
            time.sleep(0.1)
        raise AssertionError(f"{expression} stayed empty: {self.evaluate('document.body.innerText')}")

    def give_file(self, selector: str, file: Path) -> None:
        """Choose a file as a person does."""
        locator = {"type": "css", "value": selector}
        nodes = self.call("browsingContext.locateNodes", context=self._tab, locator=locator)["nodes"]
        element = {"sharedId": nodes[0]["sharedId"]}
        self.call("input.setFiles", context=self._tab, element=element, files=[str(file)])


@contextmanager
def firefox() -> Iterator[Firefox]:
    """A Firefox of its own profile, without a screen."""
    path = shutil.which("firefox-esr") or leave_out("pages in Firefox, without firefox-esr")
    with tempfile.TemporaryDirectory(prefix="firefox-", ignore_cleanup_errors=True) as profile:
        lines = (f'user_pref("{name}", {json.dumps(value)});' for name, value in PREFERENCES.items())
        (Path(profile) / "user.js").write_text("\n".join(lines))
        port = _free_port()
        command = [path, "--headless", "--no-remote", "--profile", profile]
        running = subprocess.Popen(
            [*command, "--remote-debugging-port", str(port), "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            with _connected(port) as socket:
                yield Firefox(socket)
        finally:
            running.terminate()
            running.wait(30)


def _connected(port: int) -> ClientConnection:
    end = time.monotonic() + 90
    while True:
        try:
            return connect(f"ws://127.0.0.1:{port}/session", max_size=1 << 24, proxy=None)
        except (OSError, InvalidHandshake):
            if time.monotonic() > end:
                raise
            time.sleep(0.3)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
