"""JSON from outside: what two parsers could read in two ways is refused, whatever its size, in linear time."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from testamur import jsontext
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


PIECES = st.sampled_from(
    ["{", "}", "[", "]", ",", ":", '"', '"a"', '"b"', "\\", "\\u0061", "\\ud800", "\\/", "\\n", " ", "0", "1", "-", "-0", ".5",
     "e5", "E", "1.0", "1e16", "1e400", "9" * 40, "9" * 41, "-" + "9" * 40, "9007199254740993", "18446744073709551616",
     "NaN", "Infinity", "null", "true", "ሰ", "😀", "\x7f", "\x00", "\ufeff", "\u2028"]
)  # fmt: skip


def strictly(text):
    """What the strict parser alone says, whatever the text looks like."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jsontext, "_exact", lambda raw: None)
        return answer(text)


def answer(text):
    try:
        return repr(parse_json(text))
    except Malformed as error:
        return f"Malformed: {error}"


@settings(deadline=None)
@given(st.lists(PIECES, max_size=12).map("".join))
def test_the_quick_parser_says_what_the_strict_one_says(text):
    assert answer(text) == strictly(text)
    assert answer(text.encode()) == strictly(text.encode())


@settings(deadline=None)
@given(VALUES, st.data())
def test_it_says_the_same_of_texts_that_were_tampered_with(value, data):
    text = write_json(value)
    place = data.draw(st.integers(0, len(text)))
    piece = data.draw(PIECES | st.just(text[place : place + 5]))
    changed = text[:place] + piece + text[place + data.draw(st.integers(0, 3)) :]
    assert answer(changed) == strictly(changed)


@pytest.mark.parametrize(
    "text", ['{"a":1,"b":{"a":1,"a":1}}', '{"a":1,"\\u0061":1}', "[" + "1" * 41 + "]", '["\\ud800"]']
)
def test_a_compact_text_is_no_way_round_the_strictness(text):
    with pytest.raises(Malformed):
        parse_json(text)


def test_a_compact_text_needs_the_strict_parser_no_more(monkeypatch):
    monkeypatch.setattr(jsontext, "_strictly", None)
    assert parse_json('{"a":[1,2.5,true,null,"ሰላም","\\n"],"b":{}}')["a"][4] == "ሰላም"
