"""CBOR from strangers: bounded before it is decoded, and nothing in it is given a meaning of its own."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testamur.cbor import parse_cbor, write_cbor
from testamur.errors import Malformed

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**64), 2**64 - 1) | st.text() | st.binary(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text() | st.integers(0, 99), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(PLAIN)
def test_what_is_written_is_what_is_read(value) -> None:
    assert parse_cbor(write_cbor(value)) == value


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("c074323031332d30332d32315432303a30343a30305a", "tag 0"),
        ("d8236161", "tag 35"),
        ("c249010000000000000000", "tag 2"),
        ("d81c80", "tag 28"),
        ("9f01ff", "not said beforehand"),
        ("5f4101ff", "not said beforehand"),
        ("a201020103", "Duplicate"),
        ("0101", "after its end"),
        ("", "cut off"),
        ("18", "after its end|cut off"),
        ("5bffffffffffffffff", "cut off"),
        ("9bffffffffffffffff", "cut off"),
        ("bbffffffffffffffff", "cut off"),
        ("9affffffff00", "cut off"),
        ("81" * 40 + "00", "nested"),
        ("61ff", "decod"),
        ("f7", "simple"),
        ("f820", "simple"),
    ],
)
def test_what_does_not_belong_is_refused(raw: str, why: str) -> None:
    with pytest.raises(Malformed, match=f"(?i){why}"):
        parse_cbor(bytes.fromhex(raw))


def test_many_small_things_and_long_ones_are_bounded() -> None:
    with pytest.raises(Malformed, match="items"):
        parse_cbor(b"\x9a" + (200_000).to_bytes(4, "big") + b"\x00" * 200_000)
    with pytest.raises(Malformed, match="longer"):
        parse_cbor(b"\x00" * 11, max_bytes=10)


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    with suppress(Malformed):
        parse_cbor(raw, tags=(18,))
