"""An offer of a school is shown, taken with its code and kept; a wrong code takes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from testamur.equipment import Equipment
from testamur.store.wallets import Wallets
from testamur.wallet.app.hall import Hall
from tests.openid4vci.world import HOST, World, link_of, school, world
from tests.town import NOW
from tests.wallet.app.halls import QUICK, enter, wallet_of

__all__ = ["school", "world"]  # fixtures


@pytest.fixture
def app(tmp_path: Path, world: World):
    tools = Equipment(world.town.employer(), world.loop)
    store = Wallets.open(f"sqlite:///{tmp_path}/wallets.sqlite")
    hall = Hall(store, tools, world.loop, now=lambda: NOW, unlock_with=QUICK)
    with wallet_of(hall) as served:
        yield served


def test_an_offer_is_shown_and_taken_with_its_code(app, world: World) -> None:
    made = world.offer(code=True)
    browser = enter(app)
    browser.get("/receive")
    shown = browser.post("/receive", {"text": link_of(made)})
    assert HOST.removeprefix("https://") in shown.text
    assert "another way" in shown.text
    fields = {"offer": link_of(made), "agreed": "yes"}
    wrong = browser.post("/receive/offer", fields | {"tx_code": "000000"})
    assert wrong.status == 400
    assert "code is wrong" in wrong.text
    assert "data-card " not in browser.get("/records").text
    answer = browser.post("/receive/offer", fields | {"tx_code": made.code})
    page = browser.follow(answer).text
    assert "Genuine" in page
    assert "Bachelor of Science" in page
    again = browser.post("/receive/offer", fields | {"tx_code": made.code})
    assert again.status == 400


@pytest.mark.parametrize("text", ["openid-credential-offer://?credential_offer=%7B", "haip-vci://?x=1"])
def test_a_broken_offer_is_refused_kindly(app, text: str) -> None:
    browser = enter(app)
    browser.get("/receive")
    answer = browser.post("/receive", {"text": text})
    assert answer.status == 400
    assert "cannot be taken here" in answer.text
