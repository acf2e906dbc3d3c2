"""From expanded JSON-LD to statements (JSON-LD-API §8), strictly: what makes no statement is refused."""

from __future__ import annotations

from typing import Any

from testamur.errors import Malformed
from testamur.jsonld import terms
from testamur.jsonld.nquads import FIRST, NIL, REST, TYPE, Statement, Term
from testamur.jsontext import Json

_VALUE_MEMBERS = {"@value", "@type", "@language"}


def dataset(expanded: list[Any]) -> list[Statement]:
    """The statements of an expanded document; raises Malformed if there is none, or a part makes none."""
    writing = _Writing()
    for item in expanded:
        writing.node(item, "")
    if not writing.statements:
        raise Malformed("", "the document says nothing")
    return list(writing.statements)


class _Writing:
    def __init__(self) -> None:
        self.statements: dict[Statement, str] = {}  # with the kind of JSON value each came from
        self.blanks: dict[str, int] = {}
        self.count = 0
        self.path: list[str] = []

    def node(self, item: Json, graph: Term) -> Term:
        """Write what a node object says; its subject comes back."""
        if "@value" in item or "@list" in item:
            raise self.malformed("a value stands where a thing should be")
        subject = self.resource(item["@id"]) if "@id" in item else self.fresh()
        for name, value in item.items():
            if name[0] == "@":
                self.keyword(subject, name, value, graph)
            else:
                self.path.append(name)
                predicate = terms.iri(name, self.where)
                for entry in value:
                    self.say(subject, predicate, *self.object(entry, graph), graph)
                self.path.pop()
        return subject

    def keyword(self, subject: Term, name: str, value: Any, graph: Term) -> None:
        """Write what @type, @graph, @included and @reverse say; @id is done, nothing else may stand here."""
        if name == "@type":
            for entry in value:
                self.say(subject, TYPE, self.resource(entry), "string", graph)
        elif name == "@graph":
            for entry in value:
                self.node(entry, subject)
        elif name == "@included":
            for entry in value:
                self.node(entry, graph)
        elif name == "@reverse":
            self.reverse(subject, value, graph)
        elif name != "@id":
            raise self.malformed(f"{name} would not be signed")

    def reverse(self, subject: Term, properties: Json, graph: Term) -> None:
        """Write statements in which the node is the object."""
        for name, entries in properties.items():
            predicate = terms.iri(name, self.where)
            for entry in entries:
                self.say(self.node(entry, graph), predicate, subject, "string", graph)

    def object(self, entry: Json, graph: Term) -> tuple[Term, str]:
        """The term of a value, list or node, and the kind of JSON value it was."""
        if "@value" in entry:
            return self.literal(entry)
        if "@list" in entry:
            if len(entry) > 1:
                raise self.malformed("@index of a list would not be signed")
            return self.list(entry["@list"], graph), "string"
        return self.node(entry, graph), "string"

    def list(self, items: list[Any], graph: Term) -> Term:
        """Write an ordered list; its first node comes back."""
        heads = [self.fresh() for _ in items]
        for position, item in enumerate(items):
            rest: Term = heads[position + 1] if position + 1 < len(heads) else NIL
            self.say(heads[position], FIRST, *self.object(item, graph), graph)
            self.say(heads[position], REST, rest, "string", graph)
        return heads[0] if heads else NIL

    def literal(self, entry: Json) -> tuple[Term, str]:
        """The literal of a value object."""
        for name in entry.keys() - _VALUE_MEMBERS:
            raise self.malformed(f"{name} would not be signed")
        value, datatype, where = entry["@value"], entry.get("@type"), self.where
        if datatype == "@json":
            return terms.json_literal(value, where), f"json {len(self.statements)}"  # equal to no other
        if "@language" in entry:
            return terms.tagged(value, entry["@language"], where), "string"
        datatype = None if datatype is None else terms.iri(datatype, where)
        return literal(value, datatype, where)

    def say(self, subject: Term, predicate: str, target: Term, kind: str, graph: Term) -> None:
        """Add a statement; the same one may come again only from an equal value."""
        statement = (subject, predicate, target, graph)
        before = self.statements.setdefault(statement, kind)
        if before != kind:
            raise self.malformed("two different values make the same statement")

    def resource(self, text: Any) -> Term:
        """The term of an @id or @type: an absolute IRI, or a blank node by its label."""
        if type(text) is str and text.startswith("_:") and len(text) > 2:
            if text not in self.blanks:
                self.blanks[text] = self.fresh()
            return self.blanks[text]
        return terms.iri(text, self.where)

    def fresh(self) -> int:
        """A new blank node."""
        self.count += 1
        return self.count - 1

    @property
    def where(self) -> str:
        """The path to what is being written, in property names."""
        return ".".join(name.rpartition("#")[2].rpartition("/")[2] for name in self.path)

    def malformed(self, message: str) -> Malformed:
        """The error to raise here."""
        return Malformed(self.where, message, clause="JSON-LD-API §8")


def literal(value: Any, datatype: str | None, where: str) -> tuple[Term, str]:
    """The literal of a JSON scalar and its kind; raises Malformed on anything else."""
    kind = type(value)
    if kind is str:
        return terms.string(value, datatype, where), "string"
    if kind is bool:
        return terms.boolean(value, datatype), "boolean"
    if kind is int or kind is float:
        return terms.number(value, datatype, where), "number"
    raise Malformed(where, "an object or a list cannot be a value", clause="JSON-LD-API §8")
