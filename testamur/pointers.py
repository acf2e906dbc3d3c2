"""JSON pointers (RFC 6901) into a document, and the part of it that some of them show (VC-DI-ECDSA §3.4.13)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from testamur.errors import Malformed
from testamur.jsontext import Json

Path = tuple[str | int, ...]

_INDEX = re.compile(r"0|[1-9][0-9]{0,5}").fullmatch
_BAD_TILDE = re.compile(r"~(?![01])").search
_MAX_POINTER = 2048
_ALWAYS = ("id", "type")
_PROBLEM = "https://w3id.org/security#PROOF_GENERATION_ERROR"


def read_pointer(document: Json, text: str) -> Path:
    """The path that a pointer names in this document; raises Malformed where it names nothing."""
    if len(text) > _MAX_POINTER or (text and not text.startswith("/")) or _BAD_TILDE(text):
        raise Malformed("", f"{text!r:.80} is no JSON pointer", clause="RFC 6901 §3", problem=_PROBLEM)
    path: list[str | int] = []
    value: Any = document
    for token in text.split("/")[1:]:
        step: str | int = token.replace("~1", "/").replace("~0", "~")
        if isinstance(value, list) and _INDEX(token) and int(token) < len(value):
            value = value[step := int(token)]
        elif isinstance(value, dict) and step in value:
            value = value[step]
        else:
            raise Malformed(
                "", f"{text!r:.200} points at nothing in it", clause="RFC 6901 §4", problem=_PROBLEM
            )
        path.append(step)
    return tuple(path)


def write_pointer(path: Path) -> str:
    """The pointer of a path."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def shown_part(document: Json, paths: Iterable[Path]) -> Json:
    """The members at these paths, each object on the way with its ``id`` and ``type``; the root with its ``@context``.

    Members and items keep their order; lists lose the items that are not shown.
    """
    wanted = list(paths)
    part = _part(document, (), wanted)
    return {
        name: part[name] if name in part else document[name]
        for name in document
        if name in part or name == "@context"
    }


def _part(value: Any, path: Path, wanted: Sequence[Path]) -> Any:
    depth = len(path)
    if any(len(each) <= depth for each in wanted):
        return value
    if isinstance(value, list):
        places = sorted({step for each in wanted if isinstance(step := each[depth], int)})
        return [_step(value, path, place, wanted) for place in places]
    return {
        name: _step(value, path, name, wanted) if _leads(wanted, depth, name) else item
        for name, item in value.items()
        if _leads(wanted, depth, name) or name in _ALWAYS
    }


def _step(value: Any, path: Path, step: str | int, wanted: Sequence[Path]) -> Any:
    depth = len(path)
    return _part(value[step], (*path, step), [each for each in wanted if each[depth] == step])


def _leads(wanted: Sequence[Path], depth: int, name: str) -> bool:
    return any(each[depth] == name for each in wanted)
