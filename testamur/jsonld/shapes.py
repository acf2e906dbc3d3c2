"""Shapes: documents that differ in a few strings and numbers, from those straight to canonical bytes.

A shape is cut from a sample by walking it with a mark in each slot, so it says nothing that the walk would
not say. Filling it decides anew whatever values can change: the hashes of blank nodes, their labels, the
order of lines. What could change more than that gives None, and the document goes the general way: an
address that a context reads as something else, two nodes that become one, a statement made twice, a
character that no literal holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from testamur.contexts import SHIPPED, ContextSet
from testamur.errors import Malformed
from testamur.jsonld import terms
from testamur.jsonld.nquads import Term
from testamur.jsonld.rdfc import hasher
from testamur.jsontext import Json
from testamur.stencils import Stencil

Value = str | int | float
"""What stands in a slot; true, false and null never do."""

Path = tuple[str | int, ...]
"""Where a value stands: the names of members and the places in lists that lead to it."""


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

    rows: tuple[Stencil, ...]

    def text(self, texts: Sequence[str]) -> str:
        """Return its lines in order; raises Malformed where two are the same."""
        lines = {row.fill(texts) for row in self.rows}
        if len(lines) < len(self.rows):
            raise Malformed("", "two values make the same statement")
        return "".join(sorted(lines))


@dataclass(frozen=True, slots=True)
class Block:
    """All statements of one subject in order; the texts of its groups are numbered after all others."""

    lines: Stencil
    groups: tuple[Group, ...]

    @property
    def is_fixed(self) -> bool:
        """Whether no value changes it."""
        return not self.groups and not self.lines.holes

    def text(self, texts: list[str]) -> str:
        """Return its lines in order; raises Malformed where two are the same."""
        if self.groups:
            texts = texts + [group.text(texts) for group in self.groups]
        return self.lines.fill(texts)


@dataclass(frozen=True, slots=True)
class Shape:
    """One shape; ``shape_of`` makes it."""

    numbers: Mapping[int, NumberSlot]
    addresses: tuple[int, ...]  # the slots that are addresses
    prefixes: frozenset[str]  # with which an address would be read as another one
    subjects: tuple[int, ...]  # the slots that name a node that says something
    others: frozenset[str]  # the names of all others
    hashed: tuple[Block, ...]  # what is said directly of each blank node, to be hashed (RDFC §4.6)
    hashes: tuple[str, ...]  # of those that no value changes, "" for the others
    blocks: tuple[Block, ...]  # what is said of all nodes
    constant: tuple[str, ...]  # the same of nodes that no value has to do with
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
            lines = sorted([*self.constant, *[block.text(texts) for block in self.blocks]])
        except Malformed:
            return None
        return "".join(lines).encode()

    def _texts(self, values: Sequence[Value]) -> list[str]:
        """Return what stands for each value between ``<>`` or quotes; raises Malformed where it does not fit."""
        texts: list[Any] = list(values)
        for slot, number in self.numbers.items():
            texts[slot] = number.text(texts[slot])
        for slot in self.addresses:
            terms.iri(texts[slot], "")
            if texts[slot].partition(":")[0] in self.prefixes:
                raise Malformed("", "an address that is not written in full")
        try:
            ordinary = terms.is_ordinary("".join(texts))
        except TypeError:
            raise Malformed("", "a value that is no string") from None
        return texts if ordinary else [terms.escaped(text, "") for text in texts]

    def _labels(self, texts: list[str]) -> list[str]:
        """Return the canonical label of each blank node (RDFC §4.4.3)."""
        hash_text = hasher(self.digest)
        hashes = [
            known or hash_text(block.text(texts))
            for known, block in zip(self.hashes, self.hashed, strict=True)
        ]
        if len(set(hashes)) < len(hashes):
            return self._labels_of_alike(hashes)
        labels = [""] * len(hashes)
        for place, node in enumerate(sorted(range(len(hashes)), key=hashes.__getitem__)):
            labels[node] = f"_:c14n{place}"
        return labels

    def _labels_of_alike(self, hashes: list[str]) -> list[str]:
        from testamur.jsonld.blocks import canonical_labels
        from testamur.jsonld.door import planner_for

        return canonical_labels(self.edges, hashes, self.digest, planner_for(self.contexts))


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
