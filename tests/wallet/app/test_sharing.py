"""Sharing: what the other side sees is shown first; a link that is withdrawn says so; the history tells it all."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from testamur.checks import Headline
from testamur.encoding import decode_base64url
from testamur.proofs import decode
from tests.issuer.desk.offices import Browser
from tests.town import NOW, Town
from tests.wallet.app.halls import enter, make_hall, take, wallet_of


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def clock() -> list[datetime]:
    return [NOW]


@pytest.fixture
def app(tmp_path: Path, town: Town, clock: list[datetime]):
    with wallet_of(make_hall(tmp_path, town, now=lambda: clock[0])) as served:
        yield served


@pytest.fixture
def holder(app, town: Town) -> Browser:
    browser = enter(app)
    browser.follow(take(browser, ("d.json", town.school.issue().text.encode())))
    return browser


def place_of(browser: Browser) -> str:
    found = re.search(r'href="(/records/urn[^"]+)"', browser.get("/records").text)
    assert found
    return found[1]


def given(browser: Browser, way: str, **more: str):
    place = place_of(browser)
    fields = {"part": "all", "way": way, "who": "Valdoria Works", "why": "an application", "days": "7"} | more
    preview = browser.post(f"{place}/share", fields)
    assert preview.status == 200
    assert "This is what they will see" in preview.text
    assert "17.5 of 20" in preview.text
    return browser.post(f"{place}/share", fields | {"agreed": "yes"})


def test_a_record_is_shared_as_a_file_that_verifies(holder: Browser, town: Town) -> None:
    answer = given(holder, "file")
    assert answer.headers["content-disposition"].startswith("attachment")
    report = town.employer().verify(decode(answer.body), at=NOW)
    assert report.headline is Headline.GENUINE
    history = holder.get("/history").text
    for said in ("You shared a record", "Valdoria Works", "an application", "A file"):
        assert said in history


def test_a_record_without_a_paper_form_is_shared_as_a_film_of_codes_on_the_screen(holder: Browser) -> None:
    answer = given(holder, "qr")
    assert "data:image/gif;base64," in answer.text


def test_nothing_is_noted_before_it_is_agreed_to(holder: Browser) -> None:
    holder.post(f"{place_of(holder)}/share", {"part": "all", "way": "file", "who": "Nobody"})
    assert "Nobody" not in holder.get("/history").text


def test_an_unknown_way_is_refused_kindly(holder: Browser) -> None:
    answer = holder.post(f"{place_of(holder)}/share", {"way": "carrier pigeon", "agreed": "yes"})
    assert answer.status == 400
    assert "Choose another way" in answer.text


def shared_link(holder: Browser) -> tuple[str, str, str]:
    found = re.search(r'value="(http[^"]+)/s/([^"#]+)#([^"]+)"', given(holder, "link").text)
    assert found
    return found[1], found[2], found[3]


def test_what_lies_behind_a_link_opens_with_its_fragment_alone(
    holder: Browser, app, town: Town, tmp_path: Path
) -> None:
    origin, name, key = shared_link(holder)
    assert origin == app.url
    visitor = Browser(app)
    assert "Bachelor" not in visitor.get(f"/s/{name}").text
    sealed = app.get(f"/s/{name}/content").body
    opened = AESGCM(decode_base64url(key)).decrypt(sealed[:12], sealed[12:], name.encode())
    copy = json.loads(opened)
    assert copy["award"] == "Bachelor of Science"
    assert ["Result", "17.5 of 20"] in copy["lines"]
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert key.encode() not in kept
    assert name.encode() not in kept


def test_a_link_that_is_withdrawn_or_over_says_so_kindly(holder: Browser, app, clock: list[datetime]) -> None:
    _, name, _ = shared_link(holder)
    found = re.search(r'action="(/history/[^"]+/withdraw)"', holder.get("/history").text)
    assert found
    assert "The link was withdrawn" in holder.follow(holder.post(found[1])).text
    answer = app.get(f"/s/{name}", accept="text/html")
    assert answer.status == 410
    assert "Its owner has withdrawn this copy" in answer.text
    assert app.get(f"/s/{name}/content").status == 410
    _, second, _ = shared_link(holder)
    clock[0] = NOW + timedelta(days=8)
    assert "The time of this copy is over" in app.get(f"/s/{second}", accept="text/html").text
    assert app.get(f"/s/{second}/content").status == 410
    assert app.get("/s/there-never-was-one", accept="text/html").status == 404


def test_nobody_withdraws_the_link_of_somebody_else(holder: Browser, app) -> None:
    _, name, _ = shared_link(holder)
    found = re.search(r'action="(/history/[^"]+/withdraw)"', holder.get("/history").text)
    assert found
    other = enter(app, "another", "quite another passphrase")
    other.post(found[1])
    assert app.get(f"/s/{name}/content").status == 200


def test_a_letter_asks_for_erasure_and_is_noted(holder: Browser) -> None:
    given(holder, "file")
    found = re.search(r'href="(/history/[^"]+/letter)"', holder.get("/history").text)
    assert found
    letter = holder.get(found[1]).text
    assert "Valdoria Works" in letter
    assert "erase the copy" in letter
    assert "You asked for something to be erased" in holder.follow(holder.post(found[1])).text
