"""Nothing lost: a backup is opened again by passphrase, by the sheet's words and by guardians; and by nothing else."""

from __future__ import annotations

import io
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from testamur.vault import Passphrase, Vault
from testamur.wallet.recovering import words_in
from tests.issuer.desk.offices import Browser
from tests.town import NOW, Town
from tests.wallet.app.halls import NAME, PASSPHRASE, enter, make_hall, take, wallet_of

NEW = "another long passphrase"


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def app(tmp_path: Path, town: Town):
    with wallet_of(make_hall(tmp_path, town)) as served:
        yield served


@pytest.fixture
def holder(app, town: Town) -> Browser:
    browser = enter(app)
    browser.follow(take(browser, ("d.json", town.school.issue().text.encode())))
    browser.get("/keep")
    return browser


def restored(app, backup: bytes, name: str, **how: str | list[bytes]):
    fields = [(key, "", value.encode()) for key, value in how.items() if isinstance(value, str)]
    sheets = [
        ("sheets", f"{n}.pdf", data)
        for n, data in enumerate(how.get("sheets", []))
        if isinstance(data, bytes)
    ]
    named = [("name", "", name.encode()), ("passphrase", "", NEW.encode()), ("again", "", NEW.encode())]
    browser = Browser(app)
    answer = browser.send("/restore", [("backup", "wallet.vault", backup), *named, *fields, *sheets])
    return browser.follow(answer) if answer.status == 303 else answer


def test_a_backup_is_restored_with_the_passphrase_and_with_no_other(holder: Browser, app) -> None:
    backup = holder.post("/keep/backup").body
    assert "Bachelor of Science" in restored(app, backup, "again", old=PASSPHRASE).text
    wrong = restored(app, backup, "third", old="a wrong passphrase")
    assert wrong.status == 400
    assert "does not open with this" in wrong.text
    damaged = restored(app, backup[:-1] + b"x", "fourth", old=PASSPHRASE)
    assert damaged.status == 400
    assert "set-cookie" not in damaged.headers
    assert "is no backup" in restored(app, b"nothing of the kind", "fifth", old=PASSPHRASE).text


def test_the_sheet_opens_a_backup_and_a_newer_sheet_takes_its_place(holder: Browser, app) -> None:
    old, new = holder.post("/keep/sheet").body, holder.post("/keep/sheet").body
    backup = holder.post("/keep/backup").body
    assert "Bachelor of Science" in restored(app, backup, "by sheet", sheets=[new]).text
    assert "Bachelor of Science" in restored(app, backup, "by words", words=words_in(new)).text
    assert restored(app, backup, "by the old sheet", sheets=[old]).status == 400


def test_two_of_three_guardians_open_a_backup_and_one_does_not(holder: Browser, app) -> None:
    answer = holder.post("/keep/guardians", {"needed": "2", "count": "3"})
    with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
        sheets = [words_in(archive.read(name)) for name in archive.namelist()]
    assert len(sheets) == 3
    backup = holder.post("/keep/backup").body
    two = f"{sheets[2]}\r\n\r\n{sheets[0]}"
    assert "Bachelor of Science" in restored(app, backup, "by guardians", words=two).text
    assert restored(app, backup, "by one", words=sheets[0]).status == 400
    assert holder.post("/keep/guardians", {"needed": "1", "count": "3"}).status == 400


def test_what_was_exported_is_taken_in_by_another_wallet(holder: Browser, app) -> None:
    bundle = holder.post("/keep/export").body
    other = enter(app, "another", "quite another passphrase")
    take(other, ("records.zip", bundle))
    assert "Bachelor of Science" in other.get("/records").text


def test_a_changed_passphrase_opens_and_the_old_one_no_more(holder: Browser, app) -> None:
    elsewhere = Browser(app)
    elsewhere.follow(elsewhere.post("/unlock", {"name": NAME, "passphrase": PASSPHRASE}))
    holder.get("/keep")
    fields = {"old": PASSPHRASE, "passphrase": NEW, "again": NEW}
    assert holder.post("/keep/passphrase", fields | {"old": "wrong"}).status == 400
    assert "was changed" in holder.post("/keep/passphrase", fields).text
    assert elsewhere.get("/records").status == 303
    assert holder.get("/records").status == 200
    assert Browser(app).post("/unlock", {"name": NAME, "passphrase": PASSPHRASE}).status == 403
    assert Browser(app).post("/unlock", {"name": NAME, "passphrase": NEW}).status == 303


def test_a_chosen_language_stays_with_the_wallet(holder: Browser) -> None:
    assert 'dir="rtl"' in holder.follow(holder.post("/keep/language", {"language": "ar"})).text
    assert 'lang="ar"' in holder.get("/records").text


def test_a_wallet_is_given_up_with_its_passphrase_only(holder: Browser, app, tmp_path: Path) -> None:
    assert holder.post("/keep/end", {"old": "wrong"}).status == 403
    assert holder.post("/keep/end", {"old": PASSPHRASE}).status == 303
    assert holder.get("/records").status == 303
    assert Browser(app).post("/unlock", {"name": NAME, "passphrase": PASSPHRASE}).status == 403


def test_a_strangers_backup_that_would_cost_the_host_its_memory_is_not_tried(app) -> None:
    costly = Vault.make([Passphrase("x", 1, 8192)], at=NOW)
    asking = costly.slots[0].kdf | {"memory": 2**30, "passes": 16}
    hostile = replace(costly, slots=(replace(costly.slots[0], kdf=asking),) * 32).seal()
    began = time.monotonic()
    answer = restored(app, hostile, "sixth", old=PASSPHRASE)
    assert answer.status == 400
    assert "is no backup" in answer.text
    assert time.monotonic() - began < 5
