"""A walk with graphs of their own (proofs inside a record) to canonical N-Quads.

What is said in a graph ends with the graph's name, a blank node, so its tails are finished only when the
labels are known. Nodes in or around graphs that look alike are left to the general path.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from testamur.jsonld.blocks import canonical_labels, written
from testamur.jsonld.nquads import Term
from testamur.jsonld.plans import NotPlanned, Planner
from testamur.jsonld.rdfc import Hash, hasher
from testamur.jsonld.walk import Walk

_END = len(".\n")
_DEFAULT = -1


def canonical_quads(walk: Walk, digest: str, planner: Planner) -> str:
    """Return the canonical N-Quads; raises NotPlanned where nodes of a graph look alike."""
    where = _Where(walk)
    hashes = _first_degree(walk, where, hasher(digest))
    _check_unlike(where, hashes)
    default = [edge for edge, graph in zip(walk.edges, where.edges, strict=True) if graph == _DEFAULT]
    labels = canonical_labels(default, hashes, digest, planner)
    names = {number: labels[number] for number in where.names} | {_DEFAULT: ""}
    for number, graph in enumerate(where.blanks):
        if graph != _DEFAULT:
            walk.blanks[number] = [_in_graph(tail, names[graph]) for tail in walk.blanks[number]]
    for inside in walk.graphs:
        for name, tails in inside.named.items():
            walk.named.setdefault(name, []).extend(_in_graph(tail, names[inside.name]) for tail in tails)
    for (subject, middle, blank), graph in zip(walk.edges, where.edges, strict=True):
        tails = walk.blanks[subject] if type(subject) is int else walk.named.setdefault(str(subject), [])
        tails.append(_in_graph(f"{middle}{labels[blank]} .\n", names[graph]))
    return written(walk, labels)


class _Where:
    """The graph that each blank node and each edge stands in, by the number of its name."""

    def __init__(self, walk: Walk) -> None:
        self.names = [graph.name for graph in walk.graphs]
        self.blanks = [_DEFAULT] * len(walk.blanks)
        self.edges = [_DEFAULT] * len(walk.edges)
        for graph in reversed(walk.graphs):  # a graph before those in it
            for places, inside in ((self.blanks, graph.blanks), (self.edges, graph.edges)):
                places[inside.start : inside.stop] = [graph.name] * len(inside)


def _in_graph(tail: str, name: str) -> str:
    return f"{tail[:-_END]}{name} .\n" if name else tail


def _first_degree(walk: Walk, where: _Where, hash_text: Hash) -> list[str]:
    """Return the first-degree hash of each blank node (RDFC §4.6)."""
    names = set(where.names)
    said: list[list[str]] = [[] for _ in walk.blanks]
    for subject, rest, target, graph in _quads(walk, where):
        ends = [(subject, "s"), (target, "o"), (graph if graph in names else "", "g")]
        for node in {end for end, _ in ends if type(end) is int}:
            said[node].append(_line(subject, rest, target, graph, node))
    return [hash_text("".join(sorted(lines))) for lines in said]


def _quads(walk: Walk, where: _Where) -> Iterator[tuple[Term, str, Term, int]]:
    """Every statement that touches a blank node: subject, predicate (and object), blank object or "", graph."""
    for number, tails in enumerate(walk.blanks):
        for tail in tails:
            yield number, tail[:-_END], "", where.blanks[number]
    for inside in walk.graphs:
        for name, tails in inside.named.items():
            for tail in tails:
                yield name, tail[:-_END], "", inside.name
    for (subject, middle, blank), graph in zip(walk.edges, where.edges, strict=True):
        yield subject, middle, blank, graph


def _line(subject: Term, rest: str, target: Term, graph: int, node: int) -> str:
    def name(end: Term) -> str:
        return end if isinstance(end, str) else "_:a" if end == node else "_:z"

    last = f"{name(target)} " if target != "" else ""
    return f"{name(subject)}{rest}{last}{f'{name(graph)} ' if graph != _DEFAULT else ''}.\n"


def _check_unlike(where: _Where, hashes: list[str]) -> None:
    alike: defaultdict[str, list[int]] = defaultdict(list)
    for number, text in enumerate(hashes):
        alike[text].append(number)
    names = set(where.names)
    for group in alike.values():
        if len(group) > 1 and any(node in names or where.blanks[node] != _DEFAULT for node in group):
            raise NotPlanned("nodes of a graph that look alike")
