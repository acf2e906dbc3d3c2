"""JSON-LD expansion by PyLD, made strict: whatever it would drop in silence is refused instead.

The only module that touches PyLD's private methods (3.3, pinned). Nothing is fetched: contexts come from a
ContextSet, and PyLD's own caches are made anew each time, so no document leaves a trace for the next.
"""

from __future__ import annotations

import re
import warnings
from typing import Any, NoReturn

from cachetools import LRUCache
from pyld import jsonld
from pyld.context_resolver import ContextResolver

from testamur.contexts import ContextSet
from testamur.errors import Malformed, TestamurError
from testamur.jsonld import names
from testamur.jsontext import Json

# PyLD says on stderr that it ignores a term such as "@x" in somebody's context; used as a member it is refused.
warnings.filterwarnings("ignore", "terms beginning with", SyntaxWarning)

_MAX_CONTEXT_WORK = 5_000  # a diploma needs 70, about 15 ms
_VANISH_IF_NULL = {"@type", "@language", "@direction", "@index", "@reverse"}
_SENTENCE = re.compile(r"(?:Invalid JSON-LD syntax; )?(.{1,200}?)\.?$", re.DOTALL)


def expand(document: Json, contexts: ContextSet, *, compacted: bool = True) -> list[Any]:
    """The expanded form of a document (JSON-LD-API §5.1); raises Malformed, Unsupported.

    ``compacted`` refuses one that is not in compacted form (``names``).
    """
    processor = _StrictProcessor(compacted=compacted)
    try:
        expanded: list[Any] = processor.expand(document, _options(contexts))
    except TestamurError:
        raise
    except Exception as error:  # PyLD lets KeyError and others escape on odd contexts
        _refuse(error, ".".join(processor.path))
    return expanded


def _options(contexts: ContextSet) -> dict[str, Any]:
    """PyLD's options: no base, no network, and nothing remembered between two documents."""

    def load(url: str, _: Any = None) -> dict[str, Any]:
        return {"contextUrl": None, "documentUrl": url, "document": contexts.load(url), "tag": "static"}

    return {
        "base": None,
        "isFrame": False,
        "processingMode": "json-ld-1.1",
        "documentLoader": load,
        "contextResolver": ContextResolver(LRUCache(maxsize=100), load),
    }


def _refuse(error: Exception, path: str) -> NoReturn:
    """Raise what lies behind an error of PyLD as one of ours."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, TestamurError):
            raise cause from None
        if cause.__cause__ is None and isinstance(cause, jsonld.JsonLdError):
            break
        cause = cause.__cause__
    if isinstance(cause, jsonld.JsonLdError):
        match = _SENTENCE.match(str(cause.args[0]))
        message = match[1] if match else cause.code
        raise Malformed(path, f"{message} ({cause.code or 'JSON-LD'})", clause="JSON-LD-API §5.1") from None
    raise Malformed(path, f"the JSON-LD cannot be processed ({type(error).__name__})") from None


class _StrictProcessor(jsonld.JsonLdProcessor):  # type: ignore[misc]
    """PyLD's processor, with every silent drop turned into Malformed and its context work bounded."""

    def __init__(self, *, compacted: bool = False) -> None:
        super().__init__(on_property_dropped=self._dropped)
        self.compacted = compacted
        self.path: list[str] = []
        self.context_work = _MAX_CONTEXT_WORK

    def _dropped(self, name: str | None) -> NoReturn:
        what = (
            f"{name!r:.200} is not defined by the contexts"
            if name
            else "a member is defined away or reserved"
        )
        raise Malformed(".".join(self.path), f"{what}, so it would not be signed")

    def _expand(self, active: Any, member: Any, element: Any, *rest: Any, **named: Any) -> Any:
        if element is None:
            self._vanishes(member, "null")
        if type(element) is list or member is None:
            result = super()._expand(active, member, element, *rest, **named)
        else:
            self.path.append(member)
            result = super()._expand(active, member, element, *rest, **named)
            self.path.pop()
        if result is None:
            self._vanishes(member, "a value of which JSON-LD says nothing")
        return result

    def _vanishes(self, member: Any, what: str) -> NoReturn:
        path = [*self.path, member] if member and self.path[-1:] != [member] else self.path
        raise Malformed(".".join(path), f"{what} would not be signed")

    def _expand_language_map(self, active: Any, texts: Any, direction: Any) -> Any:
        for text in texts.values():
            if text is None or (type(text) is list and None in text):
                self._vanishes(None, "null in a language map")
        return super()._expand_language_map(active, texts, direction)

    def _expand_object(
        self, active: Any, member: Any, expanded: Any, element: Any, *rest: Any, **named: Any
    ) -> None:
        for name, value in element.items():
            meaning = self._expand_iri(active, name, vocab=True)
            if value is None and meaning in _VANISH_IF_NULL:
                self._vanishes(name, "null")
            odd = name == "@type" and "@value" not in element
            if self.compacted and (odd or not names.is_key(name, meaning)):
                self._renamed(name)
        super()._expand_object(active, member, expanded, element, *rest, **named)

    def _expand_iri(
        self,
        active: Any,
        value: Any,
        base: Any = None,
        vocab: bool = False,
        local_ctx: Any = None,
        defined: Any = None,
    ) -> Any:
        meaning = super()._expand_iri(active, value, base, vocab, local_ctx, defined)
        if self.compacted and local_ctx is None and type(value) is str:
            known = names.is_word if vocab else names.is_address
            if not known(value, meaning):
                self._renamed(value)
        return meaning

    def _renamed(self, text: str) -> NoReturn:
        raise Malformed(
            ".".join(self.path),
            f"{text!r:.200} stands in the place of the name or address it means; a record is in compacted form",
            clause="VCDM §6.1",
        )

    def _clone_active_context(self, active: Any) -> Any:
        self.context_work -= 1 + len(active["mappings"]) // 100
        if self.context_work < 0:
            raise Malformed(".".join(self.path), "the document switches contexts too often")
        return super()._clone_active_context(active)


class ContextProcessor:
    """Context processing by itself (JSON-LD-API §4.1), on active contexts as PyLD has them: mappings of dicts."""

    def __init__(self, contexts: ContextSet) -> None:
        self._contexts = contexts
        self._processor = _StrictProcessor()

    def initial(self) -> Json:
        """Return the active context of a document before any @context."""
        active: Json = self._processor._get_initial_context(_options(self._contexts))
        return active

    def apply(
        self, active: Json, local: Any, *, propagate: bool = True, override_protected: bool = False
    ) -> Json:
        """Return the active context after a local one; raises Malformed, Unsupported."""
        self._processor.context_work = _MAX_CONTEXT_WORK
        try:
            result: Json = self._processor._process_context(
                active,
                local,
                _options(self._contexts),
                propagate=propagate,
                override_protected=override_protected,
            )
        except TestamurError:
            raise
        except Exception as error:
            _refuse(error, "@context")
        return result

    def expand_term(self, active: Json, text: str) -> str | None:
        """Return what a key, type or vocabulary term stands for (JSON-LD-API §5.2); nothing if it is defined away."""
        result: str | None = self._processor._expand_iri(active, text, vocab=True)
        return result
