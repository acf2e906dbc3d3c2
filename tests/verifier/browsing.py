"""A page of the verifier app that complains of nothing and asks nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import BrowserContext, Page

from tests.web.browser import open_page


@contextmanager
def page_of(context: BrowserContext, url: str) -> Iterator[Page]:
    """A page at this address; the test fails when it is left, if it complained or asked others."""
    wrongs: list[str] = []
    page = open_page(context, wrongs)
    page.on("request", lambda asked: None if _is_own(asked.url, url) else wrongs.append(asked.url))
    page.goto(url)
    yield page
    page.close()
    assert [wrong for wrong in wrongs if "/parts/" not in wrong and "ERR_FAILED" not in wrong] == []


def _is_own(asked: str, url: str) -> bool:
    origin = "/".join(url.split("/")[:3])
    return asked.startswith((origin, "data:", "blob:" + origin))
