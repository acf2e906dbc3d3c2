"""What a document says of each thing, however it is written.

JSON-LD values are sets and things are told apart by their ids: the order of a list, a value given twice, and
where in the document a thing with an id is described change nothing of what is signed. So they must not
change what a person is shown either.
"""

from __future__ import annotations

import json
import unicodedata
from functools import lru_cache
from typing import Any

from testamur.credentials.clr import is_clr
from testamur.credentials.members import identifier, values
from testamur.jsontext import Json

_GRAPHS_OF_THEIR_OWN = frozenset(("proof", "verifiableCredential"))
_PROOFS = frozenset(("proof",))
_INNER = (dict, list)


class Described:
    """The things of a document by their ids, each with all that is said of it."""

    def __init__(self, document: Json) -> None:
        self._things: dict[str, list[Json]] = {}
        apart = (
            _PROOFS if is_clr(document) else _GRAPHS_OF_THEIR_OWN
        )  # what a learner record holds is its own word
        level: list[Any] = [document]
        while level:
            inner: list[Any] = []
            for value in level:
                if isinstance(value, dict):
                    name = value.get("id")
                    if isinstance(name, str) and len(value) > 1:
                        self._things.setdefault(name, []).append(value)
                    inner += value.values() if apart.isdisjoint(value) else _of_this_graph(value, apart)
                else:
                    inner += value
            level = [value for value in inner if type(value) is not str and isinstance(value, _INNER)]

    def thing(self, value: Any) -> Json:
        """All that is said of the one thing among the values of a member; an empty object where there is none."""
        found = self.things(value)
        return min(found, key=_spelling) if len(found) > 1 else next(iter(found), {})

    def things(self, value: Any) -> list[Json]:
        """All that is said of each thing among the values of a member."""
        return [thing for item in values(value) if (thing := self._whole(item))]

    def _whole(self, value: Any) -> Json:
        name = identifier(value)
        parts = self._things.get(name, []) if name else []
        if len(parts) < 2:
            return next(iter(parts), value if isinstance(value, dict) else {})
        whole: dict[str, list[Any]] = {}
        for part in parts:
            for member, item in part.items():
                whole.setdefault(member, []).extend(values(item))
        return {**whole, "id": name}


def _of_this_graph(value: Json, apart: frozenset[str]) -> list[Any]:
    return [item for member, item in value.items() if member not in apart]


def words(value: Any) -> str:
    """The words of a string or language object; of several those in native script, "" for anything else."""
    if isinstance(value, str):
        return value
    texts = (item.get("@value") if isinstance(item, dict) else item for item in values(value))
    return min((text for text in texts if isinstance(text, str)), key=nativeness, default="")


def nativeness(text: str) -> tuple[int, str]:
    """Sorts texts in other scripts before those in Latin letters, and these before plain ASCII."""
    if text.isascii():
        return 2, text
    return int(all(map(_is_latin, filter(str.isalpha, text)))), text


@lru_cache(maxsize=4096)
def _is_latin(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith("LATIN")


def _spelling(value: Any) -> str:
    """One text for all the ways in which a set of things may be written; about as long as the set."""
    if isinstance(value, dict):
        if value.keys() == {"@value"}:
            return _spelling(value["@value"])
        return "{" + ",".join(f"{json.dumps(name)}:{_spelling(value[name])}" for name in sorted(value)) + "}"
    if isinstance(value, list):
        spelled = sorted({_spelling(item) for item in value})
        return f"[{','.join(spelled)}]" if len(spelled) > 1 else next(iter(spelled), "null")
    return json.dumps(value, ensure_ascii=False)
