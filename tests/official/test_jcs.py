"""RFC 8785, the JSON Canonicalization Scheme: the published files, and properties of every value."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testamur.canonical import jcs
from testamur.errors import Malformed
from tests.vectors_home import vectors

# Doubles from 2^53 to 10^21 are written without a point and read back as integers too long to be sure of.
NAMES = ("arrays", "french", "structures", "unicode", "values", "weird")

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False).filter(lambda number: not 2**53 < abs(number) < 1e21)
    | st.text(st.characters(exclude_categories=["Cs"]))
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=4), inner, max_size=4)
    ),
    max_leaves=20,
)


@pytest.mark.official
@pytest.mark.parametrize("name", NAMES)
def test_a_published_file_gives_the_published_bytes(name: str) -> None:
    found = {kind: list(vectors("jcs-rfc8785").rglob(f"{kind}/{name}.*")) for kind in ("input", "output")}
    value = json.loads(found["input"][0].read_text("utf-8"))
    assert jcs(value) == found["output"][0].read_bytes()


@pytest.mark.parametrize(
    ("value", "text"),
    [  # RFC 8785 appendix B, where a double has more than one plausible spelling
        (0.0, "0"),
        (-0.0, "0"),
        (5e-324, "5e-324"),
        (-5e-324, "-5e-324"),
        (1.7976931348623157e308, "1.7976931348623157e+308"),
        (295147905179352830000.0, "295147905179352830000"),
        (9.999999999999997e22, "9.999999999999997e+22"),
        (1e23, "1e+23"),
        (1.0000000000000001e23, "1.0000000000000001e+23"),
        (999999999999999700000.0, "999999999999999700000"),
        (999999999999999900000.0, "999999999999999900000"),
        (1e21, "1e+21"),
        (9.999999999999997e-7, "9.999999999999997e-7"),
        (0.000001, "0.000001"),
        (333333333.33333329, "333333333.3333333"),
        (333333333.33333325, "333333333.33333325"),
        (-0.0000033333333333333333, "-0.0000033333333333333333"),
        (1424953923781206.25, "1424953923781206.2"),
    ],
)
def test_a_double_is_written_as_ecmascript_writes_it(value: float, text: str) -> None:
    assert jcs(value).decode() == text


@given(VALUES)
def test_what_is_written_reads_back_as_the_same_value(value: object) -> None:
    assert json.loads(jcs(value)) == value


@given(VALUES)
def test_writing_what_was_read_back_gives_the_same_bytes(value: object) -> None:
    data = jcs(value)
    assert jcs(json.loads(data)) == data


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), st.integers(0, 9)))
def test_members_stand_in_the_order_of_their_utf_16_units(members: dict[str, int]) -> None:
    names = list(json.loads(jcs(members)))
    assert names == sorted(names, key=lambda name: name.encode("utf-16-be"))


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 9), min_size=2), st.randoms())
def test_the_order_of_members_does_not_matter(members: dict[str, int], chance: object) -> None:
    shuffled = list(members.items())
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    try:
        assert jcs(dict(shuffled)) == jcs(members)
    except Malformed:
        with pytest.raises(Malformed):
            jcs(members)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_double_keeps_its_value(value: float) -> None:
    assert float(jcs(value)) == value


@pytest.mark.parametrize(
    "value",
    [
        math.nan,
        math.inf,
        -math.inf,
        2**53 + 1,
        -(2**60) - 1,
        10**400,
        "\ud800",
        {"\udfff": 1},
        {1: 2},
        object(),
        b"x",
    ],
)
def test_what_jcs_cannot_carry_is_refused(value: object) -> None:
    with pytest.raises(Malformed):
        jcs(value)


def test_a_value_nested_without_end_is_refused() -> None:
    value: list = []
    for _ in range(500):
        value = [value]
    with pytest.raises(Malformed, match="deep"):
        jcs(value)


def test_a_large_double_is_read_again_from_its_own_canonical_form() -> None:
    """RFC 8785 §3.2.2.3: an integer that a double holds exactly is written as ECMAScript writes the double."""
    for value, written in ((1e20, b"100000000000000000000"), (2.0**60, b"1152921504606847000")):
        assert jcs(value) == written
        assert jcs(json.loads(written)) == written
