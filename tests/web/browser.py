"""Debian's Chromium, driven by Playwright; and waiting without a script in the page, which its policy refuses."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, Playwright

from tests.leaving_out import leave_out

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-domain-reliability", "--disable-breakpad",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)  # fmt: skip
CAMERA = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")

WITHOUT_ED25519 = """
const importKey = crypto.subtle.importKey.bind(crypto.subtle);
crypto.subtle.importKey = (format, data, algorithm, ...rest) => algorithm.name === "Ed25519"
  ? Promise.reject(new DOMException("unknown", "NotSupportedError"))
  : importKey(format, data, algorithm, ...rest);
"""
"""A browser as they were before 2025, for scripts of the page."""


def chromium_path() -> str:
    return shutil.which("chromium") or leave_out("pages in a browser, without chromium")


@contextmanager
def chromium(
    playwright: Playwright, *, film: Path | None = None, flags: Sequence[str] = (), **how: Any
) -> Iterator[BrowserContext]:
    """A browser with a profile of its own; ``film`` is what its camera sees."""
    camera = [*CAMERA, f"--use-file-for-fake-video-capture={film}"] if film else []
    with tempfile.TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True) as profile:
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path=chromium_path(), headless=True, args=[*FLAGS, *camera, *flags],
            permissions=["camera"] if film else [], **how,
        )  # fmt: skip
        context.set_default_timeout(60_000)
        try:
            yield context
        finally:
            context.close()


def open_page(context: BrowserContext, problems: list[str] | None = None) -> Page:
    """A page whose errors and refusals by its policy are gathered."""
    page = context.new_page()
    if problems is not None:
        page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: problems.append(str(error)))
    return page


def wait(page: Page, expression: str, *, seconds: float = 20) -> Any:
    """The value of an expression as soon as it is not nothing."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if (value := page.evaluate(expression)) not in (None, "", False, 0):
            return value
        time.sleep(0.03)
    raise AssertionError(f"{expression} stayed empty; the page says: {page.inner_text('body')[:600]}")


def headline(page: Page) -> str:
    """The verdict, once there is one."""
    return str(wait(page, "() => document.querySelector('article[data-headline]')?.dataset.headline"))
