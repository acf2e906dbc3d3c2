"""A walk that notes where in the document each statement was said: nothing is expanded twice to find that out."""

from __future__ import annotations

from typing import Any

from testamur.contexts import ContextSet
from testamur.errors import Unsupported
from testamur.jsonld.blocks import labels_of
from testamur.jsonld.door import planner_for
from testamur.jsonld.nquads import Term
from testamur.jsonld.placed import Said, Traced
from testamur.jsonld.plans import KeyPlan, MemberPlan, NotPlanned, Planner, Reading
from testamur.jsonld.shapes import Path
from testamur.jsonld.walk import Walk
from testamur.jsontext import Json


def trace_by_plans(document: Json, digest: str, contexts: ContextSet) -> Traced:
    """Return what a document says and where; raises Unsupported for what plans leave to the general path."""
    planner = planner_for(contexts)
    walk = _TracingWalk(planner)
    try:
        walk.run(document)
    except NotPlanned as error:
        raise Unsupported(f"no part of this document can be shown by itself: it has {error}") from None
    if walk.graphs:
        raise Unsupported("no part of this document can be shown by itself: it has graphs of its own")
    labels = labels_of(walk, digest, planner)
    return Traced(
        tuple(label.removeprefix("_:") for label in labels), tuple(walk.said), frozenset(walk.whole)
    )


class _TracingWalk(Walk):
    __slots__ = ("path", "said", "whole")

    def __init__(self, planner: Planner) -> None:
        super().__init__(planner)
        self.path: list[str | int] = []
        self.said: list[Said] = []
        self.whole: set[Path] = set()

    def node(self, plan: KeyPlan, item: Json) -> Term:
        """Write a node member by member."""
        self.deepen()
        made = self._node_plan(plan, item)
        subject, tails = self._subject(made, item)
        for tail in made.types:
            middle, _, target = tail.removesuffix(" .\n").rpartition(" ")
            self.said.append((subject, f"{middle} ", target, tuple(self.path)))
        for member in made.members:
            self.path.append(member.key)
            self.member(subject, tails, member, item[member.key])
            self.path.pop()
        self.depth -= 1
        return subject

    def member(self, subject: Term, tails: list[str], member: MemberPlan, value: Any) -> None:
        """Write the statements of one member, of a list item by item."""
        if member.ordered or member.reading is Reading.JSON:
            self.whole.add(tuple(self.path))
        elif type(value) is list:
            for place, item in enumerate(value):
                self.path.append(place)
                super().member(subject, tails, member, [item])
                self.path.pop()
            if len(value) > 1:
                self.repeats.add(subject)
            return
        super().member(subject, tails, member, value)

    def say(self, subject: Term, tails: list[str], middle: str, target: Term, kind: str) -> None:
        """Add one statement, and where it is said."""
        super().say(subject, tails, middle, target, kind)
        self.said.append((subject, middle, target, tuple(self.path)))

    def _literal(self, plan: KeyPlan, keys: dict[str, str], item: Json) -> tuple[Term, str]:
        self.whole.add(tuple(self.path))
        return super()._literal(plan, keys, item)
