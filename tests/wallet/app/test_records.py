"""Receiving and seeing: what is given is verified and kept with its answer, and each card looks like what it is."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from testamur import papercode
from testamur.wallet.app.cards import ink_on
from tests.scanning import papers
from tests.town import NOW, Town
from tests.wallet.app.halls import enter, make_hall, take, wallet_of


@pytest.fixture
def town() -> Town:
    town = Town()
    town.school.set_bits["revocation"][10] = "issued_in_error"
    town.school.publish()
    return town


@pytest.fixture
def clock() -> list[datetime]:
    return [NOW]


@pytest.fixture
def app(tmp_path: Path, town: Town, clock: list[datetime]):
    with wallet_of(make_hall(tmp_path, town, now=lambda: clock[0])) as served:
        yield served


def test_a_diploma_is_taken_in_and_shown(app, town: Town) -> None:
    browser = enter(app)
    answer = browser.follow(take(browser, ("d.json", town.school.issue().text.encode())))
    for said in ("Genuine", "Bachelor of Science", "ሰላም ተስፋዬ", "Universidad de Valdoria", "17.5 of 20"):
        assert said in answer.text
    again = take(browser, ("d.json", town.school.issue().text.encode()))
    assert "It was here already" in again.text
    assert browser.get("/records").text.count("data-card ") == 1


def test_the_code_of_a_paper_a_photo_and_several_files_at_once_are_taken_in(app, town: Town) -> None:
    browser = enter(app)
    school = town.school
    code = papercode.encode(school.issue_paper().text, papers.HOST)
    browser.get("/receive")
    assert browser.post("/receive", {"text": code}).status == 303
    picture = papers.saved(
        papers.code(papercode.encode(school.issue_paper(school.diploma(index=9)).text, papers.HOST))
    )
    answer = take(
        browser,
        ("photo.png", picture),
        ("revoked.json", school.issue(school.diploma(index=10)).text.encode()),
        ("note.txt", b"nothing of the kind"),
    )
    assert "Something in it was not kept" in answer.text
    assert "Revoked" in answer.text
    assert browser.get("/records").text.count("data-card ") == 3


def test_what_is_forged_is_not_kept_and_what_cannot_be_told_is(app, town: Town) -> None:
    browser = enter(app)
    forged = town.school.issue().text.replace("17.5 of 20", "19.5 of 20")
    answer = take(browser, ("d.json", forged.encode()))
    assert answer.status == 400
    assert "nothing in it that could be kept" in answer.text
    for url in [url for url in town.web.pages if "/status/" in url]:
        del town.web.pages[url]
    page = browser.follow(
        take(browser, ("d.json", town.school.issue(town.school.diploma(index=31)).text.encode()))
    )
    assert "We cannot tell" in page.text


def test_a_record_is_looked_at_again_and_taken_out(app, town: Town, clock: list[datetime]) -> None:
    browser = enter(app)
    browser.follow(take(browser, ("d.json", town.school.issue().text.encode())))
    place = re.search(r'action="(/records/[^"/]+)/check"', browser.get("/records").text + _page(browser))
    assert place
    town.school.set_bits["revocation"][7] = "withdrawn"
    town.school.publish()
    clock[0] = NOW + timedelta(minutes=12)
    assert "Revoked" in browser.follow(browser.post(f"{place[1]}/check")).text
    assert "data-card" not in browser.follow(browser.post(f"{place[1]}/remove")).text
    assert browser.get(place[1]).status == 404


def _page(browser) -> str:
    found = re.search(r'href="(/records/urn[^"]+)"', browser.get("/records").text)
    assert found
    return browser.get(found[1]).text


def test_two_windows_that_receive_at_once_lose_nothing(app, town: Town) -> None:
    browser = enter(app)
    texts = [town.school.issue(town.school.diploma(index=20 + n)).text.encode() for n in range(6)]
    browser.get("/receive")
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda text: browser.send("/receive", [("file", "d.json", text)]), texts))
    assert [answer.status for answer in answers] == [303] * 6
    assert browser.get("/records").text.count("data-card ") == 6


def test_nobody_sees_the_records_of_another_wallet(app, town: Town) -> None:
    one, other = enter(app), enter(app, "another", "quite another passphrase")
    one.follow(take(one, ("d.json", town.school.issue().text.encode())))
    found = re.search(r'href="(/records/urn[^"]+)"', one.get("/records").text)
    assert found
    assert other.get(found[1]).status == 404


def test_words_of_a_record_are_never_markup(app, town: Town) -> None:
    browser = enter(app)
    hostile = '"><script>alert(1)</script>\u202e'
    page = browser.follow(
        take(browser, ("d.json", town.school.issue(town.school.diploma(hostile)).text.encode()))
    )
    assert "<script>alert" not in page.text
    assert "\u202e" not in page.text


@pytest.mark.parametrize(("colour", "ink"), [("#173a63", "light"), ("#ffe680", "dark"), ("#777777", "dark")])
def test_letters_on_a_card_can_be_read(colour: str, ink: str) -> None:
    assert ink_on(colour) == ink
