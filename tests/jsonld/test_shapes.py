"""Shapes against the general path, the plans and PyLD: the same bytes on hostile values, or left to them."""

import random
from collections import Counter

import pytest

from testamur.contexts import SHIPPED
from testamur.errors import Malformed, TestamurError, Unsupported
from testamur.jsonld import canonize
from testamur.jsonld.door import canonize_generally
from testamur.jsonld.shapes import Path, Shape, shape_of
from testamur.jsonld.shapes_cutting import put, value_at
from tests.jsonld.documents import IDS, NAMES, NUMBERS, OB, TEXTS, V2, diploma

SUBJECT: Path = ("credentialSubject",)
RESULTS: list[Path] = [(*SUBJECT, "result", number) for number in range(3)]
DESCRIBED: list[Path] = [(*SUBJECT, "achievement", "resultDescription", number) for number in range(3)]
SLOTS: list[list[Path]] = [
    [("id",)],
    [("name",), (*SUBJECT, "achievement", "name")],
    [("awardedDate",)],
    [("issuer", "id")],
    [("issuer", "url")],
    [("issuer", "address", "streetAddress")],
    [(*SUBJECT, "id")],
    [(*SUBJECT, "identifier", 0, "identityHash")],
    [(*SUBJECT, "identifier", 1, "identityHash")],
    [(*SUBJECT, "creditsEarned")],
    [(*SUBJECT, "achievement", "tag", 1)],
    [(*SUBJECT, "achievement", "tag", 2)],
    [(*SUBJECT, "achievement", "alignment", 0, "targetName")],
    [(*SUBJECT, "achievement", "alignment", 1, "targetName")],
    [(*SUBJECT, "achievement", "resultDescription", 0, "allowedValue", 1)],
    *([(*result, "value")] for result in RESULTS),
    *([(*result, "resultDescription"), (*described, "id")] for result, described in zip(RESULTS, DESCRIBED, strict=True)),
    [("credentialStatus", "id")],
    [("credentialStatus", "statusListIndex")],
]  # fmt: skip
DIPLOMA = put(diploma(4), SLOTS[9][0], 180)
FEW, SLICE, FULL = 100, 500, 60_000
COUNTS = [
    pytest.param(FEW, 5),
    pytest.param(SLICE, 7, marks=pytest.mark.slow),
    pytest.param(FULL, 11, marks=[pytest.mark.soak, pytest.mark.timeout(1800)]),
]


@pytest.fixture(scope="module")
def shape() -> Shape:
    return shape_of(DIPLOMA, SLOTS)


def sample(document: dict) -> list:
    return [value_at(document, places[0]) for places in SLOTS]


def with_values(document: dict, values: list) -> dict:
    for places, value in zip(SLOTS, values, strict=True):
        for path in places:
            document = put(document, path, value)
    return document


def hostile_values(chance: random.Random) -> list:
    """The values of a sample with some of them replaced, often by the same ones, in order to collide."""
    values = sample(DIPLOMA)
    for slot in chance.sample(range(len(values)), chance.choice([1, 2, 5, len(values)])):
        values[slot] = chance.choice(
            [
                chance.choice(TEXTS + NAMES),
                chance.choice(IDS),
                chance.choice(NUMBERS),
                chance.choice(values),
                f"urn:uuid:{chance.randrange(10**6)}",
                f"https://x/{chance.choice(NAMES)}",
            ]
        )
    return values


def canonical(how, document: dict) -> bytes | str:
    try:
        return how(document)
    except TestamurError as error:
        return str(error)


@pytest.mark.parametrize(("count", "seed"), COUNTS)
def test_a_filled_shape_is_the_canonical_form_of_the_document_or_left_alone(
    shape: Shape, count: int, seed: int
) -> None:
    chance = random.Random(seed)
    seen: Counter[str] = Counter()
    for _ in range(count):
        values = hostile_values(chance)
        filled, ordinary = shape.fill(values), canonical(canonize, with_values(DIPLOMA, values))
        if filled is None:
            seen["left" if isinstance(ordinary, bytes) else "refused"] += 1
        else:
            assert filled == ordinary, values
            seen["equal"] += 1
    assert seen["equal"] > count / 5
    assert seen["refused"] > count / 5
    assert seen["left"] < count / 3


def test_the_general_path_gives_the_same_bytes_as_a_shape(shape: Shape) -> None:
    chance = random.Random(3)
    compared = 0
    for _ in range(120):
        values = hostile_values(chance)
        filled = shape.fill(values)
        if filled is not None:
            assert filled == canonical(canonize_generally, with_values(DIPLOMA, values))
            compared += 1
    assert compared > 20


def test_nodes_that_look_alike_are_labelled_as_the_whole_algorithm_does(shape: Shape) -> None:
    chance = random.Random(5)
    for _ in range(60):
        values = sample(DIPLOMA)
        for slot in (12, 13, 15, 16, 17):  # names of two alignments, values of three results
            values[slot] = chance.choice("ab")
        document = with_values(DIPLOMA, values)
        assert shape.fill(values) == canonize_generally(document)


def test_a_shape_with_sha384_inside_gives_other_labels_and_the_right_ones() -> None:
    document = diploma(2)
    shape = shape_of(document, SLOTS, digest="sha384")
    assert shape.fill(sample(document)) == canonize_generally(document, digest="sha384")
    assert shape.fill(sample(document)) != canonize_generally(document)


@pytest.mark.parametrize("name", NAMES)
def test_names_in_every_script_stand_in_the_canonical_form(shape: Shape, name: str) -> None:
    values = sample(DIPLOMA)
    values[7] = name
    filled = shape.fill(values)
    assert filled is not None
    assert f'"{name}"'.encode() in filled


@pytest.mark.parametrize(
    ("slot", "value"),
    [
        (0, "not an address"),
        (0, "_:b0"),
        (0, "_:c14n0"),
        (0, "https://x/>"),
        (0, 5),
        (6, "did:web:diplomas.example.edu"),  # the subject would be the issuer
        (18, "https://diplomas.example.edu/results/physics"),  # two descriptions would be one
        (7, "half a pair \ud800"),
        (7, "no character \uffff"),
        (7, None),
        (7, True),
        (7, ["a"]),
        (7, 5),
        (9, "180"),
        (9, 180.5),
        (9, 180.0),
        (9, True),
        (9, 2**53),
        (9, None),
        (10, "secondary"),  # the same tag twice
    ],
)
def test_what_could_change_more_than_a_value_is_left_to_the_general_path(
    shape: Shape, slot: int, value: object
) -> None:
    values = sample(DIPLOMA)
    assert shape.fill(values) is not None
    values[slot] = value
    assert shape.fill(values) is None


def test_a_shape_for_fractions_writes_them_as_doubles() -> None:
    document = put(diploma(1), SLOTS[9][0], 180.5)
    shape = shape_of(document, [SLOTS[9]])
    for value in (0.5, 3.71, 0.001, -0.1, 123456.789):
        assert shape.fill([value]) == canonize_generally(put(document, SLOTS[9][0], value))
    for value in (180, 180.0, 1e300, 0.30000000000000004, 1e-5, 5e-324, float("nan"), float("inf"), "0.5"):
        assert shape.fill([value]) is None


@pytest.mark.parametrize(
    "path",
    [
        ("type", 1),
        ("@context", 0),
        ("nothing",),
        (*SUBJECT, "identifier", 0, "hashed"),
        ("issuer",),
        (*SUBJECT, "achievement", "resultDescription", 0, "type", 0),
        ("id", "x"),
    ],
)
def test_what_is_no_value_of_its_own_cannot_be_a_slot(path: Path) -> None:
    with pytest.raises((Unsupported, Malformed)):
        shape_of(diploma(1), [[path]])


def test_a_language_and_a_datatype_cannot_be_slots() -> None:
    plain = diploma(1)
    spoken = plain | {"name": {"@value": "diploma", "@language": "en"}}
    assert shape_of(spoken, [[("name", "@value")]]).fill(["diplôme"]) == canonize(
        plain | {"name": {"@value": "diplôme", "@language": "en"}}
    )
    with pytest.raises((Unsupported, Malformed)):
        shape_of(spoken, [[("name", "@language")]])


def test_an_address_that_begins_with_a_prefix_of_the_context_is_left_to_the_general_path() -> None:
    url = "https://example.org/context"
    contexts = SHIPPED.plus({url: {"@context": {"ex": "https://example.org/terms#"}}})
    document = DIPLOMA | {"@context": [V2, OB, url]}
    shape = shape_of(document, [[("id",)]], contexts=contexts)
    assert shape.fill(["why:here"]) == canonize(document | {"id": "why:here"}, contexts=contexts)
    assert shape.fill(["ex:here"]) is None


def test_a_document_that_is_refused_has_no_shape() -> None:
    with pytest.raises(Malformed):
        shape_of(diploma(1) | {"undefined": "term"}, [[("id",)]])


def test_a_shape_without_slots_is_the_canonical_form() -> None:
    assert shape_of(diploma(1), []).fill([]) == canonize(diploma(1))
