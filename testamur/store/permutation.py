"""A keyed permutation of the indexes of a status list: random to look at, never the same one twice."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b

from testamur.store.values import LIST_SIZE

SEED_BYTES = 32
_ROUNDS = 10
_HIGH, _LOW = 8, 9  # the halves of 17 bits
_ENTRIES = 1 << _LOW


def permuted(seed: bytes, position: int) -> int:
    """The index that a position of the counter stands for; a bijection of 0…131071 for every seed.

    An unbalanced Feistel network: each round changes one half by a keyed function of the other,
    which can be undone, whatever the function. So two positions never share an index.
    """
    if not 0 <= position < LIST_SIZE:
        raise ValueError(f"{position} is outside of a list of {LIST_SIZE}")
    high, low = position >> _LOW, position & (_ENTRIES - 1)
    tables = _tables(seed)
    for number in range(0, _ROUNDS, 2):
        high ^= tables[number][low] & ((1 << _HIGH) - 1)
        low ^= tables[number + 1][high] & (_ENTRIES - 1)
    return high << _LOW | low


@lru_cache(maxsize=64)
def _tables(seed: bytes) -> tuple[tuple[int, ...], ...]:
    """For each round a keyed random function of nine bits, written out: 160 hashes a list."""
    return tuple(_table(seed, number) for number in range(_ROUNDS))


def _table(seed: bytes, number: int) -> tuple[int, ...]:
    stream = b"".join(
        blake2b(bytes((number, block)), key=seed, person=b"testamur status").digest()
        for block in range(_ENTRIES * 2 // 64)
    )
    return tuple(stream[at] << 8 | stream[at + 1] for at in range(0, len(stream), 2))
