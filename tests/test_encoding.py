"""Bytes to text and back: each text stands for its bytes alone."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testamur.encoding import (
    BASE58,
    decode_base58,
    decode_base64url,
    decode_multibase,
    encode_base58,
    encode_base64url,
    encode_multibase,
)
from testamur.errors import Malformed


@given(st.binary(max_size=200))
def test_bytes_come_back(data):
    assert decode_base64url(encode_base64url(data)) == data
    assert decode_base58(encode_base58(data)) == data
    assert decode_multibase(encode_multibase(data, "u")) == decode_multibase(encode_multibase(data)) == data


@given(st.text(alphabet="ABDQRYgwxz019-_+/= \nሰ", max_size=9))
def test_a_base64url_text_that_is_read_is_the_one_that_is_written(text):
    with suppress(Malformed):
        assert encode_base64url(decode_base64url(text)) == text


@pytest.mark.parametrize(
    "text", ["QQ==", "QR", "QUJ", "Q", "QUI+", "QU/B", "QU JD", "QUJD\n", "QUJé", "QQ=", "=QUJD"]
)
def test_base64url_in_any_other_form_is_refused(text):
    with pytest.raises(Malformed):
        decode_base64url(text)


def by_long_division(data):
    """Base58 as one learns division at school."""
    number, digits = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        digits = BASE58[digit] + digits
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + digits


@given(st.binary(max_size=300))
def test_base58_is_what_long_division_gives(data):
    assert encode_base58(data) == by_long_division(data)


@pytest.mark.parametrize("power", [1, 2, 3, 7, 8, 9, 31, 64, 87, 88, 89, 128, 300])
@pytest.mark.parametrize("off", [-1, 0, 1])
def test_base58_of_numbers_at_the_edges_of_its_digits(power, off):
    number = 58**power + off
    data = number.to_bytes((number.bit_length() + 7) // 8, "big")
    assert encode_base58(data) == by_long_division(data)
    assert decode_base58(by_long_division(data)) == data


def test_base58_of_known_answers():
    """Base58 as the Bitcoin wiki and draft-msporny-base58-03 §5 give it."""
    assert encode_base58(b"Hello World!") == "2NEpo7TZRRrLZSi2U"
    assert encode_base58(bytes.fromhex("0000287fb4cd")) == "11233QC4"


@pytest.mark.parametrize("text", ["0", "\ud800", "O", "I", "l", "2 3", "é", "2" * 8193])
def test_other_characters_than_those_of_base58_are_refused(text):
    with pytest.raises(Malformed):
        decode_base58(text)
