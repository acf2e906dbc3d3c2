"""The door: a JSON-LD document in, canonical bytes out. Heavy imports wait for the first document."""

from __future__ import annotations

from testamur.contexts import SHIPPED, ContextSet
from testamur.errors import Malformed
from testamur.jsonld.bounds import check_document
from testamur.jsonld.nquads import Statement
from testamur.jsonld.rdfc import canonical_form
from testamur.jsontext import Json

__all__ = ["canonical_form", "canonize", "statements"]


def canonize(document: Json, *, digest: str = "sha256", contexts: ContextSet = SHIPPED) -> bytes:
    """The canonical N-Quads of a document by RDFC-1.0, with "sha256" or "sha384" inside.

    Raises Malformed when any part of the document would make no statement or lose something in it,
    Unsupported when it names a context that is not in the set.
    """
    return encoded("".join(canonical_form(statements(document, contexts=contexts), digest=digest).lines))


def statements(document: Json, *, contexts: ContextSet = SHIPPED) -> list[Statement]:
    """What a document says, as statements; raises as ``canonize`` does."""
    from testamur.jsonld.dataset import dataset
    from testamur.jsonld.expansion import expand

    return dataset(expand(check_document(document), contexts))


def encoded(text: str) -> bytes:
    """The text in UTF-8; raises Malformed on half of a surrogate pair."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise Malformed("", "a text holds half of a surrogate pair") from None
