"""Shapes: documents that differ in a few strings and numbers, from those straight to canonical bytes.

A shape is cut from a sample by walking it with a mark in each slot, so it says nothing that the walk would
not say. Filling it decides anew whatever values can change: the hashes of blank nodes, their labels, the
order of lines. What could change more than that gives None, and the document goes the general way: an
address that a context reads as something else, two nodes that become one, a statement made twice, a
character that no literal holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from testamur.contexts import SHIPPED, ContextSet
from testamur.errors import Malformed
from testamur.jsonld import terms
from testamur.jsonld.nquads import Term
from testamur.jsonld.rdfc import DIGESTS
from testamur.jsontext import Json
from testamur.stencils import ByteStencil, Piece

Value = str | int | float
"""What stands in a slot; true, false and null never do."""

Path = tuple[str | int, ...]
"""Where a value stands: the names of members and the places in lists that lead to it."""

_END = b"\0"  # of a block; it stands in no literal and no address


@dataclass(frozen=True, slots=True)
class NumberSlot:
    """A slot for whole numbers, or for numbers with a fraction, of one datatype."""

    whole: bool
    datatype: str

    def text(self, value: Value) -> str:
        """Return the digits between the quotes of its literal; raises Malformed."""
        if self.whole:
            fits = type(value) is int
        else:
            fits = type(value) is float and not value.is_integer()
        if fits and not isinstance(value, str):
            return terms.number(value, self.datatype, "").split('"', 2)[1]
        raise Malformed("", "this is another kind of value than the sample has")


@dataclass(frozen=True, slots=True)
class Group:
    """The statements of a subject with one predicate, in an order that depends on the values."""

    rows: tuple[tuple[Piece, ...], ...]


@dataclass(frozen=True, slots=True)
class Block:
    """All statements of one subject in order: pieces of text, numbers of texts, and groups."""

    parts: tuple[Piece | Group, ...]

    @property
    def is_fixed(self) -> bool:
        """Whether no value changes it."""
        return all(isinstance(part, str) for part in self.parts)


class Sheet:
    """Blocks that are filled in one go; the texts of their groups are numbered after all others."""

    __slots__ = ("_groups", "_lines")

    def __init__(self, blocks: Sequence[Block], count: int) -> None:
        """``count`` is how many texts it will be given."""
        groups = [part for block in blocks for part in block.parts if isinstance(part, Group)]
        self._groups = [(ByteStencil(_apart(group.rows), count), len(group.rows)) for group in groups]
        numbers = iter(range(count, count + len(groups)))
        numbered = [
            [next(numbers) if isinstance(part, Group) else part for part in block.parts] for block in blocks
        ]
        self._lines = ByteStencil(_apart(numbered), count + len(groups)) if blocks else None

    def fill(self, texts: list[bytes]) -> list[bytes]:
        """Return the lines of each block; raises Malformed where two values make the same line."""
        if self._lines is None:
            return []
        if self._groups:
            texts = texts + [_in_order(rows.fill(texts), count) for rows, count in self._groups]
        return self._lines.fill(texts).split(_END)


def _apart(texts: Iterable[Iterable[Piece]]) -> list[Piece]:
    """The pieces of several texts, with an end after each but the last."""
    return [piece for text in texts for piece in (*text, _END.decode())][:-1]


def _in_order(filled: bytes, count: int) -> bytes:
    lines = set(filled.split(_END))
    if len(lines) < count:
        raise Malformed("", "two values make the same statement")
    return b"".join(sorted(lines))


@dataclass(frozen=True, slots=True)
class Shape:
    """One shape; ``shape_of`` makes it."""

    numbers: Mapping[int, NumberSlot]
    addresses: tuple[int, ...]  # the slots that are addresses
    prefixes: frozenset[str]  # with which an address would be read as another one
    subjects: tuple[int, ...]  # the slots that name a node that says something
    others: frozenset[bytes]  # the names of all others
    hashes: tuple[str, ...]  # of each blank node (RDFC §4.6), "" where a value changes it
    hashed: Sheet  # what is said directly of these, to be hashed
    lines: Sheet  # what is said of all nodes
    constant: tuple[bytes, ...]  # the same of nodes that no value has to do with
    edges: tuple[tuple[Term, str, int], ...]  # between blank nodes
    digest: str
    contexts: ContextSet

    def fill(self, values: Sequence[Value]) -> bytes | None:
        """Return the canonical N-Quads of the document with these values, or None: ask ``canonize``."""
        try:
            texts = self._texts(values)
            names = {texts[slot] for slot in self.subjects}
            if len(names) < len(self.subjects) or not names.isdisjoint(self.others):
                return None
            texts += self._labels(texts)
            lines = sorted([*self.constant, *self.lines.fill(texts)])
        except Malformed:
            return None
        return b"".join(lines)

    def _texts(self, values: Sequence[Value]) -> list[bytes]:
        """Return what stands for each value between ``<>`` or quotes; raises Malformed where it does not fit."""
        texts: list[Any] = list(values)
        for slot, number in self.numbers.items():
            texts[slot] = number.text(texts[slot])
        try:
            ordinary = terms.is_ordinary("".join(texts))
        except TypeError:
            raise Malformed("", "a value that is no string") from None
        addresses = [texts[slot] for slot in self.addresses]
        if not terms.are_iris(addresses):
            raise Malformed("", "an address that is none")
        if not self.prefixes.isdisjoint([address.partition(":")[0] for address in addresses]):
            raise Malformed("", "an address that is not written in full")
        return [(text if ordinary else terms.escaped(text, "")).encode() for text in texts]

    def _labels(self, texts: list[bytes]) -> list[bytes]:
        """Return the canonical label of each blank node (RDFC §4.4.3)."""
        digest = DIGESTS[self.digest]
        changed = iter(self.hashed.fill(texts))
        hashes = [known or digest(next(changed)).hexdigest() for known in self.hashes]
        if len(set(hashes)) < len(hashes):
            return self._labels_of_alike(hashes)
        labels = [b""] * len(hashes)
        for place, node in enumerate(sorted(range(len(hashes)), key=hashes.__getitem__)):
            labels[node] = b"_:c14n%d" % place
        return labels

    def _labels_of_alike(self, hashes: list[str]) -> list[bytes]:
        from testamur.jsonld.blocks import canonical_labels
        from testamur.jsonld.door import planner_for

        labels = canonical_labels(self.edges, hashes, self.digest, planner_for(self.contexts))
        return [label.encode() for label in labels]


def shape_of(
    document: Json,
    slots: Sequence[Sequence[Path]],
    *,
    digest: str = "sha256",
    contexts: ContextSet = SHIPPED,
) -> Shape:
    """Return the shape of a document, each slot a value that stands at one or several places in it.

    Raises Unsupported where a slot is no string or number of its own in what the document says; what
    ``canonize`` raises for the document; and Malformed where the shape does not reproduce the general path.
    """
    from testamur.jsonld.shapes_cutting import cut_shape
    from testamur.jsonld.shapes_trying import check_shape

    shape = cut_shape(document, slots, digest, contexts)
    check_shape(shape, document, slots)
    return shape
