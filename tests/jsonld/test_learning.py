"""Shapes learnt from documents that pass by: the same bytes as by plans, or the same refusal."""

import random
from collections import Counter
from copy import deepcopy

import pytest

from testamur.contexts import SHIPPED
from testamur.errors import TestamurError
from testamur.jsonld import canonize, learning
from testamur.jsonld.door import canonize_by_plans, canonize_generally
from testamur.jsonld.learning import Learning, Sighting
from testamur.jsonld.plans import NotPlanned
from testamur.jsonld.shapes import Path
from testamur.jsonld.shapes_cutting import put, value_at
from tests.credentials.samples import PLACES
from tests.credentials.samples import diploma as rich_diploma
from tests.jsonld.documents import IDS, NAMES, NUMBERS, TEXTS, TYPES, mutated

ODD = [
    *IDS,
    *NAMES,
    *NUMBERS,
    *TEXTS,
    *TYPES,
    True,
    False,
    None,
    0.0,
    -0.0,
    240,
    240.0,
    [],
    {},
    "did:web:a.example",
]


def graduate(number: int) -> dict:
    """One of many diplomas of one school, which differ in names and numbers."""
    document = rich_diploma(number * len(PLACES))
    document["credentialSubject"]["identifier"][0]["identityHash"] = f"{NAMES[number % len(NAMES)]} {number}"
    document["credentialSubject"]["creditsEarned"] = 200.5 + number
    return document


def leaves(document: dict) -> list[Path]:
    """Where a string, number or truth value stands that is no part of a context."""
    found = [path for path in learning.paths(document) if path[0] != "@context"]
    return [path for path in found if not isinstance(value_at(document, path), dict | list)]


def shown(lessons: Learning, document: dict, digest: str = "sha256") -> Sighting | None:
    """What is known of a document; then it is canonized as ``canonize`` does it."""
    sighting = lessons.look(document)
    if sighting is not None and not sighting.is_trusted:
        lessons.learn(document, sighting, canonize_by_plans(document, digest=digest))
    return sighting


def trained(digest: str = "sha256") -> Learning:
    lessons = Learning(digest, SHIPPED)
    for number in range(12):
        shown(lessons, graduate(number), digest)
    return lessons


def test_a_document_of_a_known_template_is_canonized_by_its_shape_alone() -> None:
    lessons = trained()
    for number in range(20, 60):
        document = graduate(number)
        sighting = lessons.look(document)
        assert sighting is not None
        assert sighting.is_trusted
        assert sighting.data == canonize_generally(document)


def test_a_shape_is_not_trusted_before_documents_have_proved_it() -> None:
    lessons, trusted = Learning("sha256", SHIPPED), []
    for number in range(9):
        sighting = lessons.look(graduate(number))
        assert sighting is not None
        assert bool(sighting.form) is (number > 3)
        trusted.append(sighting.is_trusted)
        shown(lessons, graduate(number))
    assert trusted == [False] * 7 + [True] * 2


def test_a_shape_that_plans_contradict_is_given_up() -> None:
    lessons = Learning("sha256", SHIPPED)
    for number in range(5):
        shown(lessons, graduate(number))
    document = graduate(5)
    sighting = lessons.look(document)
    assert sighting is not None
    assert sighting.form is not None
    lessons.learn(document, sighting, b"something else")
    for number in range(6, 30):
        again = shown(lessons, graduate(number))
        assert again is not None
        assert again.form is None


@pytest.mark.parametrize("digest", ["sha256", "sha384"])
def test_any_value_in_any_place_gives_the_bytes_of_the_general_path_or_is_left_to_it(digest: str) -> None:
    lessons, chance, seen = trained(digest), random.Random(5), Counter[str]()
    for number in range(400):
        document = graduate(100 + number)
        for _ in range(chance.choice([1, 1, 1, 2, 3])):
            spots = leaves(document)
            document = put(document, chance.choice(spots), deepcopy(chance.choice(ODD)))
        sighting = lessons.look(document)
        trusted = sighting is not None and sighting.is_trusted
        seen["by shape" if trusted else "left"] += 1
        if trusted:
            assert sighting is not None
            assert sighting.data == canonize_by_plans(document, digest=digest), document
            if number % 20 == 0:
                assert sighting.data == canonize_generally(document, digest=digest)
    assert seen["by shape"] > 20
    assert seen["left"] > 200


def test_values_moved_from_place_to_place_give_the_same_bytes_or_are_left_alone() -> None:
    lessons, chance, filled = trained(), random.Random(6), 0
    for number in range(300):
        document = graduate(500 + number)
        places = [each for each in leaves(document) if isinstance(value_at(document, each), str)]
        first, second = chance.sample(places, 2)
        sighting = lessons.look(put(document, first, value_at(document, second)))
        if sighting is not None and sighting.is_trusted:
            filled += 1
            assert sighting.data == canonize_by_plans(put(document, first, value_at(document, second)))
    assert filled > 10


def test_whatever_was_learnt_before_the_answer_is_that_of_plans() -> None:
    """Documents that attack one another: what one teaches is tried on the next."""
    seen: Counter[str] = Counter()
    for document in mutated(150, 23):
        for turn in range(9):
            variant = document if turn % 3 else put(document, ("id",), f"urn:uuid:0000-{turn}")
            try:
                expected = canonize_by_plans(variant)
            except (NotPlanned, TestamurError):
                seen["not planned"] += 1
                break
            assert canonize(variant) == expected
            seen["equal"] += 1
    assert seen["equal"] > 300


def test_zero_and_negative_zero_are_not_taken_for_one_another() -> None:
    lessons = Learning("sha256", SHIPPED)
    for number in range(20):
        document = put(graduate(number), ("issuer", "address", "geo", "latitude"), 0.0)
        shown(lessons, document)
    sighting = lessons.look(put(graduate(3), ("issuer", "address", "geo", "latitude"), -0.0))
    assert sighting is not None
    assert not sighting.is_trusted


def test_a_type_is_never_a_slot() -> None:
    lessons = Learning("sha256", SHIPPED)
    for number in range(16):
        document = graduate(number)
        document["credentialSubject"]["achievement"]["image"]["type"] = ["Image", "Profile"][number % 2]
        shown(lessons, document)
    document = graduate(17)
    document["credentialSubject"]["achievement"]["image"]["type"] = "Nothing"
    sighting = lessons.look(document)
    assert sighting is not None
    assert not sighting.is_trusted


def test_only_so_many_structures_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "_MAX_TEMPLATES", 3)
    lessons = trained()
    for number in range(6):
        document = graduate(1)
        document["credentialSubject"]["achievement"]["tag"] = [f"tag {each}" for each in range(number + 3)]
        shown(lessons, document)
    assert len(lessons._templates) == 3
    assert lessons._forms == ()


def test_nothing_is_learnt_of_large_documents() -> None:
    document = graduate(1)
    document["credentialSubject"]["achievement"]["tag"] = [f"tag {number}" for number in range(400)]
    lessons = Learning("sha256", SHIPPED)
    shown(lessons, document)
    assert lessons._templates == {}
    for number in range(12):
        document = graduate(number)
        document["description"] = "ሀ" * 20_000
        shown(lessons, document)
    assert lessons._templates == {}
