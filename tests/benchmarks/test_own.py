"""What is measured is what it says: real diplomas, real acts, and the floor of the same bytes."""

import json
import subprocess
import sys

import pytest

from benchmarks.diplomas import World, of_size
from benchmarks.own import NOW, OB_JWT, WAYS, badge_token, own_ways
from benchmarks.pyld_path import pyld_ways, warm_normalize
from testamur.checks import Headline
from testamur.credentials import check_rules, check_schema
from testamur.jsonld import canonize
from testamur.jsontext import write_json
from testamur.proofs import decode


@pytest.fixture(scope="module")
def world():
    return World()


def test_every_way_of_ours_does_what_it_is_measured_for(world, tmp_path):
    contenders = list(own_ways(world, tmp_path))
    assert {each.block for each in contenders} == {way.block for way in WAYS} | {OB_JWT}
    for each in contenders:
        assert all(seconds > 0 for seconds in each.turn(2)), each


def test_a_forged_diploma_is_not_measured_as_a_verified_one(world, tmp_path):
    world = World()
    world.school.methods.clear()
    world.school.publish()
    fresh = [each for each in own_ways(world, tmp_path) if each.act == "verify" and "testamur" in each.name]
    with pytest.raises(AssertionError):
        fresh[0].turn(1)


def test_pylds_path_makes_and_verifies_the_same_proofs(world):
    for each in pyld_ways(world):
        assert each.turn(1)
    normalize = warm_normalize()
    assert all(normalize(document) == canonize(document) for document in world.documents[:3])


def test_the_badge_token_is_read_as_one(world):
    document = decode(badge_token(world.documents[3], world.signers["Ed25519"]))
    assert document.format == "ob_jwt"
    assert world.employer.verify(document, at=NOW).headline is Headline.GENUINE


@pytest.mark.parametrize("size", [1, 2, 4, 8, 16, 32])
def test_documents_of_each_size_are_badges_of_about_that_size(size):
    document = of_size(size * 1000)
    length = len(write_json(document).encode())
    assert size * 1000 <= length < size * 1000 + 800
    assert check_rules(document) == check_schema(document) == []
    json.loads(write_json(document))


def test_the_peak_is_the_kernels():
    program = "from benchmarks.memory import peak\nbefore = peak()\nheld = bytearray(b'x') * 40_000_000\nprint(peak() - before)"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert int(said) > 20_000  # kilobytes; a process of its own, since a peak never falls
