"""A learner with a small phone: she makes a wallet, takes a diploma in, shares it by a link, and it is opened."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, sync_playwright

from tests.town import Town
from tests.wallet.app.halls import PASSPHRASE, make_hall, wallet_of
from tests.web.browser import chromium, open_page

pytestmark = [pytest.mark.system, pytest.mark.slow]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def looked_at(page: Page, wrongs: list[str]) -> None:
    """Note what is wrong with a page at 320 pixels, in light and dark."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found = Axe().run(page, options=RULES).response["violations"]
        wrongs += [f"{page.url}: {each['id']}: {each['nodes'][0]['html'][:200]}" for each in found]
    if page.evaluate("document.documentElement.scrollWidth") > 320:
        wrongs.append(f"{page.url}: wider than the screen")


def make_wallet(page: Page, url: str, wrongs: list[str]) -> None:
    page.goto(f"{url}/new")
    looked_at(page, wrongs)
    page.fill("#name", "ሰላም")
    page.fill("#passphrase", PASSPHRASE)
    page.fill("#again", PASSPHRASE)
    page.click("button[data-main]")
    page.wait_for_url("**/records")


def share_by_link(page: Page, wrongs: list[str]) -> str:
    page.click("a[href$='/share']")
    looked_at(page, wrongs)
    page.check("input[value=link]")
    page.fill("#who", "Valdoria Works")
    page.click("button[data-main]")
    page.wait_for_selector("input[name=agreed]", state="attached")
    looked_at(page, wrongs)
    page.click("button[data-main]")
    return page.input_value("#address")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_learner_takes_a_diploma_in_and_shares_it(language: str, tmp_path: Path) -> None:
    town, wrongs = Town(), list[str]()
    viewport = {"width": 320, "height": 640}
    with (
        sync_playwright() as driver,
        wallet_of(make_hall(tmp_path, town)) as app,
        chromium(driver, viewport=viewport, locale=language) as context,
    ):
        page = open_page(context, wrongs)
        make_wallet(page, app.url, wrongs)
        page.goto(f"{app.url}/receive")
        looked_at(page, wrongs)
        diploma = {
            "name": "d.json",
            "mimeType": "application/json",
            "buffer": town.school.issue().text.encode(),
        }
        page.set_input_files("input[type=file]", diploma)  # type: ignore[arg-type]
        page.click("button[type=submit]:not(header button)")
        page.wait_for_selector("article[data-headline=genuine]")
        looked_at(page, wrongs)
        address = share_by_link(page, wrongs)
        opened_by_another(context, address, wrongs)
        for path in ("/records", "/history", "/keep"):
            page.goto(app.url + path)
            looked_at(page, wrongs)
    assert wrongs == []


def opened_by_another(context: BrowserContext, address: str, wrongs: list[str]) -> None:
    page = open_page(context, wrongs)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    page.wait_for_selector("dd")
    assert "17.5 of 20" in page.inner_text("dl")
    assert not [url for url in asked if address.partition("#")[2] in url]
    looked_at(page, wrongs)
    page.goto(address.partition("#")[0])
    page.wait_for_function("() => document.querySelector('[data-status]').textContent.includes('#')")
    page.close()
