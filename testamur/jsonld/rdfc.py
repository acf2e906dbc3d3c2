"""RDFC-1.0, RDF Dataset Canonicalization, with a limit on the work a document may cause.

Labels that two nodes could exchange are found by trying orders, which an attacker can make factorial
(RDFC §7.1). ``Work`` is spent before each step; a document that needs more than its size allows is refused.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from math import factorial

from testamur.errors import Malformed, Unsupported
from testamur.jsonld.nquads import Statement, write_statement

Hash = Callable[[str], str]
DIGESTS = {"sha256": hashlib.sha256, "sha384": hashlib.sha384}
_BASE_WORK = 10_000  # about 10 ms
_WORK_PER_NODE = 50
_MAX_CHAIN = 200  # of nodes that look alike, each found by way of the one before
_MAX_ORDERS = 12  # neighbours that look alike; more have more orders than any document has work


@dataclass(frozen=True, slots=True)
class CanonicalForm:
    """A dataset in canonical form: its lines in order, and the label each blank node was given."""

    lines: tuple[str, ...]
    labels: Mapping[int, str]  # blank node → "c14n0"

    @property
    def data(self) -> bytes:
        """Canonical N-Quads, the bytes that are hashed and signed."""
        return "".join(self.lines).encode()


class Work:
    """How much labelling a document may still cause."""

    __slots__ = ("depth", "left")

    def __init__(self, nodes: int) -> None:
        self.left = _BASE_WORK + _WORK_PER_NODE * nodes
        self.depth = 0

    def spend(self, amount: int) -> None:
        """Raise Malformed when there is not that much left, or the chain of nodes is too long."""
        self.left -= amount
        if self.left < 0 or self.depth > _MAX_CHAIN:
            raise Malformed(
                "", "so many nodes look alike that it cannot be canonicalized", clause="RDFC §7.1"
            )


def canonical_form(statements: Iterable[Statement], *, digest: str = "sha256") -> CanonicalForm:
    """The canonical form of a dataset (RDFC §4.4.3); a repeated statement counts once."""
    distinct = list(dict.fromkeys(statements))
    touching = _statements_of_each_node(distinct)
    hash_text = hasher(digest)
    hashes = {node: _first_degree(node, own, hash_text) for node, own in touching.items()}
    labels = Labelling(touching, hashes, hash_text, Work(len(touching))).run()
    lines = [write_statement(item, lambda node: f"_:{labels[node]}") for item in distinct]
    return CanonicalForm(tuple(sorted(lines)), labels)


def hasher(digest: str) -> Hash:
    """The function from text to hexadecimal hash; raises Unsupported on any but SHA-256 and SHA-384."""
    if digest not in DIGESTS:
        raise Unsupported(f"the hash {digest!r:.40} is not supported in canonicalization", clause="RDFC §4.8")
    function = DIGESTS[digest]
    return lambda text: function(text.encode()).hexdigest()


def _statements_of_each_node(statements: Sequence[Statement]) -> dict[int, list[Statement]]:
    touching: defaultdict[int, list[Statement]] = defaultdict(list)
    for statement in statements:
        subject, _, target, graph = statement
        for node in {term for term in (subject, target, graph) if type(term) is int}:
            touching[node].append(statement)
    return touching


def _first_degree(node: int, statements: Sequence[Statement], hash_text: Hash) -> str:
    """The hash of what is said directly of a node (RDFC §4.6)."""

    def name(other: int) -> str:
        return "_:a" if other == node else "_:z"

    return hash_text("".join(sorted(write_statement(item, name) for item in statements)))


class Issuer:
    """Labels in the order in which they are given out (RDFC §4.5)."""

    __slots__ = ("labels", "prefix", "start")

    def __init__(self, prefix: str, labels: dict[int, str] | None = None, start: int = 0) -> None:
        self.prefix = prefix
        self.labels = {} if labels is None else labels
        self.start = start  # how many were given out that are not in labels

    def issue(self, node: int) -> str:
        """The label of a node, a new one if it had none."""
        label = self.labels.get(node)
        if label is None:
            label = self.labels[node] = f"{self.prefix}{self.start + len(self.labels)}"
        return label

    def copy(self) -> Issuer:
        """An issuer that goes on from here by itself."""
        return Issuer(self.prefix, dict(self.labels), self.start)


class Labelling:
    """Canonical labels for the nodes of one dataset, from their first-degree hashes."""

    def __init__(
        self, touching: Mapping[int, list[Statement]], hashes: Mapping[int, str], hash_text: Hash, work: Work
    ) -> None:
        self.touching = touching
        self.hashes = hashes
        self.hash_text = hash_text
        self.work = work
        self.canonical = Issuer("c14n")

    def run(self) -> dict[int, str]:
        """The label of every node (RDFC §4.4.3, steps 3 to 5)."""
        alike: defaultdict[str, list[int]] = defaultdict(list)
        for node, text in self.hashes.items():
            alike[text].append(node)
        groups = [alike[text] for text in sorted(alike)]
        for group in groups:
            if len(group) == 1:
                self.canonical.issue(group[0])
        for group in groups:
            if len(group) > 1:
                self._label_group(group)
        return self.canonical.labels

    def _label_group(self, group: Sequence[int]) -> None:
        results = []
        for node in group:
            if node not in self.canonical.labels:
                issuer = Issuer("b")
                issuer.issue(node)
                results.append(self._n_degree(node, issuer))
        for _, issuer in sorted(results, key=lambda result: result[0]):
            for node in issuer.labels:
                self.canonical.issue(node)

    def _n_degree(self, node: int, issuer: Issuer) -> tuple[str, Issuer]:
        """The hash of a node by all that is connected to it (RDFC §4.8)."""
        self.work.depth += 1
        self.work.spend(1 + len(self.touching[node]))
        data = []
        for related_hash, related in sorted(self._related(node, issuer).items()):
            path, issuer = self._shortest_path(related, issuer)
            data.append(related_hash + path)
        self.work.depth -= 1
        return self.hash_text("".join(data)), issuer

    def _related(self, node: int, issuer: Issuer) -> dict[str, list[int]]:
        """The neighbours of a node, by the hash of how they stand to it (RDFC §4.7)."""
        related: defaultdict[str, list[int]] = defaultdict(list)
        for subject, predicate, target, graph in self.touching[node]:
            for position, other in (("s", subject), ("o", target), ("g", graph)):
                if type(other) is int and other != node:
                    label = self.canonical.labels.get(other) or issuer.labels.get(other)
                    via = "" if position == "g" else predicate
                    text = f"{position}{via}{f'_:{label}' if label else self.hashes[other]}"
                    related[self.hash_text(text)].append(other)
        return related

    def _shortest_path(self, related: list[int], issuer: Issuer) -> tuple[str, Issuer]:
        """The least of the paths through these neighbours, over every order of them (RDFC §4.8.3, step 5)."""
        self.work.spend(factorial(min(len(related), _MAX_ORDERS)))
        best: tuple[str, Issuer] | None = None
        for order in permutations(related):
            self.work.spend(len(issuer.labels) // 16)
            found = self._path(order, issuer.copy(), best[0] if best else "")
            if found is not None and (best is None or found[0] < best[0]):
                best = found
        assert best is not None  # the first order is never abandoned
        return best

    def _path(self, order: Sequence[int], issuer: Issuer, best: str) -> tuple[str, Issuer] | None:
        """The path for one order, or nothing as soon as it is longer and greater than the best."""
        path = ""
        unseen = []
        for node in order:
            label = self.canonical.labels.get(node)
            if label is None:
                if node not in issuer.labels:
                    unseen.append(node)
                label = issuer.issue(node)
            path += f"_:{label}"
            if best and len(path) >= len(best) and path > best:
                return None
        for node in unseen:
            result, after = self._n_degree(node, issuer)
            path += f"_:{issuer.issue(node)}<{result}>"
            issuer = after
            if best and len(path) >= len(best) and path > best:
                return None
        return path, issuer
