"""Sealed streams: what goes in comes out, with the passphrase and whole, or not at all."""

from __future__ import annotations

import io
import struct
from functools import cache

import pytest

from testamur.errors import Malformed, OperatorError
from testamur.keys import sealing
from testamur.keys.sealing import CHUNK, MAGIC, SealedReader, SealedWriter

PASSPHRASE = "ስንዴ እና ማር"
HEAD = len(MAGIC) + 48


def sealed(content: bytes, passphrase: str = PASSPHRASE) -> bytes:
    stream = io.BytesIO()
    writer = SealedWriter(stream, passphrase)
    writer.write(content)
    writer.close()
    return stream.getvalue()


def opened(data: bytes, passphrase: str = PASSPHRASE) -> bytes:
    reader = SealedReader(io.BytesIO(data), passphrase)
    content = reader.read()
    reader.finish()
    return content


@pytest.fixture(scope="module", autouse=True)
def _stretched_once():
    """A passphrase and a salt make their key, which is slow on purpose, once: for sealing and for opening."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealing, "stretch", cache(sealing.stretch))
        yield


@pytest.fixture(scope="module")
def three_chunks() -> bytes:
    return sealed(bytes(range(256)) * 600)


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK])
def test_what_was_sealed_comes_out_again(size):
    content = b"\x5a" * size
    assert opened(sealed(content)) == content


def test_it_is_read_and_written_in_pieces_of_any_size():
    stream = io.BytesIO()
    writer = SealedWriter(stream, PASSPHRASE)
    pieces = [b"a" * 7, b"", b"b" * (CHUNK + 3), b"c"]
    assert [writer.write(piece) for piece in pieces] == [7, 0, CHUNK + 3, 1]
    writer.close()
    reader = SealedReader(io.BytesIO(stream.getvalue()), PASSPHRASE)
    assert b"".join(iter(lambda: reader.read(1000), b"")) == b"".join(pieces)


def test_nothing_of_the_content_can_be_read_in_the_file():
    assert b"Selamawit" not in sealed(b"Selamawit Bekele" * 100)


def test_the_same_content_is_never_sealed_alike():
    assert sealed(b"x") != sealed(b"x")


def test_a_passphrase_is_the_same_however_the_keyboard_composes_it():
    assert opened(sealed(b"x", "caf\u00e9"), "cafe\u0301") == b"x"


def test_a_passphrase_with_a_lone_surrogate_is_a_passphrase():
    assert opened(sealed(b"x", "\udcff"), "\udcff") == b"x"


def test_another_passphrase_opens_nothing(three_chunks):
    with pytest.raises(OperatorError, match="does not open"):
        opened(three_chunks, "ስንዴ")
    with pytest.raises(OperatorError, match="empty"):
        opened(three_chunks, "")


@pytest.mark.parametrize("size", [HEAD + 40, HEAD + CHUNK + 17, HEAD + CHUNK + 18, -1])
def test_a_file_that_was_cut_is_refused(three_chunks, size):
    with pytest.raises((Malformed, OperatorError)):
        opened(three_chunks[:size])


@pytest.mark.parametrize("size", [0, 5, HEAD - 1])
def test_a_file_without_its_head_is_no_sealed_file(three_chunks, size):
    with pytest.raises(Malformed, match="not a sealed"):
        opened(three_chunks[:size])


@pytest.mark.parametrize("place", [len(MAGIC), HEAD - 1, HEAD + 5, HEAD + CHUNK + 30, -1])
def test_a_file_with_a_changed_bit_is_refused(three_chunks, place):
    data = bytearray(three_chunks)
    data[place] ^= 1
    with pytest.raises((Malformed, OperatorError)):
        opened(bytes(data))


def test_chunks_in_another_order_are_refused(three_chunks):
    first, size = HEAD, CHUNK + 17
    swapped = (
        three_chunks[:first]
        + three_chunks[first + size : first + 2 * size]
        + three_chunks[first : first + size]
        + three_chunks[first + 2 * size :]
    )
    with pytest.raises((Malformed, OperatorError)):
        opened(swapped)


def test_a_file_that_goes_on_after_its_end_is_refused():
    with pytest.raises((Malformed, OperatorError)):
        opened(sealed(b"x") + b"y")
    with pytest.raises((Malformed, OperatorError)):
        opened(sealed(b"x" * CHUNK * 2) + sealed(b"y"))


@pytest.mark.parametrize(("operations", "memory"), [(0, 262_144), (13, 262_144), (3, 1), (3, 2**31)])
def test_a_file_that_asks_for_an_unusual_amount_of_work_is_refused_before_it_is_done(operations, memory):
    head = MAGIC + bytes(16) + struct.pack(">II", operations, memory) + bytes(24)
    with pytest.raises(Malformed, match="unusual amount"):
        opened(head + bytes(100))
