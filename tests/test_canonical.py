"""JCS by a usual writer in C where that is the same, and by ours where it is not: one text either way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testamur.canonical import jcs
from testamur.errors import Malformed

NAMES = st.text(alphabet='abZ_@"\\\x1féሰ\ue000\ufb33😀', max_size=3)
NUMBERS = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_a_value_is_written_the_same_beside_a_double_that_python_writes_otherwise(value):
    assert jcs([value, 1.0]) == b"[" + jcs(value) + b",1]"
    assert jcs({"b": value, "a": -0.0}) == b'{"a":0,"b":' + jcs(value) + b"}"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0001, "0.0001"),
        (0.00001, "0.00001"),
        (1e15 + 0.5, "1000000000000000.5"),
        (1e16, "10000000000000000"),
        (1e21, "1e+21"),
        (5e-324, "5e-324"),
        (240.0, "240"),
        (-9.03, "-9.03"),
    ],
)
def test_doubles_are_written_as_ecmascript_does(value, text):
    assert jcs(value) == text.encode()


def test_names_are_sorted_by_their_utf_16_units():
    assert jcs({"\ufb33": 1, "😀": 2, "é": 3, "a": 4}) == '{"a":4,"é":3,"😀":2,"\ufb33":1}'.encode()


@pytest.mark.parametrize(
    "value", [2**53 + 1, float("nan"), float("inf"), "\ud800", {1: "a"}, {"\ud800": 1}, {"a", "b"}]
)
def test_what_jcs_cannot_carry_is_refused(value):
    for each in (value, [value], {"a": value}):
        with pytest.raises(Malformed):
            jcs(each)


def test_a_list_within_itself_is_refused():
    endless = []
    endless.append(endless)
    with pytest.raises(Malformed):
        jcs(endless)
