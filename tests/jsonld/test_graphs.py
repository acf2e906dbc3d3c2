"""Records with graphs of their own, the proofs of what they hold: plans and the general path agree on them."""

import copy
import json
import random
from collections import Counter
from collections.abc import Iterator
from functools import cache

import pytest

from testamur.errors import TestamurError
from testamur.jsonld import canonize
from testamur.jsonld.door import canonize_by_plans, canonize_generally
from testamur.jsonld.plans import NotPlanned
from tests.jsonld.documents import MUTATIONS
from tests.town import Town


@cache
def record() -> dict:
    """A learner record of two signed badges and one that is only said."""
    school = Town().school
    held = [json.loads(school.issue(school.diploma(index=number)).text) for number in (1, 2)]
    said = school.diploma(index=4)
    return school.clr([*held, said])


def mutated(count: int, seed: int) -> Iterator[dict]:
    chance = random.Random(seed)
    for _ in range(count):
        document = copy.deepcopy(record())
        for _ in range(chance.choice([0, 1, 1, 2, 3])):
            chance.choice(MUTATIONS)(document, chance)
        yield json.loads(json.dumps(document))


def answer(way, document: dict) -> bytes | str | None:
    try:
        return way(document)
    except NotPlanned:
        return None
    except TestamurError as error:
        return str(error)


@pytest.mark.parametrize(
    ("count", "seed"), [(24, 7), pytest.param(3_000, 11, marks=[pytest.mark.soak, pytest.mark.timeout(1800)])]
)
def test_plans_and_the_general_path_agree_on_records_that_hold_signed_records(count: int, seed: int) -> None:
    seen: Counter[str] = Counter()
    for document in mutated(count, seed):
        fast, general = answer(canonize_by_plans, document), answer(canonize_generally, document)
        if fast is None:
            seen["left"] += 1
            continue
        assert type(fast) is type(general), (fast, general, document)
        if isinstance(fast, bytes):
            assert fast == general, document
        seen["equal" if isinstance(fast, bytes) else "refused"] += 1
    assert seen["equal"] > count / 4
    assert seen["refused"] > count / 24


def test_a_record_held_twice_is_left_to_the_general_path_and_comes_out_right() -> None:
    document = copy.deepcopy(record())
    held = document["credentialSubject"]["verifiableCredential"]
    held.append(copy.deepcopy(held[0]))
    with pytest.raises(NotPlanned):
        canonize_by_plans(document)
    assert canonize(document) == canonize_generally(document)
