import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import sync_playwright

from testamur.issuer.desk.office import Office
from testamur.issuer.desk.organising import reset_person
from tests.issuer.desk.offices import PASSWORD, Browser, add_person, desk_of, make_office
from tests.served import Served
from tests.web.browser import chromium, open_page


class Clock:
    """The time of the desk, moved by hand."""

    def __init__(self) -> None:
        self.moment = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.moment

    def later(self, **how: float) -> None:
        self.moment += timedelta(**how)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def office(tmp_path: Path, clock: Clock) -> Office:
    office = make_office(tmp_path / "desk", "north", second_factor=True)
    office.now = clock
    add_person(office, "ada@north.example", office.school("north"), "registrar")
    return office


@pytest.fixture
def served(office: Office) -> Iterator[Served]:
    with desk_of(office) as served:
        yield served


def _enrol(browser: Browser, clock: Clock) -> tuple[pyotp.TOTP, list[str]]:
    """The app of somebody who signed in for the first time, and the recovery codes."""
    browser.sign_in("ada@north.example")
    page = browser.get("/account/second-factor")
    found = re.search(r'<code dir="ltr">([A-Z2-7 ]+)</code>', page.text)
    assert found
    app = pyotp.TOTP(found[1].replace(" ", ""))
    done = browser.post("/account/second-factor", {"code": app.at(clock())})
    assert done.status == 200
    return app, re.findall(r'<code dir="ltr">([A-Z2-9-]{14})</code>', done.text)


def test_a_password_alone_opens_nothing(served: Served, clock: Clock) -> None:
    browser = Browser(served)
    answer = browser.sign_in("ada@north.example")
    assert answer.headers["location"] == "/account/second-factor"
    assert browser.get("/schools/north").headers["location"] == "/account/second-factor"
    _enrol(browser, clock)
    assert browser.get("/schools/north").status == 200
    second = Browser(served)
    assert second.sign_in("ada@north.example").headers["location"] == "/second-factor"
    assert second.get("/schools/north").headers["location"] == "/second-factor"
    assert second.get("/account/second-factor").headers["location"] == "/second-factor"


def test_a_code_counts_once_and_near_its_moment_only(served: Served, clock: Clock) -> None:
    app, _ = _enrol(Browser(served), clock)
    browser = Browser(served)
    browser.sign_in("ada@north.example")
    assert browser.post("/second-factor", {"code": app.at(clock())}).status == 403  # it made the factor
    clock.later(seconds=60)
    assert browser.post("/second-factor", {"code": app.at(clock() - timedelta(seconds=90))}).status == 403
    code = app.at(clock())
    first = browser.post("/second-factor", {"code": f"{code[:3]} {code[3:]}"})
    assert (first.status, first.headers["location"]) == (303, "/")
    assert browser.get("/schools/north").status == 200
    other = Browser(served)
    other.sign_in("ada@north.example")
    assert other.post("/second-factor", {"code": code}).status == 403


def test_the_session_of_the_first_step_is_over_after_the_second(served: Served, clock: Clock) -> None:
    app, _ = _enrol(Browser(served), clock)
    browser = Browser(served)
    browser.sign_in("ada@north.example")
    before = dict(browser.cookies)
    clock.later(seconds=60)
    browser.post("/second-factor", {"code": app.at(clock())})
    assert browser.cookies != before
    old = Browser(served, cookies=before)
    assert old.get("/schools/north").headers["location"] == "/sign-in"


def test_codes_cannot_be_guessed(served: Served, clock: Clock) -> None:
    _enrol(Browser(served), clock)
    browser = Browser(served)
    browser.sign_in("ada@north.example")
    said = [browser.post("/second-factor", {"code": f"{n:06}"}).status for n in range(12)]
    assert said == [403] * 10 + [429] * 2


def test_a_recovery_code_is_good_once(served: Served, clock: Clock) -> None:
    _, codes = _enrol(Browser(served), clock)
    assert len(codes) == 8
    for status in (303, 403):
        browser = Browser(served)
        browser.sign_in("ada@north.example")
        assert browser.post("/second-factor", {"code": codes[0].lower()}).status == status


def test_a_session_ends_when_nobody_uses_it(served: Served, clock: Clock) -> None:
    browser = Browser(served)
    _enrol(browser, clock)
    clock.later(minutes=40)
    assert browser.get("/schools/north").status == 200
    clock.later(minutes=40)
    assert browser.get("/schools/north").status == 200
    clock.later(minutes=50)
    assert browser.get("/schools/north").headers["location"] == "/sign-in"


def test_a_new_password_ends_the_other_sessions(served: Served, clock: Clock) -> None:
    here, there = Browser(served), Browser(served)
    app, _ = _enrol(here, clock)
    there.sign_in("ada@north.example")
    clock.later(seconds=60)
    there.post("/second-factor", {"code": app.at(clock())})
    assert there.get("/account").status == 200
    here.get("/account")
    wrong = here.post("/account/password", {"password": "not mine at all", "new": "nine white horses"})
    assert wrong.status == 403
    right = here.post("/account/password", {"password": PASSWORD, "new": "nine white horses"})
    assert right.status == 303
    assert here.get("/account").status == 200
    assert there.get("/account").status == 303


def test_who_lost_everything_is_helped_by_the_operator(served: Served, office: Office, clock: Clock) -> None:
    browser = Browser(served)
    _enrol(browser, clock)
    token = reset_person(office, "ada@north.example")
    assert browser.get("/account").status == 303
    fresh = Browser(served)
    assert fresh.post(f"/renew/{token}", {"password": "nine white horses"}).status == 303
    assert fresh.get("/").headers["location"] == "/account/second-factor"
    assert Browser(served).post(f"/renew/{token}", {"password": "nine white horses"}).status == 410


def test_the_secret_lies_sealed_in_the_database(office: Office, served: Served, clock: Clock) -> None:
    app, _ = _enrol(Browser(served), clock)
    for path in office.folder.glob("desk.sqlite*"):
        assert app.secret.encode() not in path.read_bytes()
        assert PASSWORD.encode() not in path.read_bytes()


@pytest.mark.slow
def test_a_passkey_of_the_device_is_made_and_signs_in(served: Served) -> None:
    url = f"http://localhost:{served.port}"
    with sync_playwright() as playwright, chromium(playwright) as context:
        wrongs: list[str] = []
        page = open_page(context, wrongs)
        devices = context.new_cdp_session(page)
        devices.send("WebAuthn.enable")
        how = {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
            "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
        }  # fmt: skip
        made = devices.send("WebAuthn.addVirtualAuthenticator", {"options": how})
        page.goto(f"{url}/sign-in")
        page.fill("#email", "ada@north.example")
        page.fill("#password", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_url("**/account/second-factor")
        page.fill("#name", "the office computer")
        page.click("form[data-make-passkey] button")
        page.wait_for_url("**/account")
        assert "the office computer" in page.inner_text("main")
        page.click("header details[data-me] summary")
        page.click("header details[data-me] form button")
        page.wait_for_url("**/sign-in")
        page.click("[data-use-passkey]")
        page.wait_for_url("**/schools/north")
        kept = devices.send("WebAuthn.getCredentials", made)["credentials"]
        assert [key["signCount"] > 1 for key in kept] == [True]
        page.click("header details[data-me] summary")
        page.click("header details[data-me] form button")
        verified = {"authenticatorId": made["authenticatorId"], "isUserVerified": False}
        devices.send("WebAuthn.setUserVerified", verified)
        page.click("[data-use-passkey]")
        page.wait_for_selector("[data-passkey-status][data-why]")
        assert page.url.endswith("/sign-in")
        assert wrongs == []
