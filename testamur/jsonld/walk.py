r"""One pass over a document, by plans: what it says, sorted by subject, ready to be labelled.

A *tail* is a statement without its subject: `` <predicate> object .\n``. Strict as the general path is;
``NotPlanned`` leaves the document to it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any, NamedTuple

from testamur.errors import Malformed
from testamur.jsonld import terms
from testamur.jsonld.dataset import literal
from testamur.jsonld.nquads import FIRST, NIL, REST, Term
from testamur.jsonld.plans import KeyPlan, MemberPlan, NodePlan, NotPlanned, Planner, Reading
from testamur.jsontext import Json

MAX_DEPTH = 64
_MAX_NEW_WEIGHT = 12_000_000  # of plans made for one document
_FIRST = f" {FIRST} "
_REST = f" {REST} "


Edge = tuple[Term, str, int]
"""A subject, what leads on (`` <predicate> ``), and the blank node that is the object."""


class Graph(NamedTuple):
    """What is said in a graph of its own; blank nodes and edges by their numbers, those of graphs in it too."""

    name: int  # a blank node
    named: dict[str, list[str]]
    blanks: range
    edges: range


class Walk:
    """What a document says, as it is found."""

    __slots__ = ("blanks", "depth", "edges", "graphs", "kinds", "limit", "named", "planner", "repeats")

    def __init__(self, planner: Planner) -> None:
        self.planner = planner
        self.limit = planner.weight + _MAX_NEW_WEIGHT
        self.named: dict[str, list[str]] = {}  # subject → tails
        self.blanks: list[list[str]] = []  # tails of each blank node
        self.edges: list[Edge] = []
        self.graphs: list[Graph] = []  # a graph after those in it
        self.repeats: set[Term] = set()  # subjects that may say something twice
        self.kinds: list[tuple[Term, str, str]] = []  # subject, tail, what JSON it was if not a string
        self.depth = 0

    def run(self, document: Json) -> Walk:
        """Walk a whole document; raises Malformed, Unsupported, NotPlanned."""
        keys = tuple(document)
        plan = self.planner.root.nodes.get(keys) or self.planner.document_plan(keys)
        if plan.context_key:
            plan = self.planner.inner_plan(plan, document["@context"])
        if plan.value_keys is not None:
            raise NotPlanned("a value in the place of a document")
        self.node(plan, document)
        self._say_all_once()
        if not self.edges and not any(self.blanks) and not any(self.named.values()):
            raise Malformed("", "the document says nothing")
        return self

    def value(self, member: MemberPlan, item: Json) -> tuple[Term, str]:
        """Write an object that is a value; its term comes back, and the kind of JSON it was."""
        keys = tuple(item)
        plan = member.nodes.get(keys)
        if plan is None:
            self._check_room()
            plan = self.planner.value_plan(member, keys)
        if plan.context_key:
            self._check_room()
            plan = self.planner.inner_plan(plan, item["@context"])
        if plan.value_keys is not None:
            return self._literal(plan, plan.value_keys, item)
        return self.node(plan, item), "string"

    def node(self, plan: KeyPlan, item: Json) -> Term:
        """Write a node by its plan; its term comes back."""
        self.deepen()
        made = self._node_plan(plan, item)
        ordinary = terms.is_ordinary
        subject, tails = self._subject(made, item)
        for member in made.members:
            value = item[member.key]
            if type(value) is str and member.reading == 0 and not member.ordered:
                if not ordinary(value):
                    value = terms.escaped(value, member.key)
                tails.append(f"{member.before}{value}{member.after}")
            else:
                self.member(subject, tails, member, value)
        self.depth -= 1
        return subject

    def deepen(self) -> None:
        """Go into a node; raises Malformed where it is nested too deeply."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise Malformed("", f"the document is nested more than {MAX_DEPTH} deep")

    def member(self, subject: Term, tails: list[str], member: MemberPlan, value: Any) -> None:
        """Write the statements of one member."""
        if member.ordered:
            self._list(subject, tails, member, value if type(value) is list else [value])
        elif member.reading is Reading.GRAPH:
            for item in value if type(value) is list else [value]:
                self.edges.append((subject, member.middle, self._graph(member, item)))
        elif member.reading is Reading.JSON:
            said = terms.json_literal(value, member.key)
            self.say(subject, tails, member.middle, said, f"json {len(self.kinds)}")
        elif type(value) is list:
            if len(value) > 1:
                self.repeats.add(subject)
            for item in value:
                if type(item) is list:
                    raise NotPlanned("a list in a list")
                self.say(subject, tails, member.middle, *self.object(member, item))
        else:
            self.say(subject, tails, member.middle, *self.object(member, value))

    def say(self, subject: Term, tails: list[str], middle: str, target: Term, kind: str) -> None:
        """Add one statement."""
        if type(target) is int:
            self.edges.append((subject, middle, target))
            return
        tails.append(f"{middle}{target} .\n")
        if kind != "string":
            self.kinds.append((subject, tails[-1], kind))

    def object(self, member: MemberPlan, value: Any) -> tuple[Term, str]:
        """Return the term of one value and the kind of JSON it was."""
        if type(value) is dict:
            return self.value(member, value)
        if value is None:
            raise Malformed(member.key, "null would not be signed")
        if type(value) is str:
            if member.reading is Reading.LINK:
                return member.place.address(value, member.key), "string"
            if member.reading is Reading.WORD:
                return self.planner.vocabulary(member.place, value), "string"
        return literal(value, member.datatype, member.key)

    def _graph(self, member: MemberPlan, item: Any) -> int:
        """Write an object as a graph of its own; the blank node that names it comes back."""
        if type(item) is not dict or not item:
            raise NotPlanned("no object in the place of a graph")
        name, first_edge = len(self.blanks), len(self.edges)
        self.blanks.append([])
        around = self.named, self.repeats, self.kinds
        self.named, self.repeats, self.kinds = {}, set(), []
        target, _ = self.value(member, item)
        if type(target) is str and not target.startswith("<"):
            raise NotPlanned("a value in the place of a graph")
        self._say_all_once()
        blanks, edges = range(name + 1, len(self.blanks)), range(first_edge, len(self.edges))
        if not edges and not any(self.named.values()) and not any(self.blanks[number] for number in blanks):
            raise NotPlanned("a graph that says nothing")
        self.graphs.append(Graph(name, self.named, blanks, edges))
        self.named, self.repeats, self.kinds = around
        return name

    def _say_all_once(self) -> None:
        for subject in self.repeats:
            self._say_once(subject)

    def _check_room(self) -> None:
        if self.planner.weight > self.limit:
            raise NotPlanned("a document that needs too many plans")

    def _node_plan(self, plan: KeyPlan, item: Json) -> NodePlan:
        types: Any = ()
        if plan.type_key is not None:
            types = item[plan.type_key]
            if type(types) is list:
                types = tuple(types)
            elif type(types) is not str:
                raise Malformed("type", "a type is not a string", clause="JSON-LD-API §5.1.2")
        try:
            made = plan.nodes.get(types)
        except TypeError:
            raise Malformed("type", "a type is not a string", clause="JSON-LD-API §5.1.2") from None
        if made is None:
            self._check_room()
            made = self.planner.node_plan(plan, types)
        return made

    def _subject(self, plan: NodePlan, item: Json) -> tuple[Term, list[str]]:
        """Return the subject of a node and the list its tails go to, its types written."""
        tails = list(plan.types)
        if plan.id_key is None:
            subject: Term = len(self.blanks)
            self.blanks.append(tails)
        else:
            subject = plan.place.address(item[plan.id_key], plan.id_key)
            before = self.named.setdefault(subject, tails)
            if before is not tails:
                before.extend(tails)
                tails = before
                self.repeats.add(subject)
        if plan.repeats:
            self.repeats.add(subject)
        return subject, tails

    def _list(self, subject: Term, tails: list[str], member: MemberPlan, items: list[Any]) -> None:
        first = head = len(self.blanks)
        objects = []
        self.blanks.extend([] for _ in items)
        for item in items:
            if type(item) is list:
                raise NotPlanned("a list in a list")
            objects.append(self.object(member, item)[0])
        for target in objects:
            rest: Term = head + 1 if head + 1 < first + len(objects) else NIL
            self.say(head, self.blanks[head], _FIRST, target, "string")
            self.say(head, self.blanks[head], _REST, rest, "string")
            head += 1
        self.say(subject, tails, member.middle, first if objects else NIL, "string")

    def _literal(self, plan: KeyPlan, keys: dict[str, str], item: Json) -> tuple[Term, str]:
        """Return the literal of a value object and the kind of JSON it was."""
        where = keys["@value"]
        value = item[where]
        if "@language" in keys:
            if "@type" in keys:
                raise Malformed(where, "a value has a language or a type, not both", clause="JSON-LD §4.2.4")
            return terms.tagged(value, item[keys["@language"]], where), "string"
        if "@type" not in keys:
            return literal(value, None, where)
        name = item[keys["@type"]]
        if type(name) is not str:
            raise Malformed(where, "the type of a value is not a string", clause="JSON-LD-API §5.1.2")
        if self.planner.means_json(plan.place, name):
            return terms.json_literal(value, where), f"json {len(self.kinds)}"
        return literal(value, self.planner.vocabulary(plan.place, name), where)

    def _say_once(self, subject: Term) -> None:
        """Take out what a subject says twice; raises Malformed if two different values said it."""
        tails = self.blanks[subject] if type(subject) is int else self.named[str(subject)]
        twice = {tail: count for tail, count in Counter(tails).items() if count > 1}
        kinds: defaultdict[str, list[str]] = defaultdict(list)
        for where, tail, kind in self.kinds:
            if where == subject and tail in twice:
                kinds[tail].append(kind)
        for tail, found in kinds.items():
            if len(set(found)) > 1 or len(found) < twice[tail]:
                raise Malformed("", "two different values make the same statement", clause="JSON-LD-API §8")
        if twice:
            tails[:] = dict.fromkeys(tails)
