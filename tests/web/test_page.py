"""The verifier page in Debian's Chromium, as published and served by a plain web host."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, Playwright, sync_playwright

from testamur.keys import LocalSigner
from testamur.words import LANGUAGES, Tongue, catalogue
from tests.town import key
from tests.web.browser import WITHOUT_ED25519, chromium, headline, open_page, wait
from tests.web.film import film, paper
from tests.web.site import Papers, open_site

pytestmark = [pytest.mark.system]

KEPT = "async () => (await (await caches.open('testamur-lists')).keys()).length >= 5"
WORKER = "async () => Boolean((await navigator.serviceWorker.ready).active) && Boolean(navigator.serviceWorker.controller)"


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Papers]:
    with open_site(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture(scope="module")
def codes(papers: Papers) -> dict[str, str]:
    """A code for every headline the page can give, and the site published with what they need."""
    good, revoked, replaced = (papers.issue(language) for language in ("am", "ar", "hi"))
    suspended = papers.issue("km", suspendable=True)
    papers.issue("hi", replaces=replaced.id)
    papers.ledger.set_status(revoked.id, "revocation", True, reason="issued_in_error", at=papers.now)
    papers.ledger.set_status(suspended.id, "suspension", True, reason="under_review", at=papers.now)
    papers.publish()
    thief = LocalSigner(key("thief"), papers.signer.verification_method)
    multikey = key("stranger").public_key.multikey
    stranger = LocalSigner(key("stranger"), f"did:key:{multikey}#{multikey}")
    unlisted = {"id": f"did:key:{multikey}", "type": ["Profile"], "name": "Ministry of Truth"}
    other = f"{papers.site.did}:other"
    return {
        "genuine": papers.code(good),
        "revoked": papers.code(revoked),
        "replaced": papers.code(replaced),
        "expired": papers.sign(validUntil="2026-08-01T00:00:00Z"),
        "not_yet_valid": papers.sign(validFrom="2199-01-01T00:00:00Z"),
        "not_genuine": papers.sign(thief),
        "issuer_unlisted": papers.sign(stranger, issuer=unlisted),
        "cannot_tell": papers.sign(LocalSigner(key("other"), f"{other}#key-1"), issuer={"id": other}),
        "suspended": papers.code(suspended),
    }


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[BrowserContext]:
    with chromium(playwright, viewport={"width": 320, "height": 640}) as context:
        yield context


def visit(page: Page, code: str) -> str:
    """Open what a phone's camera read; the host of these tests has no certificate."""
    page.goto("about:blank")
    page.goto(code.replace("HTTPS:", "HTTP:"))
    return headline(page)


def test_each_code_has_its_headline_and_leaves_nothing_in_the_address(
    browser: BrowserContext, codes: dict[str, str], papers: Papers
) -> None:
    problems: list[str] = []
    page = open_page(browser, problems)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    assert {name: visit(page, code) for name, code in codes.items()} == {name: name for name in codes}
    assert page.evaluate("location.href").rstrip("/").endswith("/Q")
    digits = {code.partition("#")[2][:40] for code in codes.values()}
    assert not [path for path in papers.served.asked if any(each in path for each in digits)]
    assert {url.partition("://")[2].partition("/")[0] for url in asked if url.startswith("http")} == {
        f"localhost:{papers.served.port}"
    }
    assert problems == []
    page.close()


def test_what_the_page_says_can_be_read_on_a_small_screen_in_light_and_dark(
    browser: BrowserContext, codes: dict[str, str], papers: Papers
) -> None:
    page = open_page(browser)
    for address in (f"{papers.site.url}/Q/", codes["genuine"], codes["cannot_tell"]):
        page.goto("about:blank")
        page.goto(address.replace("HTTPS:", "HTTP:"))
        wait(page, "() => document.querySelector('h1') && !document.querySelector('[data-busy]')")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            found = Axe().run(page).response["violations"]
            assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
    page.close()


def test_words_of_a_stranger_are_never_markup(browser: BrowserContext, papers: Papers, codes: object) -> None:
    problems: list[str] = []
    page = open_page(browser, problems)
    hostile = "<img src=x onerror=alert(1)>\u202e\u2066<script>alert(2)</script>"
    subject = papers.document("am")["credentialSubject"]
    names = [entry | {"identityHash": hostile} for entry in subject["identifier"]]
    assert visit(page, papers.sign(credentialSubject=subject | {"identifier": names})) == "genuine"
    assert page.locator("main img, main script").count() == 0
    assert "\\u202e\\u2066" in page.inner_text("main")
    assert problems == []
    page.close()


def test_a_list_that_is_too_old_or_newer_than_the_clock_is_never_valid(
    playwright: Playwright, codes: dict[str, str], papers: Papers
) -> None:
    with chromium(playwright) as context:
        for shift, word in ((timedelta(days=95), "list"), (timedelta(days=-3), "clock")):
            page = open_page(context)
            page.clock.set_fixed_time(papers.now + shift)
            assert visit(page, codes["genuine"]) == "cannot_tell"
            assert word in page.inner_text("article > header")
            assert visit(page, codes["not_genuine"]) == "not_genuine"


@pytest.mark.parametrize("how", ["native", "fallback"])
def test_signatures_are_checked_with_or_without_the_browsers_own_ed25519(
    how: str, browser: BrowserContext, codes: dict[str, str]
) -> None:
    page = open_page(browser)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    if how == "fallback":
        page.add_init_script(WITHOUT_ED25519)
    assert visit(page, codes["genuine"]) == "genuine"
    assert visit(page, codes["not_genuine"]) == "not_genuine"
    assert any(url.endswith("noble-ed25519.js") for url in asked) is (how == "fallback")
    page.close()


def test_after_one_visit_it_works_with_the_network_off_and_the_server_dead(
    playwright: Playwright, codes: dict[str, str], papers: Papers
) -> None:
    with chromium(playwright) as context:
        page = open_page(context)
        page.goto(f"{papers.site.url}/Q/")
        wait(page, WORKER)
        wait(page, KEPT)
        papers.served.stop()
        context.set_offline(True)
        try:
            for name in ("genuine", "revoked", "replaced", "not_genuine", "expired"):
                assert visit(page, codes[name]) == name
            assert visit(page, codes["genuine"]) == "genuine"
            assert "Checked against the list of" in page.inner_text("main")
            old = open_page(context)
            old.clock.set_fixed_time(papers.now + timedelta(days=31))
            assert visit(old, codes["genuine"]) == "cannot_tell"
        finally:
            papers.served.start()


def test_what_was_signed_before_a_key_was_compromised_stands_also_without_a_network(
    playwright: Playwright, tmp_path: Path
) -> None:
    with open_site(tmp_path) as papers, chromium(playwright) as context:
        before = papers.code(papers.issue("hi"))
        papers.ledger.compromise_key(papers.site.did, "key-1", at=papers.now - timedelta(minutes=1))
        papers.publish()
        forged = papers.sign(at=papers.now - timedelta(days=9))
        page = open_page(context)
        page.goto(f"{papers.site.url}/Q/")
        wait(page, WORKER)
        wait(page, "async () => Boolean(await caches.match(new URL('/digests.bin', location.href).href))")
        papers.served.stop()
        context.set_offline(True)
        assert visit(page, before) == "genuine"
        assert visit(page, forged) == "cannot_tell"
        assert "compromised" in page.inner_text("article > header")
        papers.served.start()


def test_the_camera_reads_a_paper_at_an_angle_that_is_out_of_focus_first(
    playwright: Playwright, codes: dict[str, str], papers: Papers, tmp_path: Path
) -> None:
    with chromium(playwright, film=film(codes["genuine"], tmp_path / "paper.mjpeg")) as context:
        problems: list[str] = []
        page = open_page(context, problems)
        page.goto(f"{papers.site.url}/Q/")
        wait(page, "() => document.querySelector('button[data-main]')")
        page.click("button[data-main]")
        assert headline(page) == "genuine"
        assert "led you" not in page.inner_text("main")
        assert page.evaluate("() => !document.querySelector('video')")
        assert problems == []


def test_a_photo_is_read_where_there_is_no_camera(
    browser: BrowserContext, codes: dict[str, str], papers: Papers
) -> None:
    page = open_page(browser)
    page.goto(f"{papers.site.url}/Q/")
    wait(page, "() => document.querySelector('button[data-main]')")
    page.click("button[data-main]")
    wait(page, "() => /photo/.test(document.querySelector('[role=status]')?.textContent)")
    photo = io.BytesIO()
    paper(codes["genuine"]).rotate(7, fillcolor=120).save(photo, "JPEG")
    picture = {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": photo.getvalue()}
    page.set_input_files("input[type=file]", picture)  # type: ignore[arg-type]
    assert headline(page) == "genuine"
    page.set_input_files("input[type=file]", picture | {"buffer": b"no picture"})  # type: ignore[arg-type]
    assert wait(page, "() => /No code/.test(document.querySelector('h1').textContent)")
    page.close()


def test_a_browser_that_reads_codes_itself_fetches_no_decoder(
    playwright: Playwright, codes: dict[str, str], papers: Papers
) -> None:
    detector = f"""globalThis.BarcodeDetector = class {{
      static async getSupportedFormats() {{ return ["ean_13", "qr_code"]; }}
      async detect() {{ return [{{ rawValue: "https://example.org" }}, {{ rawValue: {codes["genuine"]!r} }}]; }}
    }};"""
    with chromium(playwright) as context:
        page = open_page(context)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.add_init_script(detector)
        page.goto(f"{papers.site.url}/Q/")
        photo = io.BytesIO()
        paper(codes["genuine"]).save(photo, "PNG")
        page.set_input_files(
            "input[type=file]", {"name": "p.png", "mimeType": "image/png", "buffer": photo.getvalue()}
        )
        assert headline(page) == "genuine"
        assert not [url for url in asked if "zxing" in url]


def test_a_page_built_without_its_parts_says_what_to_do(
    playwright: Playwright, codes: dict[str, str], papers: Papers, tmp_path: Path
) -> None:
    parts = papers.served.folder / "Q" / "parts"
    parts.rename(tmp_path / "parts")
    try:
        with chromium(playwright, film=film(codes["genuine"], tmp_path / "paper.mjpeg", frames=2)) as context:
            page = open_page(context)
            assert visit(page, codes["genuine"]) == "genuine"
            page.click("button[data-main]")
            assert wait(page, "() => /camera app/.test(document.querySelector('[role=status]')?.textContent)")
    finally:
        (tmp_path / "parts").rename(parts)


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
def test_the_page_speaks_the_language_of_the_browser(
    language: str, browser: BrowserContext, codes: dict[str, str], papers: Papers
) -> None:
    problems: list[str] = []
    page = open_page(browser, problems)
    page.add_init_script(
        f"Object.defineProperty(navigator, 'languages', {{get: () => ['{language}', 'en']}})"
    )
    assert visit(page, codes["revoked"]) == "revoked"
    assert page.inner_text("h1") == catalogue(language)["Revoked"]
    assert page.evaluate("document.documentElement.dir") == Tongue(language).direction
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    said = page.inner_text("main")
    assert not [text for text in ("What was", "The issuer", "Compare with", "(passed)") if text in said]
    page.select_option("select", "en")
    assert wait(page, "() => document.querySelector('h1')?.textContent === 'Revoked'")
    page.evaluate("localStorage.clear()")
    assert problems == []
    page.close()
