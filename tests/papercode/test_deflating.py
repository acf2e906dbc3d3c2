import random
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testamur.errors import Malformed
from testamur.papercode.deflating import _fixed_deflate, deflate, inflate

TEXT = st.lists(st.sampled_from([b"abc", b"abcd", b"x", b'{"a":', b"\xff", b"z" * 300]), max_size=60).map(
    b"".join
)


@given(TEXT, TEXT)
def test_any_inflater_reads_what_the_search_writes(data, dictionary):
    engine = zlib.decompressobj(-15, zdict=dictionary)
    assert engine.decompress(_fixed_deflate(data, dictionary)) == data
    assert engine.eof


@given(TEXT, TEXT)
def test_the_stream_is_never_longer_than_zlib_at_its_best(data, dictionary):
    engine = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, dictionary)
    assert len(deflate(data, dictionary)) <= len(engine.compress(data) + engine.flush())


def test_every_match_length_and_far_distances_are_written_right():
    chance = random.Random(1)
    noise = chance.randbytes(32_000)
    for length in (*range(3, 20), 130, 257, 258, 259, 1000):
        for start in (0, 1, 5_000, 31_000):
            data = noise[start : start + length] + b"\0" + noise[-length:]
            assert inflate(_fixed_deflate(data, noise), noise, 10_000) == data


def test_the_browsers_way_of_priming_reads_it():
    """A dictionary in front as stored blocks, then the stream: DecompressionStream has no other way."""
    dictionary, data = bytes(range(256)) * 40, b"abcdefgh" + bytes(range(200))
    stored = b"\0" + len(dictionary).to_bytes(2, "little") + (len(dictionary) ^ 0xFFFF).to_bytes(2, "little")
    whole = zlib.decompress(stored + dictionary + deflate(data, dictionary), -15)
    assert whole[len(dictionary) :] == data


@pytest.mark.parametrize("damage", [b"", b"\xff\xff", b"\x03", b"\x01\x00\x00\x00\x00"])
def test_damage_is_malformed(damage):
    with pytest.raises(Malformed):
        inflate(damage, b"abc", 100)


def test_what_follows_the_stream_is_refused():
    with pytest.raises(Malformed, match="after it"):
        inflate(deflate(b"abc", b"") + b"\0", b"", 100)


def test_past_the_limit_is_refused():
    with pytest.raises(Malformed, match="more than 10"):
        inflate(deflate(b"a" * 11, b""), b"", 10)
    assert inflate(deflate(b"a" * 10, b""), b"", 10) == b"a" * 10
