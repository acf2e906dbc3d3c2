"""The wallet claims what a school offers, under a key of its own, and can then show it."""

import pytest

from testamur.errors import TestamurError
from testamur.vault import Contents
from testamur.wallet.claiming import claim, is_offer, look_at_offer
from testamur.wallet.records import told
from tests.openid4vci.world import World, link_of, school, world

__all__ = ["school", "world"]


def test_an_offer_becomes_a_record_that_its_key_can_show(world: World) -> None:
    made = world.offer(code=True)
    link = link_of(made)
    assert is_offer(link)
    found = look_at_offer(Contents(), link, world.loop, at=world.now)
    assert found.needs_code
    receipt = claim(found, world.loop, world.town.employer(), tx_code=made.code, at=world.now)
    (record,) = receipt.taken
    assert told(record).headline == "genuine"
    assert told(record).holder == "ሰላም ተስፋዬ"
    assert record.forms[0].key == found.key.id
    assert record.source.startswith("offer of ")


def test_a_wrong_code_and_a_second_claim_give_nothing(world: World) -> None:
    made = world.offer(code=True)
    found = look_at_offer(Contents(), link_of(made), world.loop, at=world.now)
    with pytest.raises(TestamurError):
        claim(found, world.loop, world.town.employer(), tx_code="000000x", at=world.now)
    claim(found, world.loop, world.town.employer(), tx_code=made.code, at=world.now)
    with pytest.raises(TestamurError):
        claim(found, world.loop, world.town.employer(), tx_code=made.code, at=world.now)
    with pytest.raises(TestamurError):
        look_at_offer(
            Contents(), "openid-credential-offer://?credential_offer=%7B%7D", world.loop, at=world.now
        )
