"""What the published examples of ecdsa-sd-2023 and bbs-2023 have in common: their stages, read from their files."""

import json
import re

from testamur.proofs.selecting import group, select
from tests.official.di_world import more_contexts

INLINE = "https://vectors.example/"


def load(path):
    return json.loads(path.read_bytes())


def plain(document):
    """The document with its written-out contexts under addresses of their own: a signature does not see them."""
    context = [
        f"{INLINE}{number}" if isinstance(each, dict) else each
        for number, each in enumerate(document["@context"])
    ]
    return document | {"@context": context}


def contexts_of(document):
    inline = {
        f"{INLINE}{number}": {"@context": each}
        for number, each in enumerate(document["@context"])
        if isinstance(each, dict)
    }
    return more_contexts().plus(inline) if inline else more_contexts()


def numbered(mapping):
    """A map in the files: its numbers and lines."""
    return dict(mapping["value"]) if "value" in mapping else {int(key): line for key, line in mapping.items()}


def lines_of(grouped, numbers):
    return {number: grouped.statements[number].line for number in sorted(numbers)}


def grouped_of(document, hmac_key, relabel):
    return group(plain(document), hmac_key, relabel, contexts_of(document))


def revealed_of(grouped, document, mandatory, selective):
    return select(grouped, mandatory, selective, contexts_of(document))


def without_proof(document):
    return {name: value for name, value in document.items() if name != "proof"}


def pointers_in(path):
    return [each["pointer"] for each in load(path)]


def same_document(one, other):
    """Equal as JSON, apart from the addresses given to written-out contexts."""
    return without_context(one) == without_context(other)


def without_context(document):
    return {name: value for name, value in document.items() if name != "@context"}


def text_of_lines(path):
    return re.sub(r"\r", "", "".join(load(path)))
