"""The door: a JSON-LD document in, canonical bytes out. Heavy imports wait for the first document.

Three paths lead to the same bytes. Shapes serve documents of a template that was seen before, compiled plans
documents with parts that were seen before; whatever plans do not cover, and whatever they refuse, goes the
general way, whose refusal says where and why.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from testamur.contexts import SHIPPED, ContextSet
from testamur.errors import Malformed, TestamurError
from testamur.jsonld.bounds import check_document
from testamur.jsonld.nquads import Statement
from testamur.jsonld.plain import check_plain
from testamur.jsonld.rdfc import canonical_form
from testamur.jsontext import Json

if TYPE_CHECKING:
    from testamur.jsonld.learning import Learning
    from testamur.jsonld.placed import Traced
    from testamur.jsonld.plans import Planner
    from testamur.jsonld.walk import Walk

__all__ = ["canonical_form", "canonize", "canonize_by_plans", "canonize_generally", "statements", "trace"]

_MAX_PLANNERS = 4
_planners: dict[ContextSet, Planner] = {}
_learnings: dict[tuple[str, ContextSet], Learning] = {}


def canonize(
    document: Json,
    *,
    digest: str = "sha256",
    contexts: ContextSet = SHIPPED,
    compacted: bool = True,
    plain: bool = False,
    text: str = "",
) -> bytes:
    """Return the canonical N-Quads of a document by RDFC-1.0, with "sha256" or "sha384" inside.

    Raises Malformed when any part of the document would make no statement or lose something in it, or is
    not in compacted form (VCDM §6.1); Unsupported when it names a context that is not in the set.
    ``compacted=False`` takes any JSON-LD; ``plain=True`` raises what ``check_plain`` raises as well. ``text``
    is JSON text that reads as the document, where it is at hand: it makes documents of a known template faster.
    """
    learning = _learnings.get((digest, contexts)) or _new_learning(digest, contexts)
    sighting = learning.look(document, text)
    if plain and not sighting.is_plain:
        check_plain(document)
    if sighting.is_trusted:
        return sighting.data
    from testamur.jsonld.plans import (
        NotPlanned,
    )  # here, since importing takes time where nothing is left to do

    generally = partial(canonize_generally, document, digest=digest, contexts=contexts, compacted=compacted)
    try:
        walk, planner = _walk(document, contexts)
    except (NotPlanned, TestamurError):
        return generally()
    try:
        data = _labelled(walk, planner, digest)
    except NotPlanned:
        return generally()  # what takes too much work is refused, not tried another way
    learning.learn(document, sighting, data)
    return data


def canonize_generally(
    document: Json, *, digest: str = "sha256", contexts: ContextSet = SHIPPED, compacted: bool = True
) -> bytes:
    """Return the same by PyLD's expansion and the whole of RDFC-1.0, without plans."""
    said = statements(document, contexts=contexts, compacted=compacted)
    return canonical_form(said, digest=digest).data


def canonize_by_plans(document: Json, *, digest: str = "sha256", contexts: ContextSet = SHIPPED) -> bytes:
    """Return the same by compiled plans only; raises NotPlanned for what they do not cover."""
    return _labelled(*_walk(document, contexts), digest)


def statements(document: Json, *, contexts: ContextSet = SHIPPED, compacted: bool = True) -> list[Statement]:
    """Return what a document says, as statements; raises as ``canonize`` does."""
    from testamur.jsonld.dataset import dataset
    from testamur.jsonld.expansion import expand

    return dataset(expand(check_document(document), contexts, compacted=compacted))


def trace(document: Json, *, digest: str = "sha256", contexts: ContextSet = SHIPPED) -> Traced:
    """Return what a document says and where in it; raises as ``canonize`` does.

    Unsupported too for what plans leave to the general path.
    """
    from testamur.jsonld.tracing import trace_by_plans

    return trace_by_plans(document, digest, contexts)


def _walk(document: Json, contexts: ContextSet) -> tuple[Walk, Planner]:
    from testamur.jsonld.walk import Walk

    if type(document) is not dict:
        raise Malformed("", "the document is not a JSON object")
    planner = planner_for(contexts)
    return Walk(planner).run(document), planner


def _labelled(walk: Walk, planner: Planner, digest: str) -> bytes:
    from testamur.jsonld.blocks import canonical_text

    return canonical_text(walk, digest, planner).encode()


def _new_learning(digest: str, contexts: ContextSet) -> Learning:
    from testamur.jsonld.learning import Learning

    if len(_learnings) >= _MAX_PLANNERS:
        _learnings.clear()
    learning = _learnings[digest, contexts] = Learning(digest, contexts)
    return learning


def planner_for(contexts: ContextSet) -> Planner:
    """Return the planner for a set of contexts: the one in use, or a new one when that is full."""
    from testamur.jsonld.plans import Planner

    planner = _planners.get(contexts)
    if planner is None or planner.full:
        if len(_planners) >= _MAX_PLANNERS:
            _planners.clear()
        planner = _planners[contexts] = Planner(contexts)
    return planner
