"""What ecdsa-sd-2023 and bbs-2023 have in common: statements under labels of their own, in groups chosen by pointer."""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING

from testamur.contexts import ContextSet
from testamur.encoding import encode_base64url
from testamur.errors import Malformed, ProofInvalid
from testamur.jsontext import Json
from testamur.pointers import Path, read_pointer, shown_part, write_pointer

if TYPE_CHECKING:
    from testamur.jsonld import Placed

GENERATION = "https://w3id.org/security#PROOF_GENERATION_ERROR"

_TERM = re.compile(r'"(?:[^"\\]|\\.)*"|<[^>]*>|_:\S+')

Relabel = Callable[[bytes, Sequence[str]], list[str]]
"""For canonical labels ("c14n0", …) the labels that stand in the signed statements, by a secret key."""


def hmac_labels(key: bytes, labels: Sequence[str]) -> list[str]:
    """Labels that tell nothing of what was left out (VC-DI-ECDSA §3.4.5): "u" and an HMAC in base64url."""
    return ["u" + encode_base64url(hmac.digest(key, label.encode(), "sha256")) for label in labels]


def shuffled_labels(key: bytes, labels: Sequence[str]) -> list[str]:
    """Labels that many records share (VC-DI-BBS §3.2.1): "b0", "b1", … in the order of their HMACs."""
    drawn = hmac_labels(key, labels)
    order = {label: place for place, label in enumerate(sorted(drawn))}
    return [f"b{order[label]}" for label in drawn]


@dataclass(frozen=True, slots=True)
class Grouped:
    """The statements of a document in order, and the numbers of those that some pointers show."""

    document: Json
    statements: tuple[Placed, ...]
    labels: tuple[str, ...]  # of each blank node, as it stands in the lines
    whole: frozenset[Path]

    @property
    def lines(self) -> list[bytes]:
        """The statements as they are hashed or signed."""
        return [statement.line.encode() for statement in self.statements]

    def paths(self, pointers: Iterable[str]) -> list[Path]:
        """Where these pointers lead; raises Malformed for one that leads nowhere or into what is shown whole."""
        found = [read_pointer(self.document, pointer) for pointer in pointers]
        for path in found:
            for length in range(len(path)):
                if path[:length] in self.whole:
                    whole, part = write_pointer(path[:length]), write_pointer(path)
                    raise Malformed(
                        "",
                        f"{part} is part of {whole}, which is shown whole or not at all",
                        problem=GENERATION,
                    )
        return found

    def matching(self, paths: Sequence[Path]) -> frozenset[int]:
        """The numbers of the statements that a selection of these paths shows."""
        from testamur.jsonld import way_of

        if not paths:
            return frozenset()
        way = way_of(paths)
        return frozenset(n for n, statement in enumerate(self.statements) if statement.is_at(way))


def group(
    document: Json, key: bytes, relabel: Relabel, contexts: ContextSet, *, plain: bool = True
) -> Grouped:
    """The statements of a document without its proof, under the labels of this key (VC-DI-ECDSA §3.4.14)."""
    from testamur.jsonld import check_plain, trace

    if plain:
        check_plain(document)
    traced = trace(document, contexts=contexts)
    labels = tuple(relabel(key, traced.labels))
    return Grouped(document, tuple(traced.placed([f"_:{label}" for label in labels])), labels, traced.whole)


@dataclass(frozen=True, slots=True)
class Selection:
    """What a holder shows: the part of the document, and what a verifier needs to find its statements again."""

    document: Json
    labels: Mapping[int, str]  # for the verifier's "c14nN" the label in the signed statements
    mandatory: frozenset[int]  # numbers among all statements
    shown: frozenset[int]  # mandatory and chosen

    @property
    def mandatory_indexes(self) -> list[int]:
        """Which of the statements shown, in order, are the mandatory ones."""
        return [place for place, number in enumerate(sorted(self.shown)) if number in self.mandatory]


def select(
    grouped: Grouped, mandatory: Sequence[str], chosen: Sequence[str], contexts: ContextSet
) -> Selection:
    """Choose what is shown; raises Malformed where that is nothing, or cannot be shown as it was signed."""
    from testamur.jsonld import canonical_form, canonize

    always = grouped.paths(mandatory)
    paths = [*always, *grouped.paths(chosen)]
    shown = grouped.matching(paths)
    if not shown:
        raise Malformed("", "nothing of it is chosen to be shown", problem=GENERATION)
    document = shown_part(grouped.document, paths)
    form = canonical_form(grouped.statements[number].statement for number in shown)
    if canonize(document, contexts=contexts) != form.data:
        raise Malformed("", "this choice cannot be shown as it was signed", problem=GENERATION)
    labels = {int(label[4:]): grouped.labels[node] for node, label in form.labels.items()}
    return Selection(document, dict(sorted(labels.items())), grouped.matching(always), shown)


def relabelled(canonical: bytes, labels: Mapping[str, str]) -> list[bytes]:
    """The statements of a canonical form under other labels, in order again; raises ProofInvalid where one lacks.

    ``labels`` gives for "_:c14n0" the label as it stands in a signed line.
    """

    def term(match: re.Match[str]) -> str:
        return _label(labels, match[0]) if match[0].startswith("_:") else match[0]

    lines = canonical.decode().split("\n")[:-1]
    return sorted(f"{_TERM.sub(term, line)}\n".encode() for line in lines)


def split_statements(lines: Sequence[bytes], mandatory: Sequence[int]) -> tuple[bytes, list[bytes]]:
    """The SHA-256 of the mandatory statements, and the others; raises ProofInvalid for numbers out of range."""
    if any(number >= len(lines) for number in mandatory[-1:]):
        raise ProofInvalid("its mandatoryIndexes name statements that are not there")
    chosen = frozenset(mandatory)
    digest = sha256(b"".join(lines[number] for number in mandatory)).digest()
    return digest, [line for number, line in enumerate(lines) if number not in chosen]


def properties(lines: Iterable[bytes]) -> frozenset[str]:
    """The addresses of the properties that some statements are about."""
    return frozenset(line.split(b" ", 2)[1].decode().strip("<>") for line in lines)


def are_numbers(values: Iterable[object]) -> bool:
    """Whether all of these are whole numbers, none below zero."""
    return all(type(value) is int and value >= 0 for value in values)


def ascending(numbers: Sequence[int]) -> bool:
    """Whether these are whole numbers, each greater than the one before."""
    return are_numbers(numbers) and all(first < second for first, second in pairwise(numbers))


def _label(labels: Mapping[str, str], name: str) -> str:
    found = labels.get(name)
    if found is None:
        raise ProofInvalid(f"its label map has nothing for {name:.60}, which stands in the document")
    return found
