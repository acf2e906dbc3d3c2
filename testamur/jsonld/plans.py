"""Plans: what a JSON-LD context makes of a node with given keys and types, worked out once.

Documents from one template have the same keys and types in the same places. For each such place a plan
says which key is the identifier, which types to state, and for every other key its predicate and how its
values are read. ``NotPlanned`` is raised for what plans leave to the general path.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from threading import RLock
from typing import Any

from testamur.contexts import ContextSet
from testamur.errors import Malformed
from testamur.jsonld import names, terms
from testamur.jsonld.expansion import ContextProcessor
from testamur.jsonld.nquads import TYPE
from testamur.jsontext import Json

_CONTEXT_WEIGHT = 100  # bytes for each term of a context; its dictionary is the most of it
_PLAN_WEIGHT = 600
_MAX_WEIGHT = 48_000_000


class NotPlanned(Exception):
    """A feature that compiled plans leave to the general path; it never leaves this room."""


class Reading(IntEnum):
    """How the values of a member are read."""

    TEXT = 0  # a plain string becomes a literal with a fixed end
    LINK = 1  # a string is an address
    WORD = 2  # a string is a vocabulary term
    CAREFUL = 3  # a string is a literal that needs a look (a double)
    JSON = 4
    GRAPH = 5  # an object is a graph of its own (a proof)


_SPECIAL = {
    None: Reading.TEXT,
    "@none": Reading.TEXT,
    "@id": Reading.LINK,
    "@vocab": Reading.WORD,
    "@json": Reading.JSON,
}


@dataclass(slots=True, eq=False)
class Place:
    """An active context, and all that was worked out in it."""

    active: Json
    previous: Place | None
    prefixes: dict[str, str]
    members: dict[str, MemberPlan] = field(default_factory=dict)
    derived: dict[Any, Place] = field(default_factory=dict)
    nodes: dict[tuple[str, ...], KeyPlan] = field(default_factory=dict)

    def definition(self, term: str) -> Json:
        """Return the term definition, empty where there is none."""
        return self.active["mappings"].get(term) or {}

    def address(self, text: Any, path: str) -> str:
        """Return the term of an @id value (JSON-LD-API §5.2, not relative to anything)."""
        if type(text) is str:
            prefix, colon, rest = text.partition(":")
            if prefix == "_" and colon:
                raise NotPlanned("a blank node label")
            if colon and prefix in self.prefixes and not rest.startswith("//"):
                raise NotPlanned("an address that is not written in full")
        return terms.iri(text, path)


@dataclass(slots=True, eq=False)
class MemberPlan:
    """How one key is written in one context."""

    key: str
    ordered: bool  # its values are an rdf:List
    reading: Reading
    datatype: str | None
    place: Place  # where its values are read
    before: str  # ' <predicate> "'
    middle: str  # " <predicate> "
    after: str  # '" .\n', with the datatype
    nodes: dict[tuple[str, ...], KeyPlan] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class KeyPlan:
    """What an object with these keys is, before its types are known."""

    keys: tuple[str, ...]
    place: Place
    type_key: str | None
    value_keys: dict[str, str] | None  # a value object: its keys by keyword
    context_key: bool
    nodes: dict[Any, NodePlan] = field(default_factory=dict)
    inner: dict[tuple[str, ...], KeyPlan] = field(default_factory=dict)  # after a @context, by its URLs


@dataclass(slots=True, eq=False)
class NodePlan:
    """How a node with these keys and types is written."""

    place: Place
    id_key: str | None
    types: tuple[str, ...]  # the tails of its rdf:type statements
    members: tuple[MemberPlan, ...]
    repeats: bool  # two keys make one predicate


class Planner:
    """Makes plans for one set of contexts and keeps them, up to a total weight."""

    def __init__(self, contexts: ContextSet) -> None:
        self._contexts = ContextProcessor(contexts)
        self._lock = RLock()
        self._places: dict[
            int, Place
        ] = {}  # by the identity of the active context, which the place keeps alive
        self.labellings: dict[Any, tuple[str, ...]] = {}  # of nodes that look alike
        self.weight = 0
        self.root = self._place(self._contexts.initial())

    @property
    def full(self) -> bool:
        """Whether it has grown so much that a new one should take its place."""
        return self.weight > _MAX_WEIGHT

    @property
    def prefixes(self) -> frozenset[str]:
        """Every prefix that an address read by its plans could begin with."""
        with self._lock:
            return frozenset().union(*(place.prefixes for place in self._places.values()))

    def add_weight(self, weight: int) -> None:
        """Count what is kept (two threads may lose one count; the bound is no exact one)."""
        self.weight += weight

    def document_plan(self, keys: tuple[str, ...]) -> KeyPlan:
        """Return the plan of a whole document with these keys."""
        with self._lock:
            plan = self._key_plan(self.root, keys)
            self._keep(self.root.nodes, keys, plan, sum(map(len, keys)))
        return plan

    def value_plan(self, member: MemberPlan, keys: tuple[str, ...]) -> KeyPlan:
        """Return the plan of an object with these keys that is a value of this member."""
        with self._lock:
            plan = self._key_plan(self._entry(member, keys), keys)
            self._keep(member.nodes, keys, plan, sum(map(len, keys)))
        return plan

    def inner_plan(self, plan: KeyPlan, context: Any) -> KeyPlan:
        """Return the plan of an object after its own @context, if that names shipped contexts only."""
        urls = tuple(context) if type(context) is list else (context,)
        if not urls or not all(type(url) is str for url in urls):
            raise NotPlanned("a context written out in the document")
        with self._lock:
            found = plan.inner.get(urls)
            if found is None:
                place = self._derive(plan.place, ("local", *urls), list(urls))
                found = self._key_plan(place, tuple(key for key in plan.keys if key != "@context"))
                self._keep(plan.inner, urls, found, sum(map(len, urls)) + sum(map(len, plan.keys)))
        return found

    def node_plan(self, plan: KeyPlan, types: Any) -> NodePlan:
        """Return the plan of a node with these types (a string or a tuple of strings)."""
        names = (types,) if type(types) is str else types
        if not all(type(name) is str for name in names):
            raise Malformed("type", "a type is not a string", clause="JSON-LD-API §5.1.2")
        with self._lock:
            made = self._node_plan(plan, names)
            self._keep(plan.nodes, types, made, sum(map(len, names)))
        return made

    def _keep(self, table: dict[Any, Any], key: Any, value: Any, weight: int) -> None:
        table[key] = value
        self.add_weight(_PLAN_WEIGHT + weight)

    def _place(self, active: Json) -> Place:
        found = self._places.get(id(active))
        if found is None:
            found = self._places[id(active)] = self._new_place(active)
        return found

    def _new_place(self, active: Json) -> Place:
        if "@language" in active or "@direction" in active or "@base" in active:
            raise NotPlanned("a default language, direction or base")
        mappings = active["mappings"]
        self.add_weight(_CONTEXT_WEIGHT * (len(mappings) + 10))
        prefixes = {name: item["@id"] for name, item in mappings.items() if item and item.get("_prefix")}
        before = active.get("previousContext")
        return Place(active, self._place(before) if before else None, prefixes)

    def _derive(self, place: Place, key: Any, local: Any, **how: bool) -> Place:
        found = place.derived.get(key)
        if found is None:
            if self.full:
                raise NotPlanned("no more room for contexts")
            found = self._place(self._contexts.apply(place.active, local, **how))
            place.derived[key] = found
        return found

    def _expand(self, place: Place, text: str) -> str | None:
        return self._contexts.expand_term(place.active, text)

    def _entry(self, member: MemberPlan, keys: tuple[str, ...]) -> Place:
        """Return the place in which an object with these keys starts (JSON-LD-API §5.1.2, steps 7 and 8)."""
        place = member.place
        definition = place.definition(member.key)
        if place.previous is not None and not self._stays(place, keys):
            place = place.previous
        if "@context" in definition:
            local = definition["@context"]
            place = self._derive(place, ("member", member.key), local, override_protected=True)
        return place

    def _stays(self, place: Place, keys: tuple[str, ...]) -> bool:
        """Whether a type-scoped context still holds: in value objects and references."""
        if len(keys) > 2 or "@context" in keys:
            return False
        meanings = [self._expand(place, key) for key in keys]
        return "@value" in meanings or meanings == ["@id"]

    def _key_plan(self, place: Place, keys: tuple[str, ...]) -> KeyPlan:
        if not all(type(key) is str for key in keys):
            raise Malformed("", "a member name is not a string")
        if "@context" in keys:
            return KeyPlan(keys, place, None, None, True)
        meanings = [(self._expand(place, key), key) for key in keys]
        special = {meaning: key for meaning, key in meanings if meaning and meaning[0] == "@"}
        if not all(names.is_key(key, meaning) for meaning, key in special.items()):
            raise NotPlanned("a document that is not in compacted form")
        if "@value" in special:
            if len(special) != len(keys) or special.keys() - {"@value", "@type", "@language"}:
                raise NotPlanned("an odd value object")
            return KeyPlan(keys, place, None, {str(name): key for name, key in special.items()}, False)
        if "@type" in keys:
            raise NotPlanned("a type under another name")
        if sum(meaning == "@type" for meaning, _ in meanings) > 1:
            raise NotPlanned("two keys for the type")
        return KeyPlan(keys, place, special.get("@type"), None, False)

    def _node_plan(self, plan: KeyPlan, types: tuple[str, ...]) -> NodePlan:
        place = plan.place
        for name in sorted(types):
            definition = plan.place.definition(name)
            if "@context" in definition:
                local = _scoped_context(definition)
                place = self._derive(place, ("type", name), local, propagate=False)
        iris = dict.fromkeys(self._vocabulary(plan.place, name, "type") for name in types)
        id_key, members = None, []
        for key in plan.keys:
            if key != plan.type_key:
                meaning = self._expand(place, key)
                if meaning == "@id" and id_key is None:
                    id_key = key
                elif meaning and meaning[0] == "@":
                    raise NotPlanned(meaning)
                else:
                    members.append(self._member(place, key, meaning))
        members.sort(key=lambda member: member.middle)
        repeats = len({member.middle for member in members}) < len(members)
        return NodePlan(place, id_key, tuple(f" {TYPE} {iri} .\n" for iri in iris), tuple(members), repeats)

    def vocabulary(self, place: Place, word: str) -> str:
        """Return the term of a vocabulary word or type."""
        with self._lock:
            return self._vocabulary(place, word, word)

    def means_json(self, place: Place, word: str) -> bool:
        """Return whether a datatype stands for a JSON literal."""
        with self._lock:
            return self._expand(place, word) == "@json"

    def _vocabulary(self, place: Place, word: str, path: str) -> str:
        meaning = self._expand(place, word)
        if not names.is_word(word, meaning):
            raise NotPlanned("a word that is not the name of what it means")
        return terms.iri(word if meaning is None else meaning, path)

    def _member(self, place: Place, key: str, meaning: str | None) -> MemberPlan:
        found = place.members.get(key)
        if found is None:
            if meaning is None or ":" not in meaning:
                raise Malformed(
                    key, f"{key!r:.200} is not defined by the contexts, so it would not be signed"
                )
            if not names.is_key(key, meaning):
                raise NotPlanned("a member that is not named as the contexts name it")
            found = self._new_member(place, key, terms.iri(meaning, key))
            self._keep(place.members, key, found, len(key))
        return found

    def _new_member(self, place: Place, key: str, predicate: str) -> MemberPlan:
        definition = place.definition(key)
        if "@context" in definition:
            local = _scoped_context(definition)
            place = self._derive(place, ("value", key), local, propagate=True, override_protected=True)
            if place.definition(key) != definition:
                raise NotPlanned("a term that its own context defines anew")
        ordered, reading, datatype = _reading(definition)
        end = "" if datatype in (None, terms.STRING) else f"^^{datatype}"
        return MemberPlan(
            key, ordered, reading, datatype, place, f' {predicate} "', f" {predicate} ", f'"{end} .\n'
        )


def _scoped_context(definition: Json) -> Any:
    local = definition["@context"]
    if local is None or local is False:
        raise NotPlanned("a scoped context that is null")
    return local


def _reading(definition: Json) -> tuple[bool, Reading, str | None]:
    containers = [name for name in definition.get("@container") or [] if name != "@set"]
    coerced = definition.get("@type")
    if containers == ["@graph"] and coerced in (None, "@id"):
        return False, Reading.GRAPH, None
    if definition.get("reverse") or "@language" in definition or "@direction" in definition:
        raise NotPlanned("a reversed or language-tagged term")
    if containers not in ([], ["@list"]) or (containers and coerced == "@json"):
        raise NotPlanned(f"the container {containers}")
    ordered = bool(containers)
    if coerced in _SPECIAL:
        return ordered, _SPECIAL[coerced], None
    datatype = terms.iri(coerced, "@type")
    return ordered, Reading.CAREFUL if datatype == terms.DOUBLE else Reading.TEXT, datatype
