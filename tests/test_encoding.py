"""Bytes to text and back: each text stands for its bytes alone."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testamur.encoding import (
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


@pytest.mark.parametrize("text", ["0", "O", "I", "l", "2 3", "é", "2" * 8193])
def test_other_characters_than_those_of_base58_are_refused(text):
    with pytest.raises(Malformed):
        decode_base58(text)
