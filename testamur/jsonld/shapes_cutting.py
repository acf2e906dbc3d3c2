"""A shape is cut from a sample: a mark is put in each slot, the sample is walked, and the marks are found again."""

from __future__ import annotations

import re
import secrets
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from testamur.contexts import ContextSet
from testamur.errors import Unsupported
from testamur.jsonld import terms
from testamur.jsonld.door import planner_for
from testamur.jsonld.nquads import TYPE, Term
from testamur.jsonld.plans import MemberPlan, NotPlanned, Planner, Reading
from testamur.jsonld.rdfc import hasher
from testamur.jsonld.shapes import Block, Group, NumberSlot, Path, Shape, Sheet, Value
from testamur.jsonld.walk import Walk
from testamur.jsontext import Json
from testamur.stencils import Piece, pieces

Row = tuple[Piece, ...]
_BEFORE = re.compile(r' (<[^>]*>) ([<"])').fullmatch
_AFTER = re.compile(r'(> |"(?:\^\^(<[^>]*>)|@[a-z0-9-]+)? )\.\n').fullmatch


def cut_shape(document: Json, slots: Sequence[Sequence[Path]], digest: str, contexts: ContextSet) -> Shape:
    """Return the shape of a document, not tried yet; raises Unsupported, Malformed."""
    marks = Marks([value_at(document, places[0]) for places in slots])
    marked = document
    for places, mark in zip(slots, marks.values, strict=True):
        for path in places:
            marked = put(marked, path, mark)
    planner = planner_for(contexts)
    walk = _MarkedWalk(planner, marks)
    try:
        walk.run(marked)
    except NotPlanned as reason:
        raise Unsupported(f"documents with {reason} have no shape") from None
    if walk.graphs:
        raise Unsupported("documents with graphs of their own have no shape")
    return _Cutting(walk, marks).shape(digest, contexts)


def value_at(document: Json, path: Path) -> Any:
    """Return what stands at a path; raises Unsupported where there is nothing or it is part of a context."""
    found: Any = document
    for step in path:
        if step == "@context":
            raise Unsupported("a slot in a context")
        try:
            found = found[step]
        except (LookupError, TypeError):
            raise Unsupported(f"there is nothing at {path!r:.80}") from None
    return found


def put(value: Any, path: Path, new: Value) -> Any:
    """Return the document with another value at a path; what is not on the way there is shared."""
    if not path:
        return new
    changed = value.copy()
    changed[path[0]] = put(value[path[0]], path[1:], new)
    return changed


class Marks:
    """A mark for each slot: a value of the kind of the sample's that stands in no document."""

    def __init__(self, values: Sequence[Any]) -> None:
        self.number = secrets.randbelow(10**13) + 10**13
        self.name = f"urn:x-slot-{secrets.token_hex(8)}:"
        self.values: list[Value] = [self._mark(slot, value) for slot, value in enumerate(values)]
        written = {str(mark): slot for slot, mark in enumerate(self.values)}
        for slot, mark in enumerate(self.values):
            if not isinstance(mark, str):
                for datatype in (terms.INTEGER, terms.DOUBLE):
                    written[terms.number(mark, datatype, "").split('"', 2)[1]] = slot
        self.written: Mapping[str, int] = written
        longest_first = sorted(map(re.escape, written), key=len, reverse=True)
        self.pattern = re.compile("|".join(longest_first) or r"(?!)")

    def _mark(self, slot: int, value: Any) -> Value:
        if type(value) is str:
            return f"{self.name}{slot}:"
        if type(value) is int:
            return self.number + slot
        if type(value) is float and not value.is_integer():
            return self.number + slot + 0.5
        raise Unsupported(f"{value!r:.40} is no string or number, so it cannot be a slot")

    def slot(self, mark: re.Match[str]) -> int:
        """Return the slot of a mark that was found."""
        return self.written[mark[0]]


class _MarkedWalk(Walk):
    """A walk that leaves no slot in the place of a vocabulary word, where a value may be the name of something."""

    __slots__ = ("_marks",)

    def __init__(self, planner: Planner, marks: Marks) -> None:
        super().__init__(planner)
        self._marks = marks

    def object(self, member: MemberPlan, value: Any) -> tuple[Term, str]:
        if member.reading is Reading.WORD and type(value) is str and self._marks.pattern.search(value):
            raise Unsupported(f"a slot for a word of a vocabulary ({member.key})")
        return super().object(member, value)


class _Cutting:
    """What a marked walk found, cut at the marks: values are numbered first, then labels, then groups."""

    def __init__(self, walk: Walk, marks: Marks) -> None:
        self.walk = walk
        self.marks = marks
        self.values = len(marks.values)
        self.addresses: set[int] = set()
        self.datatypes: dict[int, str] = {}  # of the slots that are literals

    def shape(self, digest: str, contexts: ContextSet) -> Shape:
        """Return the shape; raises Unsupported where a slot is not a value of its own."""
        blanks = range(len(self.walk.blanks))
        hashed = tuple(self.hashed(node) for node in blanks)
        named = {node: self.rows(node) for node in self.walk.named}
        said = {node: rows for node, rows in named.items() if rows}
        subjects = [self.subject(node) for node in said]
        blocks = [block(subject, rows) for subject, rows in zip(subjects, said.values(), strict=True)]
        blocks += [block((self.values + node,), self.rows(node)) for node in blanks]
        self.check_all_found()
        return Shape(
            numbers=self.numbers(),
            addresses=tuple(sorted(self.addresses)),
            prefixes=self.walk.planner.prefixes,
            subjects=tuple(piece for subject in subjects for piece in subject if isinstance(piece, int)),
            others=frozenset(str(*subject)[1:-1].encode() for subject in subjects if len(subject) == 1),
            hashes=tuple(hasher(digest)(fixed(each)) if each.is_fixed else "" for each in hashed),
            hashed=Sheet([each for each in hashed if not each.is_fixed], self.values),
            lines=Sheet([each for each in blocks if not each.is_fixed], self.values + len(blanks)),
            constant=tuple(fixed(each).encode() for each in blocks if each.is_fixed),
            edges=tuple(edge for edge in self.walk.edges if type(edge[0]) is int),
            digest=digest,
            contexts=contexts,
        )

    def check_all_found(self) -> None:
        """Raise Unsupported for a slot that no statement shows."""
        for slot in set(range(self.values)) - self.addresses - self.datatypes.keys():
            raise Unsupported(f"slot {slot} stands in no statement")

    def numbers(self) -> dict[int, NumberSlot]:
        """Return the slots for numbers."""
        marks = {slot: self.marks.values[slot] for slot in self.datatypes}
        return {
            slot: NumberSlot(type(mark) is int, self.datatypes[slot])
            for slot, mark in marks.items()
            if type(mark) is not str
        }

    def subject(self, node: str) -> Row:
        """Return the subject of a named node; a mark in it is all of it."""
        found = pieces(node, self.marks.pattern, self.marks.slot)
        slots = [piece for piece in found if type(piece) is int]
        if slots and found != ("<", slots[0], ">"):
            raise Unsupported("a slot that is part of an address")
        self.addresses.update(slots)
        return found

    def rows(self, node: Term, label: Callable[[int], Piece] | None = None) -> dict[str, list[Row]]:
        """Return what a node says by predicate, without the subject; ``label`` names other blank nodes."""
        found: defaultdict[str, list[Row]] = defaultdict(list)
        tails = self.walk.blanks[node] if type(node) is int else self.walk.named[str(node)]
        for tail in tails:
            found[tail[: tail.index("> ") + 2]].append(self.tail(tail))
        for subject, middle, blank in self.walk.edges:
            if subject == node:
                found[middle].append((middle, label(blank) if label else self.values + blank, " .\n"))
        return found

    def tail(self, tail: str) -> Row:
        """Return a statement without its subject; a mark in it is an address or the words of a literal."""
        found = pieces(tail, self.marks.pattern, self.marks.slot)
        if len(found) == 1:
            return found
        before, slot, after = found if len(found) == 3 else ("", "", "")
        start, end = _BEFORE(str(before)), _AFTER(str(after))
        if start is None or end is None or type(slot) is not int or (start[2] == "<") != (end[1] == "> "):
            raise Unsupported("a slot that is part of a value or the type of one")
        if start[1] == TYPE:
            raise Unsupported("a slot for a type")
        if start[2] == "<":
            self.addresses.add(slot)
        elif (
            self.datatypes.setdefault(slot, datatype := end[2] or "") != datatype
            and type(self.marks.values[slot]) is not str
        ):
            raise Unsupported("a slot for a number of two datatypes")
        return found

    def hashed(self, node: int) -> Block:
        """Return what is said directly of a blank node, as it is hashed (RDFC §4.6)."""
        head: Row = ()
        after = ""
        for subject, middle, blank in self.walk.edges:
            if blank == node:
                if type(subject) is int:
                    after = f"_:z{middle}_:a .\n"
                else:
                    head = (*self.subject(str(subject)), f"{middle}_:a .\n")
        rows = self.rows(node, lambda other: "_:z")
        return block(("_:a",), rows, head=head, foot=(after,))


def fixed(found: Block) -> str:
    """Return the lines of a block that no value changes."""
    return "".join(map(str, found.parts))


def block(subject: Row, rows: Mapping[str, list[Row]], *, head: Row = (), foot: Row = ()) -> Block:
    """Return what one subject says, by predicate; where values decide the order, as a group."""
    lines: list[Piece | Group] = [*head]
    for middle in sorted(rows):
        found = rows[middle]
        if len(found) > 1 and any(type(piece) is int for row in found for piece in row):
            lines.append(Group(tuple((*subject, *row) for row in found)))
        else:
            texts = sorted(found, key=lambda row: "".join(map(str, row)))
            lines += [piece for row in texts for piece in (*subject, *row)]
    return Block((*lines, *foot))
