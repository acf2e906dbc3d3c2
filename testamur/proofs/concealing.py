"""Making an SD-JWT: members and entries that the holder may keep back give way to their digests (RFC 9901 §4.2)."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable, Sequence
from typing import Any

from testamur.encoding import encode_base64url
from testamur.errors import Malformed
from testamur.jsontext import Json
from testamur.proofs.sd_jwt import RESERVED, NewSalt, make_disclosure, new_salt
from testamur.proofs.values import Path

_STEP = re.compile(r"([^.\[\]]+)|\[(\d{1,6})\]")


def parse_path(text: str) -> Path:
    """The path of "credentialSubject.phoneNumbers[0]" or of a JSON pointer "/credentialSubject/0"; raises Malformed."""
    if text.startswith("/"):
        steps = text[1:].split("/")
        return tuple(
            int(step) if step.isascii() and step.isdigit() else step.replace("~1", "/").replace("~0", "~")
            for step in steps
        )
    path: list[str | int] = []
    place = 0
    while place < len(text):
        match = _STEP.match(text, place)
        if match is None:
            raise Malformed("", f"{text!r:.80} is no path such as credentialSubject.result[0]")
        path.append(match[1] if match[1] is not None else int(match[2]))
        place = match.end() + (text[match.end() : match.end() + 1] == ".")
    if not path:
        raise Malformed("", "a path names at least one member")
    return tuple(path)


def conceal(
    claims: Json, paths: Iterable[Path], *, decoys: int = 0, salt: NewSalt = new_salt
) -> tuple[Json, tuple[str, ...]]:
    """The payload with digests in place of these paths, and the disclosures, the inner before the outer.

    ``decoys`` digests of nothing are added beside the others in the outermost object. Raises Malformed where
    a path leads nowhere or a name is reserved.
    """
    payload = _copy(claims)
    disclosures: list[str] = []
    for path in sorted(set(paths), key=len, reverse=True):
        holder = _holder(payload, path)
        disclosures.append(_hide(holder, path[-1], salt).text)
    if decoys:
        payload.setdefault("_sd", []).extend(_decoy() for _ in range(decoys))
    _sort_digests(payload)
    if disclosures or decoys:
        payload["_sd_alg"] = "sha-256"
    return payload, tuple(disclosures)


def _hide(holder: Any, step: str | int, salt: NewSalt) -> Any:
    """Put a digest in the place of a member or an entry; what is returned is its disclosure."""
    value = holder[step]
    if isinstance(holder, dict):
        if not isinstance(step, str):
            raise Malformed("", f"{step!r} is no name of a member")
        disclosure = make_disclosure(step, _sorted(value), salt())
        del holder[step]
        holder.setdefault("_sd", []).append(disclosure.digest("sha256"))
    else:
        disclosure = make_disclosure(None, _sorted(value), salt())
        holder[step] = {"...": disclosure.digest("sha256")}
    return disclosure


def _holder(payload: Any, path: Sequence[str | int]) -> Any:
    """The object or list that has the last step of a path; raises Malformed where there is none."""
    value = payload
    for place, step in enumerate(path):
        if isinstance(step, int):
            fits = isinstance(value, list) and step < len(value)
        else:
            fits = isinstance(value, dict) and step in value
        if not fits:
            shown = ".".join(map(str, path))
            raise Malformed("", f"there is nothing at {shown:.80} that could be left to the holder to show")
        if place == len(path) - 1:
            return value
        value = value[step]
    raise Malformed("", "a path names at least one member")


def _copy(value: Any) -> Any:
    """A copy that may be changed; raises Malformed where a name is one that SD-JWT keeps for itself."""
    if isinstance(value, dict):
        for name in RESERVED:
            if name in value:
                raise Malformed(name, "this name belongs to SD-JWT", clause="RFC 9901 §4.1")
        return {name: _copy(inner) for name, inner in value.items()}
    return [_copy(inner) for inner in value] if isinstance(value, list) else value


def _sort_digests(value: Any) -> None:
    """Digests stand in an order that says nothing of what they stand for (RFC 9901 §4.2.4.1)."""
    if isinstance(value, dict):
        if "_sd" in value:
            value["_sd"].sort()
        for inner in value.values():
            _sort_digests(inner)
    elif isinstance(value, list):
        for inner in value:
            _sort_digests(inner)


def _sorted(value: Any) -> Any:
    _sort_digests(value)
    return value


def _decoy() -> str:
    """A digest that nobody can show anything for (RFC 9901 §4.2.5)."""
    return encode_base64url(hashlib.sha256(secrets.token_bytes(32)).digest())
