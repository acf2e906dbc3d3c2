"""Other implementations: what they issue we verify, what we issue they verify, and a forgery nobody."""

import sys
from pathlib import Path

import pytest

from benchmarks.crossing import crossings
from benchmarks.diplomas import World
from benchmarks.peers import PEERS, LeftOut, Peer, PeerKind, peer_ways, start, talking
from tests.leaving_out import leave_out

FOLDER = str(Path(talking.__file__).parent)
SCRIPT = f"""
import sys
sys.path.insert(0, {FOLDER!r})
from serving import Offer, serve

def create(document):
    print("talk that is no answer")
    if "validFrom" in document:
        raise ValueError("this one is too new")
    return document

serve(lambda material: [
    Offer("a suite", create, lambda made: made["issuer"]),
    Offer("another", lambda document: 1 / 0, lambda made: made),
])
"""


def kind(code):
    return PeerKind("a peer of this house", lambda: [sys.executable, "-c", code])


def test_a_peer_is_measured_on_the_first_documents_it_takes():
    running, acts = start(kind(SCRIPT), World())
    with running:
        assert [act["note"] for act in acts[:2]] == ["given it as VCDM 1.1 by a did:key"] * 2
        assert "too new" in acts[0]["refused"]
        assert "ZeroDivisionError" in acts[2]["refuses"]
        ways = list(peer_ways(running, acts))
        assert [way.act for way in ways] == ["create", "verify"]
        assert [len(way.turn(3)) for way in ways] == [3, 3]


def test_a_peer_that_stops_is_left_out_and_says_why():
    with Peer(kind("raise SystemExit('no room')")) as running, pytest.raises(LeftOut, match="no room"):
        running.ask({"memory": 1})


@pytest.mark.system
@pytest.mark.slow
def test_digitalbazaar_and_testamur_verify_each_other_and_no_forgery():
    (bazaar,) = [each for each in PEERS if each.crosses]
    world = World()
    try:
        running, _ = start(bazaar, world)
    except LeftOut as error:
        leave_out(str(error))
    with running:
        found = list(crossings(world, running))
    assert len(found) == 3
    assert [each.held for each in found] == [len(world.texts)] * 3
