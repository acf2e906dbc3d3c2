"""The claim page in a browser as narrow as a small phone, in every language, and what axe finds in it."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

from testamur.openid4vci import Line, begin, look_up
from testamur.store.claims import offers
from testamur.words import LANGUAGES
from tests.issuer.claiming.schools import Claimed
from tests.web import browser

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def picture(page, name: str) -> None:
    folder = os.environ.get("TESTAMUR_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def found(page) -> list[str]:
    violations = Axe().run(page, options=RULES).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in violations]


@pytest.fixture(scope="module")
def phone():
    with (
        sync_playwright() as playwright,
        browser.chromium(playwright, viewport={"width": 320, "height": 640}) as context,
    ):
        yield context


@pytest.mark.slow
@pytest.mark.system
def test_a_learner_takes_her_record_on_a_phone(school: Claimed, phone) -> None:
    problems: list[str] = []
    made = school.offer(2)
    page = browser.open_page(phone, problems)
    page.goto(f"{school.url}{school.page(made)}?lang=ar")
    picture(page, "code-ar")
    assert found(page) == []
    page.locator("#code").fill("1")
    page.locator("form button").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.locator("#code").fill(made.code)
    page.locator("form button").click()
    expect(page.locator("h1")).to_contain_text("Nursing")
    for language in LANGUAGES:
        page.goto(f"{school.url}{school.page(made)}?lang={language}")
        picture(page, f"claim-{language}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert found(page) == []
    page.goto(f"{school.url}{school.page(made)}?lang=en")
    page.get_by_text("The wallet is on another device").click()
    expect(page.locator("figure img")).to_be_visible()
    picture(page, "claim-qr")
    page.get_by_text("Something is wrong in it").click()
    page.locator("textarea").fill("My name is written فاطمة الزهراء")
    page.get_by_role("button", name="Send to the school").click()
    expect(page.get_by_role("status")).to_contain_text("has arrived")
    picture(page, "claim-thanks")
    assert [each for each in problems if "403" not in each] == []
    page.close()


@pytest.mark.slow
@pytest.mark.system
def test_the_wallets_question_and_the_end_of_a_link_are_readable_on_a_phone(school: Claimed, phone) -> None:
    made = school.offer(0)
    offer = school.opened(made, by_code=True)
    issuer = look_up(offer.credential_issuer, school.fetch)
    back = f"{school.url}/sign-in"
    begun = begin(issuer, offer, Line(school.fetch), client_id="w", redirect_uri=back, at=school.now())
    page = browser.open_page(phone)
    page.goto(begun.url)
    picture(page, "consent")
    assert found(page) == []
    page.locator("#code").fill(made.code)
    page.get_by_role("button", name="Agree").click()
    page.wait_for_url("**/sign-in?code=*")
    with school.claims.writing() as connection:
        entry = offers.by_link(connection, made.link)
        offers.withdraw(connection, [entry.id], who="test", at=school.now())
    page.goto(f"{school.url}{school.page(made)}")
    picture(page, "withdrawn")
    assert found(page) == []
    page.close()
