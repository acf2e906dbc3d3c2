"""The beginning of a school year at the desk in a real browser: founded, peopled, its first records issued."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from testamur.issuer.desk.office import Office
from testamur.issuer.desk.works import worker_of
from tests.issuer.desk.offices import add_person, desk_of, make_office
from tests.web.browser import FLAGS, chromium_path

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


def roster() -> bytes:
    """A OneRoster 1.2 ZIP of a small school."""
    here = Path(__file__).with_name("roster.json")
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, rows in json.loads(here.read_text("utf-8")).items():
            text = io.StringIO()
            csv.writer(text).writerows(rows)
            archive.writestr(name, text.getvalue())
    return stream.getvalue()


class People:
    """Everybody has a browser of their own; what a page complains of is gathered."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.browser, self.url, self.wrongs = browser, url, list[str]()
        self._contexts: list[BrowserContext] = []

    def comes(self, path: str = "/sign-in") -> Page:
        context = self.browser.new_context(locale="en-GB", accept_downloads=True)
        context.set_default_timeout(60_000)
        self._contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: self.wrongs.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.wrongs.append(str(error)))
        page.goto(path if path.startswith("http") else self.url + path)
        return page

    def joins(self, link: str, name: str) -> Page:
        """Somebody takes an invitation."""
        page = self.comes(self.url + link[link.index("/join/") :])
        page.fill("#name", name)
        page.fill("#password", f"the boat of {name}")
        page.click("main button[type=submit]")
        page.wait_for_url(lambda url: "/join/" not in url)
        return page


@contextmanager
def playing(office: Office) -> Iterator[People]:
    """The desk with its worker, and people before it."""
    with desk_of(office) as served, sync_playwright() as playwright:
        worker = worker_of(office)
        worker.start()
        browser = playwright.chromium.launch(executable_path=chromium_path(), headless=True, args=[*FLAGS])
        try:
            yield People(browser, f"http://localhost:{served.port}")
        finally:
            browser.close()
            worker.stop()


def seen(page: Page, *, phone: bool = False) -> None:
    """The page has no barrier that axe knows of, and nothing of it is wider than it is."""
    for width in (1280, 320) if phone else (1280,):
        page.set_viewport_size({"width": width, "height": 800})
        found = Axe().run(page, options=RULES).response["violations"]
        assert [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found] == [], page.url
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{page.url} is {wide} wider than {width}"
    page.set_viewport_size({"width": 1280, "height": 800})


def post(page: Page, words: str) -> None:
    """Press the button of these words, and wait for the page it leads to."""
    with page.expect_navigation():
        page.get_by_role("button", name=words, exact=True).first.click()


def invited(page: Page, email: str, *roles: str) -> str:
    """Invite somebody; the link that the page shows."""
    page.fill("section #email", email)
    for role in roles:
        page.locator("form[action$='/invite']").get_by_label(role).check()
    post(page, "Invite")
    assert page.locator("#link").count(), page.inner_text("main")
    return page.input_value("#link")


def play(office: Office) -> None:
    """From the founding of a school to its first transcripts."""
    add_person(office, "ministry@example.org", None, operator=True)
    with playing(office) as people:
        ministry = people.comes()
        seen(ministry, phone=True)
        ministry.fill("#email", "ministry@example.org")
        ministry.fill("#password", "a long walk by the sea")
        post(ministry, "Sign in")
        ministry.goto(f"{people.url}/organisations")
        ministry.fill("#name", "ጅማ College")
        ministry.fill("#slug", "jimma")
        ministry.fill("#url", "https://jimma.example")
        ministry.fill("#admin", "head@jimma.example")
        post(ministry, "Found it")
        seen(ministry)
        head = people.joins(ministry.input_value("#link"), "Almaz")
        head.goto(f"{people.url}/schools/jimma/people")
        clerk = people.joins(invited(head, "clerk@jimma.example", "Clerk"), "Dawit")
        registrar = people.joins(invited(head, "registrar@jimma.example", "Registrar"), "Hirut")
        auditor = people.joins(invited(head, "auditor@jimma.example", "Auditor"), "Yonas")
        seen(head, phone=True)
        head.goto(f"{people.url}/schools/jimma/settings")
        for kind in ("Issue", "Correct", "Revoke", "Undo a batch"):
            head.get_by_label(kind, exact=True).check()
        post(head, "Save")
        seen(head)
        make_templates(registrar)
        issue_roster(clerk, registrar)
        auditor.goto(_at(auditor, ""))
        seen(auditor, phone=True)
        assert people.wrongs == []


def make_templates(registrar: Page) -> None:
    """The registrar makes two templates and changes how one looks; the preview follows."""
    for kind in ("diploma", "transcript"):
        registrar.goto(_at(registrar, "/templates"))
        registrar.select_option("#kind", kind)
        registrar.fill("#name", kind)
        post(registrar, "Make it")
    registrar.goto(_at(registrar, "/templates/diploma"))
    before = registrar.get_attribute("[data-page] img", "src")
    registrar.fill("#title", "የዲፕሎማ ምስክር")
    registrar.fill("#ink", "#7a0000")
    _until(registrar, lambda: registrar.get_attribute("[data-page] img", "src") != before)
    seen(registrar, phone=True)
    post(registrar, "Keep")
    assert registrar.input_value("#title") == "የዲፕሎማ ምስክር"


def issue_roster(clerk: Page, registrar: Page) -> None:
    """A OneRoster ZIP becomes transcripts by a mapping that is put right; the batch is undone in the end."""
    clerk.goto(_at(clerk, "/sheets/new"))
    seen(clerk, phone=True)
    clerk.select_option("#template", "transcript")
    clerk.set_input_files(
        "input[name=file]", {"name": "roster.zip", "mimeType": "application/zip", "buffer": roster()}
    )
    post(clerk, "Check it")
    assert "programme" in clerk.inner_text("main")
    mapping = clerk.input_value("#mapping").replace(
        '"programme" = ""', '"programme" = "Secondary School Diploma"'
    )
    clerk.fill("#mapping", mapping)
    post(clerk, "Map it so")
    seen(clerk)
    draft = _handed_over(clerk)
    _approved(registrar, draft)
    assert "1 records were signed" in registrar.inner_text("main")


def _at(page: Page, path: str) -> str:
    return f"{'/'.join(page.url.split('/')[:3])}/schools/jimma{path}"


def _handed_over(clerk: Page) -> str:
    post(clerk, "Hand over for approval")
    return clerk.url


def _approved(registrar: Page, draft: str) -> None:
    registrar.goto(draft)
    seen(registrar)
    registrar.locator("form[action$='/approve'] button").click()
    registrar.get_by_role("heading", name="Done", exact=True).wait_for(timeout=240_000)


def _until(page: Page, ready: Callable[[], bool]) -> None:
    for _ in range(150):
        if ready():
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"nothing happened at {page.url}")


@pytest.mark.slow
def test_a_school_is_founded_peopled_and_issues_its_first_transcripts(tmp_path: Path) -> None:
    play(make_office(tmp_path / "desk"))
