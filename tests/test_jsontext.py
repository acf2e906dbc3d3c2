"""JSON from outside: what two parsers could read in two ways is refused, whatever its size, in linear time."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testamur.errors import Malformed
from testamur.jsontext import parse_json, write_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(VALUES)
def test_what_is_written_is_read_as_it_was(value):
    assert parse_json(write_json(value)) == value
    assert parse_json(json.dumps(value, indent=1)) == value


@pytest.mark.parametrize(
    "text",
    ['"\\ud800"', '"\\uDC00"', '"\ud800"', '{"\\ud800": 1}', b'"\xed\xa0\x80"', '["ሰላም", "\\udfff"]'],
)
def test_half_a_surrogate_pair_is_refused_however_it_is_written(text):
    with pytest.raises(Malformed):
        parse_json(text)


def test_a_whole_surrogate_pair_is_one_character():
    assert parse_json('"\\ud83d\\ude00"') == "😀"


@pytest.mark.parametrize(
    "text", ['{"a": 1, "a": 1}', '{"a": {"b": 1, "\\u0062": 2}}', "NaN", "1e999", "[1] 2"]
)
def test_what_could_be_read_in_two_ways_is_refused(text):
    with pytest.raises(Malformed):
        parse_json(text)


@pytest.mark.parametrize(("left", "right"), [("[", "]"), ('{"a":', "}"), ('[{"a":[', "]}]")])
def test_sixty_four_levels_are_read_and_one_more_is_refused(left, right):
    levels = left.count("[") + left.count("{")
    deepest = left * (63 // levels) + "[1]" + right * (63 // levels)
    assert parse_json(deepest) is not None
    with pytest.raises(Malformed, match="nested more than 64"):
        parse_json(left * 65 + "1" + right * 65)


def test_brackets_within_strings_are_no_levels():
    words = ["[{", '"[[', "\\", "}]"] * 100
    assert parse_json(write_json(words)) == words
    assert parse_json(write_json(words[::4])) == words[::4]


def test_an_endless_string_of_quotes_is_refused_in_linear_time():
    with pytest.raises(Malformed):
        parse_json("[" * 70 + '"' + '\\"' * 1_900_000)
