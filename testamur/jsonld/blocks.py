"""From a walk to canonical N-Quads: first-degree hashes straight from the tails, then labels, then one sort.

The general labelling of ``rdfc`` is used for nodes that look alike, and only on the statements that can
matter to them; what comes out is remembered by exactly that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from testamur.jsonld.nquads import Statement, Term
from testamur.jsonld.plans import Planner
from testamur.jsonld.rdfc import Hash, Issuer, Labelling, Work, hasher
from testamur.jsonld.walk import Edge, Walk

_MAX_REMEMBERED = 50_000  # characters of hashes and predicates of one labelling


def canonical_text(walk: Walk, digest: str, planner: Planner) -> str:
    """Return the canonical N-Quads of what a walk found; raises Malformed when it takes too much work."""
    if walk.graphs:
        from testamur.jsonld.quads import canonical_quads

        return canonical_quads(walk, digest, planner)
    labels = labels_of(walk, digest, planner)
    for subject, middle, blank in walk.edges:
        tails = walk.blanks[subject] if type(subject) is int else walk.named[str(subject)]
        tails.append(f"{middle}{labels[blank]} .\n")
    return written(walk, labels)


def written(walk: Walk, labels: Sequence[str]) -> str:
    """Return the lines of a walk in order; its edges are among the tails by now."""
    subjects = [(labels[number], tails) for number, tails in enumerate(walk.blanks)]
    subjects.extend(walk.named.items())
    subjects.sort()
    lines = []
    for subject, tails in subjects:
        if tails:
            tails.sort()
            lines.append(subject + subject.join(tails))
    return "".join(lines)


def labels_of(walk: Walk, digest: str, planner: Planner) -> list[str]:
    """Return the canonical label of each blank node of a walk; raises Malformed when it takes too much work."""
    return canonical_labels(walk.edges, _first_degree(walk, hasher(digest)), digest, planner)


def _first_degree(walk: Walk, hash_text: Hash) -> list[str]:
    """Return the first-degree hash of each blank node (RDFC §4.6); each is the object of one edge at most."""
    before = [""] * len(walk.blanks)
    after = [""] * len(walk.blanks)
    own = [tails.copy() for tails in walk.blanks]
    for subject, middle, blank in walk.edges:
        if type(subject) is int:
            after[blank] = f"_:z{middle}_:a .\n"
            own[subject].append(f"{middle}_:z .\n")
        else:
            before[blank] = f"{subject}{middle}_:a .\n"
    hashes = []
    for head, tails, tail in zip(before, own, after, strict=True):
        tails.sort()
        said = "_:a" + "_:a".join(tails) if tails else ""
        hashes.append(hash_text(f"{head}{said}{tail}"))
    return hashes


def canonical_labels(edges: Sequence[Edge], hashes: list[str], digest: str, planner: Planner) -> list[str]:
    """Return the canonical label of each blank node (RDFC §4.4.3) by its first-degree hash."""
    alike: defaultdict[str, list[int]] = defaultdict(list)
    for number, text in enumerate(hashes):
        alike[text].append(number)
    labels = [""] * len(hashes)
    single = [group[0] for _, group in sorted(alike.items()) if len(group) == 1]
    for position, number in enumerate(single):
        labels[number] = f"_:c14n{position}"
    if len(single) < len(hashes):
        _label_rest(edges, hashes, labels, len(single), digest, planner)
    return labels


def _label_rest(
    edges: Sequence[Edge], hashes: list[str], labels: list[str], start: int, digest: str, planner: Planner
) -> None:
    """Label the nodes that look alike; only the edges between blank nodes that touch one can matter."""
    rest = [number for number, label in enumerate(labels) if not label]
    place = {number: position for position, number in enumerate(rest)}
    near = tuple(
        (place.get(subject, labels[subject]), middle, place.get(blank, labels[blank]))
        for subject, middle, blank in edges
        if type(subject) is int and (subject in place or blank in place)
    )
    key = (digest, start, tuple([hashes[number] for number in rest]), near)
    found = planner.labellings.get(key)
    if found is None:
        found = _label_alike(key[2], near, start, hasher(digest))
        weight = 100 * (len(rest) + len(near))
        if weight < _MAX_REMEMBERED:
            planner.labellings[key] = found
            planner.add_weight(weight)
    for number, label in zip(rest, found, strict=True):
        labels[number] = label


def _label_alike(
    hashes: tuple[str, ...], edges: tuple[tuple[Term, str, Term], ...], start: int, hash_text: Hash
) -> tuple[str, ...]:
    """Return the labels of nodes 0, 1, … with these hashes; other nodes in the edges are labels already."""
    known: dict[str, int] = {}
    touching: defaultdict[int, list[Statement]] = defaultdict(list)

    def node(end: Term) -> int:
        return end if type(end) is int else known.setdefault(str(end), len(hashes) + len(known))

    for subject, middle, target in edges:
        statement = (node(subject), middle.strip(), node(target), "")
        touching[statement[0]].append(statement)
        touching[statement[2]].append(statement)
    labelling = Labelling(touching, dict(enumerate(hashes)), hash_text, Work(start + len(hashes)))
    issued = {number: label.removeprefix("_:") for label, number in known.items()}
    labelling.canonical = Issuer("c14n", issued, start - len(known))
    labels = labelling.run()
    return tuple(f"_:{labels[number]}" for number in range(len(hashes)))
