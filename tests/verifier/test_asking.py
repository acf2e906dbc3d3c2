"""*Ask a wallet*: an employer picks a purpose, a learner's wallet answers, the answer comes in."""

from __future__ import annotations

import json
import os
import re
from html import unescape
from urllib.error import HTTPError
from urllib.parse import parse_qsl, urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, Request, build_opener, urlopen

import pytest
from playwright.sync_api import sync_playwright

from testamur.did import Resolver
from testamur.errors import EvidenceUnusable
from testamur.fetch import Fetch
from testamur.openid4vp import Known, RequestRefused, answer, match, receive_request, refuse, send
from testamur.scanning import read_codes_in
from testamur.store import Exchange, Exchanges
from tests.openid4vp.people import World, dcql
from tests.town import NOW
from tests.verifier.app_desk import verifying_app
from tests.verifier.browsing import page_of
from tests.verifier.canaries import left_in
from tests.web.browser import chromium


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def app(world, tmp_path):
    with verifying_app(world.town, name="Hotel Mar", questions=tmp_path / "q" / "questions.sqlite") as served:
        yield served


@pytest.fixture(scope="module")
def context():
    with sync_playwright() as driver, chromium(driver, locale="en-GB") as opened:
        yield opened


@pytest.fixture(autouse=True)
def _folder(tmp_path):
    (tmp_path / "q").mkdir()


def wallet(world: World, link: str, url: str, *, records=None):
    """Selam's wallet answers; returns where she goes on."""
    network = Fetch([url])
    known = Known(Resolver(world.net), [], NOW)
    asked = receive_request(link, network, known, at=NOW)
    found = match(asked.request.query, records or world.records())
    return send(answer(asked.request, found, found.first_choice(), at=NOW), network), asked


def ask(url: str, browser=None, **form: str) -> tuple[str, str]:
    """A question asked without JavaScript: the address of its page, and the page."""
    opener = browser or build_opener(HTTPCookieProcessor())
    with opener.open(Request(f"{url}/ask", urlencode(form).encode())) as response:
        return response.url, response.read().decode()


def link_in(page: str) -> str:
    return unescape(re.search(r'href="(openid4vp:[^"]+)"', page)[1])


@pytest.mark.system
def test_an_employer_asks_and_sees_the_answer_come_in(world, app, context):
    with page_of(context, app.url) as page:
        page.get_by_role("button", name="Ask a wallet").click()
        page.get_by_role("heading", name="Ask a wallet").wait_for()
        assert page.get_by_label("Proof of degree").is_checked()
        page.get_by_role("button", name="Ask", exact=True).click()
        page.get_by_text("Waiting for the answer").wait_for()
        if folder := os.environ.get("TESTAMUR_SHOTS"):
            page.screenshot(path=f"{folder}/asked.png", full_page=True)
        picture = page.locator("[data-code] img").screenshot()
        (code,) = read_codes_in(picture)
        page.set_viewport_size({"width": 320, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        sent, asked = wallet(world, code, app.url, records=world.records()[1:2])
        assert asked.requester.is_proved
        assert asked.requester.called == "Hotel Mar"
        assert not sent.redirect_uri  # the wallet is on another device: nothing opens there
        page.get_by_role("heading", name="genuine").first.wait_for(timeout=15_000)
        assert page.get_by_text("Bachelor of Science").count()


def test_on_the_same_device_the_answer_is_shown_in_the_browser_that_asked_only(world, app):
    browser = build_opener(HTTPCookieProcessor())
    _, page = ask(app.url, browser, purpose="degree")
    sent, _ = wallet(world, link_in(page), app.url)
    assert sent.redirect_uri.startswith(f"{app.url}/ask/")
    with browser.open(sent.redirect_uri) as response:
        shown = response.read().decode()
    assert "Bachelor of Science" in shown
    assert "kept sealed" in shown
    assert "Nothing that you send is kept" not in shown
    with pytest.raises(HTTPError, match="403"):
        urlopen(sent.redirect_uri)
    with pytest.raises(HTTPError, match="403"):
        browser.open(sent.redirect_uri[:-3] + "xyz")
    with pytest.raises(HTTPError, match="403"):
        browser.open(sent.redirect_uri[:-3] + "%C3%A9")
    with pytest.raises(HTTPError, match="403"):
        urlopen(Request(sent.redirect_uri, headers={"cookie": "testamur-asked=\xe9"}))


def test_a_question_is_answered_once(world, app):
    place, page = ask(app.url, purpose="degree")
    network = Fetch([app.url])
    asked = receive_request(link_in(page), network, Known(Resolver(world.net), [], NOW), at=NOW)
    found = match(asked.request.query, world.records())
    made = answer(asked.request, found, found.first_choice(), at=NOW)
    send(made, network)
    with pytest.raises(EvidenceUnusable):
        send(made, network)
    with pytest.raises(RequestRefused):
        wallet(world, link_in(page), app.url)
    assert json.load(urlopen(f"{place}/state"))["state"] == "answered"


def test_a_refusal_is_told_to_the_one_who_asked(world, app):
    place, page = ask(app.url, purpose="grades")
    network = Fetch([app.url])
    asked = receive_request(link_in(page), network, Known(Resolver(world.net), [], NOW), at=NOW)
    refuse(asked.request, RequestRefused("access_denied", "no"), network)
    assert "The holder gave no answer" in urlopen(place).read().decode()


def test_rubbish_and_strangers_change_nothing(world, app):
    place, page = ask(app.url, purpose="degree")
    query = dict(parse_qsl(urlsplit(link_in(page)).query))
    target = query["request_uri"].replace("/request/", "/response/")
    declined = {"error": "access_denied", "state": "é"}
    for form in ({}, {"vp_token": "{}"}, {"response": "a.b.c.d.e"}, declined, declined | {"state": "x"}):
        with pytest.raises(HTTPError, match="400"):
            urlopen(Request(target, urlencode(form).encode()))
    for address in (f"{app.url}/ask/nothing", f"{app.url}/ask/request/nothing"):
        with pytest.raises(HTTPError, match="404"):
            urlopen(address)
    with pytest.raises(HTTPError, match="415"):
        urlopen(Request(target, b"{}", {"content-type": "application/json"}))
    assert json.load(urlopen(f"{place}/state"))["state"] == "asked"
    wallet(world, link_in(page), app.url)


def test_a_question_of_ones_own_is_asked_and_one_out_of_order_is_told(world, app):
    _, page = ask(app.url, purpose="own", dcql=json.dumps(dcql("dc+sd-jwt")))
    assert "A question of your own" in page
    wallet(world, link_in(page), app.url)
    for text in ("{", "{}", '{"credentials": []}'):
        with pytest.raises(HTTPError, match="422") as caught:
            ask(app.url, purpose="own", dcql=text)
        assert "DCQL" in caught.value.read().decode()
    with pytest.raises(HTTPError, match="422"):
        ask(app.url, purpose="everything")


def test_what_waits_is_sealed(world, app, tmp_path):
    _, page = ask(app.url, purpose="degree")
    wallet(world, link_in(page), app.url)
    assert left_in(tmp_path / "q", ["Selam Tesfaye", "ሰላም ተስፋዬ", "17.5 of 20", "VU-2026-0009"]) == []


def test_a_question_is_forgotten_when_its_time_is_over(tmp_path):
    waiting = Exchanges.open(f"sqlite:///{tmp_path / 'x.sqlite'}")
    old = Exchange("a", "h", "asked", b"x", 100)
    waiting.add(old, now=50)
    assert waiting.by_handle("h", now=60) == old
    assert waiting.settle(old, "answered", b"y", now=60)
    assert not waiting.settle(old, "answered", b"z", now=60)
    assert waiting.get("a", now=100) is None
    waiting.add(Exchange("b", "i", "asked", b"", 200), now=150)
    assert not waiting.settle(old, "answered", b"z", now=150)
    waiting.close()
