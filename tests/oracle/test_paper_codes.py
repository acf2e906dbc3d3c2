"""The printed code with any digit or byte of it changed: refused, whatever its digits then stand for."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache

import pytest

from testamur.errors import Malformed, TestamurError
from testamur.jsontext import write_json
from testamur.papercode import decode, encode
from testamur.proofs import VcJwt
from testamur.scanning import examine
from tests.oracle import world
from tests.oracle.judging import is_accepted
from tests.town import GRADUATION, NOW

STRIDES = [
    pytest.param(9, id="slice"),
    pytest.param(1, id="full", marks=pytest.mark.slow),
]
TOKENS = [name for name in world.ALGORITHMS if name not in ("ML-DSA-44", "BLS12-381")]  # these sign no tokens
ALGORITHMS = pytest.mark.parametrize("algorithm", TOKENS)


@cache
def code(algorithm: str) -> str:
    school = world.town().school
    extract = school.diploma("ကောင်းမြတ် ဇော်", latin="Kaung Myat Zaw")
    token = VcJwt(extract=True).secure(write_json(extract), world.signer(algorithm), at=GRADUATION)
    return encode(token.text, "verify.valdoria.example")


def scanned(text: str) -> bool:
    """Whether what is written in a code is accepted."""
    try:
        examined = examine(text.encode(), world.employer(), at=NOW, source="")
    except TestamurError:
        return False
    return any(is_accepted(report) for report in examined.reports)


def damaged(text: str, chance: random.Random) -> Iterator[str]:
    """Each digit changed to each other one, dropped, doubled, and swapped with the next."""
    front, mark, digits = text.rpartition("#")
    for place, digit in enumerate(digits):
        before, after = digits[:place], digits[place + 1 :]
        for other in "0123456789".replace(digit, ""):
            yield f"{front}{mark}{before}{other}{after}"
        yield f"{front}{mark}{before}{after}"
        yield f"{front}{mark}{before}{digit}{digit}{after}"
        yield f"{front}{mark}{before}{chance.choice('0123456789')}{digit}{after}"
        if after and after[0] != digit:
            yield f"{front}{mark}{before}{after[0]}{digit}{after[1:]}"


def flipped(text: str) -> Iterator[str]:
    """Each bit of the packed bytes flipped, each byte dropped and doubled, and written as digits again."""
    digits = int(text.rpartition("#")[2])
    packed = digits.to_bytes((digits.bit_length() + 7) // 8, "big")
    for place in range(len(packed)):
        before, byte, after = packed[:place], packed[place], packed[place + 1 :]
        changes = [bytes([byte ^ 1 << bit]) for bit in range(8)] + [b"", bytes([byte, byte])]
        for change in changes:
            number = int.from_bytes(before + change + after, "big")
            if number != digits:
                yield f"{text.rpartition('#')[0]}#{number}"


@ALGORITHMS
def test_the_code_is_genuine_as_it_stands_at_any_host_and_without_one(algorithm: str) -> None:
    text = code(algorithm)
    assert scanned(text)
    assert scanned(text.rpartition("#")[2])
    assert scanned(text.replace("VERIFY.VALDORIA", "www.elsewhere"))


@ALGORITHMS
@pytest.mark.parametrize("every", STRIDES)
def test_no_code_with_a_changed_dropped_added_or_swapped_digit_is_accepted(
    algorithm: str, every: int
) -> None:
    chance = random.Random(algorithm)
    texts = list(damaged(code(algorithm), chance))
    assert len(texts) > 6_000
    for text in texts[chance.randrange(every) :: every]:
        assert not scanned(text), text


@ALGORITHMS
@pytest.mark.parametrize("every", STRIDES)
def test_no_code_with_a_flipped_bit_or_a_byte_more_or_less_is_accepted(algorithm: str, every: int) -> None:
    chance = random.Random(algorithm)
    texts = list(flipped(code(algorithm)))
    assert len(texts) > 2_000
    for text in texts[chance.randrange(every) :: every]:
        assert not scanned(text), text


@ALGORITHMS
def test_what_unpacks_from_a_damaged_code_never_carries_the_same_signature(algorithm: str) -> None:
    """The signature is masked with a digest of the rest, so no change leaves it as it was."""
    signature = decode(code(algorithm)).rpartition(".")[2]
    for text in list(flipped(code(algorithm)))[::7]:
        try:
            assert decode(text).rpartition(".")[2] != signature
        except Malformed:
            continue
