"""A shape is tried before it is used: on its sample and on values that reorder, collide and need escapes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from testamur.errors import Malformed, TestamurError
from testamur.jsonld.door import canonize_generally
from testamur.jsonld.plans import NotPlanned
from testamur.jsonld.shapes import Path, Shape, Value
from testamur.jsonld.shapes_cutting import put, value_at
from testamur.jsontext import Json

_WORDS = (
    'says "so" \\ twice\n\t\r\x00\x7f',
    "",
    "ሰላማዊት \U0001f393 \u2028 ẖ",
    '> .\n<urn:a> <urn:b> "c',
    "_:c14n0",
    "%s %d {0} \ue000",
)
_ADDRESSES = ("urn:uuid:0", "zz:last", "a:first", "https://example.org/ሰ?q=%25s#x", "did:example:1")
_INTEGERS = (0, 1, -7, 2**53 - 1)
_FRACTIONS = (0.5, -3.75, 123456.789)
_ROUNDS = 4


def check_shape(
    shape: Shape,
    document: Json,
    slots: Sequence[Sequence[Path]],
    *,
    reference: Callable[..., bytes] = canonize_generally,
) -> None:
    """Raise Malformed unless the shape writes its sample as the general path does, and these values where it writes them.

    ``reference`` is another path to be held to.
    """
    sample = [value_at(document, places[0]) for places in slots]
    if shape.fill(sample) != _by(reference, shape, document):
        raise Malformed("", "the shape does not reproduce its own sample")
    for turn in range(_ROUNDS):
        same = turn == _ROUNDS - 1
        values = [
            _value(shape, slot, value, turn if same else turn + slot) for slot, value in enumerate(sample)
        ]
        changed = document
        for places, value in zip(slots, values, strict=True):
            for path in places:
                changed = put(changed, path, value)
        filled = shape.fill(values)
        if filled is not None and filled != _by(reference, shape, changed):
            raise Malformed("", "the shape differs from the general path on other values")


def _value(shape: Shape, slot: int, sample: Value, turn: int) -> Value:
    if slot in shape.addresses:
        place = shape.addresses.index(slot)
        return f"{_ADDRESSES[(turn + place) % len(_ADDRESSES)]}{place if turn % 2 else ''}"
    if isinstance(sample, str):
        return _WORDS[turn % len(_WORDS)]
    numbers = _INTEGERS if type(sample) is int else _FRACTIONS
    return numbers[turn % len(numbers)]


def _by(reference: Callable[..., bytes], shape: Shape, document: Json) -> bytes | None:
    try:
        return reference(document, digest=shape.digest, contexts=shape.contexts)
    except (TestamurError, NotPlanned):
        return None
