"""An employer with a browser: camera, drop, paste, many at once, and everything by keyboard and at any size."""

import csv
import io

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

from testamur import papercode
from testamur.checks import Headline
from testamur.proofs import decode
from testamur.words import LANGUAGES, Tongue
from tests.scanning import papers
from tests.town import NOW, Town
from tests.verifier.app_desk import verifying_app
from tests.verifier.browsing import page_of
from tests.web import browser
from tests.web.film import film

pytestmark = pytest.mark.system
expect.set_options(timeout=60_000)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture(scope="module")
def town() -> Town:
    town = Town()
    town.school.set_bits["revocation"][10] = "issued_in_error"
    town.school.publish()
    return town


@pytest.fixture(scope="module")
def app(town):
    with verifying_app(town, receipts=True, name="Town Hall of Valdoria") as served:
        yield served


@pytest.fixture(scope="module")
def playwright():
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="module")
def chromium(town, playwright, tmp_path_factory):
    code = papercode.encode(town.school.issue_paper().text, papers.HOST)
    target = film(code, tmp_path_factory.mktemp("film") / "code.mjpeg")
    with browser.chromium(playwright, film=target, locale="en-GB") as context:
        yield context


def files(town: Town, count: int) -> list[dict[str, object]]:
    school = town.school
    texts = [school.issue(school.diploma(index=10 if n == 3 else 7)).text for n in range(count)]
    return [
        {"name": f"{number}.json", "mimeType": "application/json", "buffer": text.encode()}
        for number, text in enumerate(texts)
    ]


def headline(page) -> str:
    page.wait_for_selector("article[data-headline]")
    return page.get_attribute("article[data-headline]", "data-headline")


@pytest.mark.parametrize("reader", ["the page's WebAssembly", "the server"])
def test_a_code_before_the_camera_is_answered_where_the_browser_reads_none(chromium, app, reader):
    """Without BarcodeDetector the page brings its own reader; where that is missing too, the server reads frames."""
    asked: list[str] = []
    with page_of(chromium, app.url) as page:
        page.add_init_script("delete globalThis.BarcodeDetector")
        page.on("request", lambda request: asked.append(request.url.removeprefix(app.url)))
        if reader == "the server":
            page.route("**/parts/**", lambda route: route.abort())
        page.set_viewport_size({"width": 320, "height": 640})
        page.reload()
        page.get_by_role("button", name="Scan with the camera").click()
        assert headline(page) == "genuine"
        assert "ሰላም ተስፋዬ" in page.inner_text("article")
        assert "#" not in page.url
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert ("/frame" in asked) is (reader == "the server")
    assert any(path.endswith(".wasm") for path in asked) is (reader != "the server")


def test_a_file_that_is_dropped_is_answered(chromium, app, town):
    with page_of(chromium, app.url) as page:
        expect(page.locator("[data-scan]")).to_be_visible()
        page.evaluate(
            """text => {
              const carried = new DataTransfer();
              carried.items.add(new File([text], "d.json"));
              const zone = document.querySelector("[data-drop]");
              zone.dispatchEvent(new DragEvent("drop", { dataTransfer: carried, bubbles: true, cancelable: true }));
            }""",
            town.school.issue().text,
        )
        assert headline(page) == "genuine"


def test_with_the_keyboard_alone_a_text_is_pasted_and_the_answer_read(chromium, app, town):
    with page_of(chromium, app.url) as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
        for _ in range(12):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.id") == "text":
                break
        page.keyboard.insert_text(town.school.issue(town.school.diploma(index=10)).text)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert headline(page) == "revoked"
        assert "it was issued by mistake" in page.inner_text("article > header").lower()


def test_many_files_are_answered_one_by_one_and_kept_as_spreadsheet_and_receipt(chromium, app, town):
    with page_of(chromium, app.url) as page:
        expect(page.locator("[data-scan]")).to_be_visible()
        page.set_input_files("input[type=file]", files(town, 12))
        expect(page.get_by_role("button", name="Spreadsheet")).to_be_visible()
        assert page.locator("tbody tr").count() == 12
        told = page.inner_text("main").replace("\u2068", "").replace("\u2069", "")
        assert "Genuine: 11 · Revoked: 1" in told
        with page.expect_download() as saved:
            page.get_by_role("button", name="Spreadsheet").click()
        rows = list(csv.DictReader(io.StringIO(saved.value.path().read_text("utf-8-sig"))))
        assert [row["headline"] for row in rows].count("genuine") == 11
        with page.expect_download() as saved:
            page.get_by_role("button", name="Signed receipt").click()
        report = town.employer().verify(decode(saved.value.path().read_bytes()), at=NOW)
        assert report.headline is Headline.ISSUER_UNLISTED
        assert len(report.claims["credentialSubject"]) == 12


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_start_page_of_each_language_is_accessible_and_fits_a_small_phone(chromium, app, language):
    with page_of(chromium, f"{app.url}/?lang={language}") as page:
        page.set_viewport_size({"width": 320, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert Tongue(language).say("Is this diploma genuine?") in page.inner_text("h1")
        assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_answers_are_accessible_in_light_and_dark_and_fit_a_small_phone(chromium, app, town, scheme):
    forged = town.school.issue().text.replace("17.5 of 20", "19.5 of 20")
    for text in (town.school.issue().text, forged, "nothing of the kind"):
        with page_of(chromium, app.url) as page:
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": 320, "height": 640})
            page.fill("#text", text)
            page.get_by_role("button", name="Check", exact=True).click()
            headline(page)
            page.locator("details").last.evaluate("each => each.open = true")
            assert page.evaluate("document.documentElement.scrollWidth") <= 320
            assert violations(page) == []


def test_several_answers_on_one_page_are_accessible(chromium, app, town):
    with page_of(chromium, app.url) as page:
        expect(page.locator("[data-scan]")).to_be_visible()
        page.set_input_files("input[type=file]", files(town, 4))
        page.wait_for_selector("details[data-file]")
        page.locator("details[data-file]").first.evaluate("each => each.open = true")
        assert violations(page) == []


def test_without_scripts_a_file_is_given_and_answered(playwright, app, town):
    with (
        browser.chromium(playwright, java_script_enabled=False, locale="fr-FR") as context,
        page_of(context, app.url) as page,
    ):
        page.set_input_files("input[type=file]", files(town, 1))
        page.get_by_role("button", name="Vérifier", exact=True).click()
        assert headline(page) == "genuine"
        assert "Authentique" in page.inner_text("h1")


def violations(page) -> list[str]:
    """What axe finds."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found]
