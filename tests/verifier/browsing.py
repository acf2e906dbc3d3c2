"""Debian's Chromium before the verifier app, with a camera that sees a film of a printed code."""

from __future__ import annotations

import io
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image, ImageFilter
from playwright.sync_api import BrowserContext, Page, Playwright

from tests.leaving_out import leave_out
from tests.scanning import papers

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
)  # fmt: skip
SIZE = (1280, 720)


@contextmanager
def browser(playwright: Playwright, film: Path | None = None, **how: Any) -> Iterator[BrowserContext]:
    """A browser with a profile of its own."""
    path = shutil.which("chromium") or leave_out("pages in a browser, without chromium")
    seen = [f"--use-file-for-fake-video-capture={film}"] if film else []
    with tempfile.TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True) as profile:
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path=path, headless=True, args=[*FLAGS, *seen], permissions=["camera"], **how
        )
        context.set_default_timeout(60_000)
        try:
            yield context
        finally:
            context.close()


@contextmanager
def page_of(context: BrowserContext, url: str) -> Iterator[Page]:
    """A page that complains of nothing and asks nobody else, or the test fails when it is left."""
    page, wrongs = context.new_page(), []
    page.on("console", lambda said: wrongs.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: wrongs.append(str(error)))
    page.on("request", lambda asked: None if _is_own(asked.url, url) else wrongs.append(asked.url))
    page.goto(url)
    yield page
    page.close()
    assert [wrong for wrong in wrongs if "/parts/" not in wrong and "ERR_FAILED" not in wrong] == []


def _is_own(asked: str, url: str) -> bool:
    origin = "/".join(url.split("/")[:3])
    return asked.startswith((origin, "data:", "blob:" + origin))


def film(text: str, target: Path) -> Path:
    """A printed code before a camera: a little turned, and out of focus before it is sharp."""
    code = papers.code(text, box=5)
    with target.open("wb") as out:
        for number in range(20):
            table = Image.new("L", SIZE, 110)
            side = 660
            small = code.resize((side, side), Image.Resampling.LANCZOS)
            table.paste(small, ((SIZE[0] - side) // 2, (SIZE[1] - side) // 2))
            turned = table.rotate(4 + number / 8, Image.Resampling.BICUBIC, fillcolor=110)
            seen = turned.filter(ImageFilter.GaussianBlur(0.5 + max(0, 6 - number) * 0.8))
            file = io.BytesIO()
            seen.convert("RGB").save(file, "JPEG", quality=85)
            out.write(file.getvalue())
    return target
