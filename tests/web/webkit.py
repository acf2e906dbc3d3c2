"""WebKit as Debian packages it, driven by the WebDriver protocol: the few commands that a page is checked with."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tests.leaving_out import leave_out

_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the name of a reference (WebDriver §11)
_QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


class WebKit:
    """One tab of WebKit's own small browser."""

    def __init__(self, driver: str, browser: str) -> None:
        self._driver = driver
        how = {"binary": browser, "args": ["--automation"]}
        wanted = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": how}}}
        self._session = f"/session/{self._call('POST', '/session', wanted)['sessionId']}"

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        asked = urllib.request.Request(
            self._driver + path, data, {"content-type": "application/json"}, method=method
        )
        with urllib.request.urlopen(asked, timeout=90) as answer:
            return json.load(answer)["value"]

    def visit(self, address: str) -> None:
        for url in ("about:blank", address):
            self._call("POST", f"{self._session}/url", {"url": url})

    def evaluate(self, expression: str) -> Any:
        """The value of an expression in the page, awaited."""
        script = f"const tell = arguments[0]; Promise.resolve({expression}).then(tell, (wrong) => tell(String(wrong)));"
        return self._call("POST", f"{self._session}/execute/async", {"script": script, "args": []})

    def wait(self, expression: str, *, seconds: float = 40) -> Any:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if value := self.evaluate(expression):
                return value
            time.sleep(0.1)
        raise AssertionError(f"{expression} stayed empty: {self.evaluate('document.body.innerText')}")

    def give_file(self, selector: str, file: Path) -> None:
        """Choose a file as a person does."""
        found = self._call("POST", f"{self._session}/element", {"using": "css selector", "value": selector})
        self._call("POST", f"{self._session}/element/{found[_ELEMENT]}/value", {"text": str(file)})

    def close(self) -> None:
        self._call("DELETE", self._session)


@contextmanager
def webkit() -> Iterator[WebKit]:
    """A WebKit that keeps nothing, on a screen that nobody sees."""
    missing = "pages in WebKit, without webkit2gtk-driver and xvfb"
    driver = shutil.which("WebKitWebDriver") or leave_out(missing)
    screen = shutil.which("Xvfb") or leave_out(missing)
    browser = next(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"), None) or leave_out(missing)
    with ExitStack() as stack:
        port, display = _free_port(), _display(stack, screen)
        settings = {"DISPLAY": display, "GSETTINGS_BACKEND": "memory", "LIBGL_ALWAYS_SOFTWARE": "1"}
        settings |= {"WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1"}  # its pages are our own
        _run(stack, [driver, "-p", str(port)], env=os.environ | settings)
        _listening(port)
        tab = WebKit(f"http://127.0.0.1:{port}", str(browser))
        stack.callback(tab.close)
        yield tab


def _display(stack: ExitStack, screen: str) -> str:
    """A screen in memory; the server says itself which number was free."""
    reader, writer = os.pipe()
    command = [screen, "-displayfd", str(writer), "-screen", "0", "800x900x24", "-nolisten", "tcp"]
    _run(stack, command, pass_fds=[writer])
    os.close(writer)
    with os.fdopen(reader) as told:
        return f":{told.readline().strip()}"


def _run(stack: ExitStack, command: list[str], **how: Any) -> None:
    running = subprocess.Popen(command, **_QUIET, **how)
    stack.callback(running.wait, 30)
    stack.callback(running.terminate)


def _listening(port: int) -> None:
    end = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
        else:
            return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
