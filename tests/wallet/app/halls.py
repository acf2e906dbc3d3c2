"""A wallet app over the simulated town, and a browser without a screen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from testamur.equipment import Equipment
from testamur.store.wallets import Wallets
from testamur.vault import Passphrase
from testamur.wallet.app.app import make_app
from testamur.wallet.app.hall import Hall
from tests.issuer.desk.offices import Browser
from tests.served import Answer, Served, serving
from tests.town import NOW, Town

NAME, PASSPHRASE = "ሰላም", "ማር እና ወተት በጠዋት"
QUICK = partial(Passphrase, passes=1, memory=8192)


def make_hall(folder: Path, town: Town, *, store: str = "", **more: Any) -> Hall:
    """A hall whose passphrases cost little, at noon of the first of September."""
    url = store or f"sqlite:///{folder}/wallets.sqlite"
    tools = Equipment(town.employer(), town.web)
    settings = {"now": lambda: NOW, "unlock_with": QUICK} | more
    return Hall(Wallets.open(url), tools, name="Library of Valdoria", **settings)


@contextmanager
def wallet_of(hall: Hall, **how: Any) -> Iterator[Served]:
    """Its app, running until the block ends."""
    with serving(make_app(hall, **how)) as served:
        yield served
    hall.close()


def enter(served: Served, name: str = NAME, passphrase: str = PASSPHRASE) -> Browser:
    """Somebody with a new wallet, at its list of records."""
    browser = Browser(served)
    answer = browser.post("/new", {"name": name, "passphrase": passphrase, "again": passphrase})
    assert answer.status == 303, answer.text
    browser.follow(answer)
    return browser


def take(browser: Browser, *files: tuple[str, bytes]) -> Answer:
    """What comes of giving files."""
    browser.get("/receive")
    return browser.send("/receive", [("file", name, data) for name, data in files])
