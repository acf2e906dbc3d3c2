"""Coming in: a passphrase that the server does not keep, a session that ends by itself, wrong answers counted."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from testamur.store.wallets.wallets import SCHEMA
from testamur.wallet.app.visits import PLAIN_COOKIE
from tests.issuer.desk.offices import Browser
from tests.town import NOW, Town
from tests.wallet.app.halls import NAME, PASSPHRASE, enter, make_hall, take, wallet_of


@pytest.fixture
def clock() -> list[datetime]:
    return [NOW]


@pytest.fixture
def app(tmp_path: Path, clock: list[datetime]):
    with wallet_of(make_hall(tmp_path, Town(), now=lambda: clock[0])) as served:
        yield served


def test_a_wallet_opens_with_its_passphrase_and_with_no_other(app) -> None:
    enter(app)
    other = Browser(app)
    assert other.post("/unlock", {"name": NAME, "passphrase": PASSPHRASE + "x"}).status == 403
    assert other.post("/unlock", {"name": "nobody", "passphrase": PASSPHRASE}).status == 403
    answer = other.post("/unlock", {"name": f"  {NAME} ", "passphrase": PASSPHRASE})
    assert "My learning records" in other.follow(answer).text


@pytest.mark.parametrize(
    ("name", "passphrase", "again", "said"),
    [
        ("", PASSPHRASE, PASSPHRASE, "Choose a name"),
        ("x", "short", "short", "at least 10 characters"),
        ("a long name", "A long NAME", "A long NAME", "may not be the name"),
        ("x", PASSPHRASE, PASSPHRASE + "x", "not the same"),
        (NAME.upper(), PASSPHRASE, PASSPHRASE, "is taken"),
    ],
)
def test_a_wallet_is_not_made_with_what_would_not_do(
    app, name: str, passphrase: str, again: str, said: str
) -> None:
    enter(app)
    answer = Browser(app).post("/new", {"name": name, "passphrase": passphrase, "again": again})
    assert answer.status == 400
    assert said in answer.text
    assert "set-cookie" not in answer.headers


def test_after_five_wrong_passphrases_even_the_right_one_waits(app, clock: list[datetime]) -> None:
    enter(app)
    browser = Browser(app)
    for _ in range(5):
        assert browser.post("/unlock", {"name": NAME, "passphrase": "wrong as can be"}).status == 403
    assert browser.post("/unlock", {"name": NAME, "passphrase": PASSPHRASE}).status == 429
    clock[0] = NOW + timedelta(minutes=16)
    assert browser.post("/unlock", {"name": NAME, "passphrase": PASSPHRASE}).status == 303


def test_of_many_passphrases_at_once_five_are_tried(app) -> None:
    with ThreadPoolExecutor(8) as pool:
        tries = [
            pool.submit(Browser(app).post, "/unlock", {"name": "x", "passphrase": f"{n}"}) for n in range(8)
        ]
        found = [each.result().status for each in tries]
    assert sorted(found) == [403] * 5 + [429] * 3


def test_who_would_wait_too_long_for_a_passphrase_is_told_so(tmp_path: Path) -> None:
    hall = make_hall(tmp_path, Town())
    with wallet_of(hall) as app, ExitStack() as waiting:
        browser = enter(app)
        for _ in range(12):
            assert hall._waiting.acquire(blocking=False)
            waiting.callback(hall._waiting.release)
        assert Browser(app).post("/unlock", {"name": NAME, "passphrase": PASSPHRASE}).status == 503
        assert browser.get("/records").status == 200


def test_a_session_that_nobody_uses_locks_itself(app, clock: list[datetime]) -> None:
    browser = enter(app)
    clock[0] = NOW + timedelta(minutes=14)
    assert browser.get("/records").status == 200
    clock[0] = NOW + timedelta(minutes=28)
    assert browser.get("/records").status == 200
    clock[0] = NOW + timedelta(minutes=44)
    answer = browser.get("/records")
    assert (answer.status, answer.headers["location"]) == (303, "/")
    assert "locked itself" in browser.get("/locked").text


def test_locking_ends_the_session_for_whoever_has_its_cookie(app) -> None:
    browser = enter(app)
    thief = Browser(app, dict(browser.cookies))
    assert thief.get("/records").status == 200
    assert browser.post("/lock").status == 303
    assert thief.get("/records").status == 303


def test_a_form_of_another_site_changes_nothing(app) -> None:
    browser = enter(app)
    forged = {"sec-fetch-site": "cross-site"}
    assert browser.post("/records/check", {"csrf": browser.csrf}, **forged).status == 403
    assert browser.post("/records/check", {"csrf": "guessed"}).status == 403


def test_the_database_has_no_name_no_word_and_no_key_in_clear(tmp_path: Path) -> None:
    town = Town()
    with wallet_of(make_hall(tmp_path, town)) as app:
        browser = enter(app, "Selam Tesfaye")
        assert take(browser, ("diploma.json", town.school.issue().text.encode())).status == 303
        token = browser.cookies[PLAIN_COOKIE]
        kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for canary in ("Selam", "selam", NAME, "Bachelor", "17.5", "VU-2026", "valdoria", PASSPHRASE, token):
        for written in (canary.encode(), canary.encode("utf-16-le"), repr(canary)[1:-1].encode()):
            assert written not in kept, canary
    with sqlite3.connect(tmp_path / "wallets.sqlite") as raw:
        assert raw.execute("SELECT count(*) FROM wallet_sessions").fetchone() == (1,)
    assert SCHEMA.revision == "0001"
