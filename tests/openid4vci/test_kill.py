"""The server is killed at random moments of a claim, and two servers are asked for the same offer at once.

Afterwards the wallet goes on with what it has: the record is in it once, nothing was issued twice, and the
audit log agrees with the ledger.
"""

import os
import random
import signal
import time
from collections.abc import Iterator
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from threading import BrokenBarrierError

import pytest

from testamur.keys import PrivateKey
from testamur.openid4vci import Access, Denial, ask, look_up, read_offer, redeem
from testamur.store.claims import TAKEN
from tests.openid4vci.world import World, link_of
from tests.postgres import postgres_cluster

FORM = "diploma_dc_sd-jwt"
FORK = get_context("fork")
SECRET = bytes(31) + b"\7"


def _key() -> PrivateKey:
    return PrivateKey.from_secret("P-256", SECRET)


def _claim(url: str, link: str, code: str, said: Connection, access: Access | None = None) -> None:
    """A server and a wallet; what the wallet is told it hands on at once."""
    world = World(url)
    line = world.line()
    if access is None:
        offer = read_offer(link, world.loop)
        issuer = look_up(offer.credential_issuer, world.loop)
        access = redeem(issuer, offer, line, tx_code=code, at=world.now)
        said.send(access)
    issuer = look_up("https://desk.valdoria.example/claims/valdoria", world.loop)
    said.send(ask(issuer, access, FORM, [_key()], line, at=world.now).records[0].text)
    world.close()


def _started(url: str, link: str, code: str, access: Access | None = None):
    ours, theirs = FORK.Pipe(duplex=False)
    process = FORK.Process(target=_claim, args=(url, link, code, theirs, access))
    process.start()
    theirs.close()
    return process, ours


def _heard(ours: Connection) -> list[object]:
    told = []
    try:
        while ours.poll(60):
            told.append(ours.recv())
    except EOFError:
        pass
    return told


def _killed_and_finished(url: str, link: str, code: str, after: float) -> tuple[str, int]:
    """The text that the wallet has in the end, and how many times it was told one."""
    process, ours = _started(url, link, code)
    process.join(after)
    if process.is_alive():
        os.kill(process.pid, signal.SIGKILL)
    process.join(60)
    told = _heard(ours)
    access = next((each for each in told if isinstance(each, Access)), None)
    texts = [each for each in told if isinstance(each, str)]
    if not texts:
        process, ours = _started(url, link, code, access)
        process.join(120)
        assert process.exitcode == 0
        texts = [each for each in _heard(ours) if isinstance(each, str)]
    return texts[0], len(texts)


def _check(url: str, seed: int, times: int) -> None:
    chance = random.Random(seed)
    world = World(url)
    offers = [world.offer(code=True) for _ in range(times + 1)]
    began = time.monotonic()
    _killed_and_finished(url, link_of(offers[0]), offers[0].code, 120)
    usual = time.monotonic() - began
    for made in offers[1:]:
        text, count = _killed_and_finished(url, link_of(made), made.code, chance.uniform(0, usual * 1.1))
        record = world.ledger.get(made.record_id)
        assert record is not None
        assert sorted(form.name for form in record.forms) == ["dc+sd-jwt", "full"], (
            "issued twice, or not at all"
        )
        assert (record.form("dc+sd-jwt").text, count) == (text, 1)  # type: ignore[union-attr]
        assert world.entry(made.link).state == TAKEN
    assert world.ledger.audit.verify(world.town.school.did).problems == ()
    world.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'ledger.sqlite'}"
        return
    made = postgres_cluster().database()
    yield made
    postgres_cluster().drop(made)


@pytest.mark.slow
def test_a_claim_that_is_killed_is_finished_and_nothing_is_issued_twice(url: str) -> None:
    _check(url, 20260701, 3)


@pytest.mark.soak
def test_fifty_claims_that_are_killed(url: str) -> None:
    _check(url, 7, 25)


def _redeem(url: str, link: str, gate, said: Connection) -> None:
    """One of two servers that are asked at the same moment."""
    world = World(url)
    offer = read_offer(link, world.loop)
    issuer = look_up(offer.credential_issuer, world.loop)
    gate.wait(60)
    try:
        access = redeem(issuer, offer, world.line(), at=world.now)
        gate.wait(60)
        said.send(
            ask(issuer, access, FORM, [PrivateKey.generate("P-256")], world.line(), at=world.now)
            .records[0]
            .text
        )
    except Denial as denial:
        said.send(denial.error)
        gate.abort()
    except BrokenBarrierError:
        said.send("alone")


def _raced(url: str, links: list[str]) -> list[str]:
    gate = FORK.Barrier(2)
    pipes, processes = [], []
    for link in links:
        ours, theirs = FORK.Pipe(duplex=False)
        processes.append(FORK.Process(target=_redeem, args=(url, link, gate, theirs)))
        processes[-1].start()
        theirs.close()
        pipes.append(ours)
    answers = [str(ours.recv()) if ours.poll(90) else "nothing" for ours in pipes]
    for process in processes:
        process.join(60)
    return answers


@pytest.mark.slow
def test_of_two_servers_that_are_asked_for_one_offer_at_once_exactly_one_hands_it_out(url: str) -> None:
    world = World(url)
    made = world.offer()
    answers = _raced(url, [link_of(made)] * 2)  # each with a code of its own
    won = [answer for answer in answers if answer.startswith("eyJ")]
    assert len(won) == 1, answers
    record = world.ledger.get(made.record_id)
    assert record is not None
    assert sorted(form.name for form in record.forms) == ["dc+sd-jwt", "full"]
    world.close()


@pytest.mark.slow
def test_of_two_servers_that_are_shown_one_code_at_once_exactly_one_takes_it(url: str) -> None:
    world = World(url)
    for _ in range(5):
        made = world.offer()
        offer = read_offer(link_of(made), world.loop)
        answers = _raced(url, [offer.link()] * 2)
        assert sorted(answers) == ["alone", "invalid_grant"]  # who got the token waited for the other in vain
    world.close()
