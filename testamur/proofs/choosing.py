"""The holder's choice: which disclosures of an SD-JWT to send along (RFC 9901 §7.2)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from testamur.errors import Malformed
from testamur.jsontext import Json, parse_object
from testamur.proofs.disclosing import Disclosed, reveal
from testamur.proofs.jws import parse_jws
from testamur.proofs.sd_jwt import parse_sd_jwt
from testamur.proofs.values import Path, SecuredDocument

_NOTHING = object()


def choices(document: SecuredDocument) -> tuple[Path, ...]:
    """Where the values stand that its holder may show or keep back, in the order of the disclosures."""
    return tuple(each.path for each in _revealed(document)[1])


def choose(document: SecuredDocument, wanted: Collection[Path]) -> SecuredDocument:
    """The SD-JWT with what is wanted and no more: each value with all that is in it, and what it stands in.

    The order of what stays is kept. Raises Malformed for a path at which nothing stands, and for an SD-JWT
    that was bound to a question already: its holder's signature is over what was chosen then.
    """
    parts = parse_sd_jwt(document.text)
    if parts.key_binding:
        raise Malformed("", "it is bound to a question already; choose from it as it came from its issuer")
    claims, disclosed = _revealed(document)
    for path in wanted:
        _check_there(claims, path)
    kept = {each.disclosure.text for each in disclosed if any(_belongs(each.path, path) for path in wanted)}
    chosen = replace(parts, disclosures=tuple(text for text in parts.disclosures if text in kept))
    return replace(document, text=chosen.text, read_from="", jws=None)


def _revealed(document: SecuredDocument) -> tuple[Json, tuple[Disclosed, ...]]:
    parts = parse_sd_jwt(document.text)
    revealed = reveal(parse_object(parse_jws(parts.token).payload), parts.disclosures)
    return revealed.claims, revealed.disclosed


def _belongs(path: Path, wanted: Path) -> bool:
    """Whether one of two places is in the other, or they are the same."""
    shared = min(len(path), len(wanted))
    return path[:shared] == wanted[:shared]


def _check_there(claims: Json, path: Path) -> None:
    value: object = claims
    for step in path:
        value = _inside(value, step)
        if value is _NOTHING:
            raise Malformed("", f"the record shows nothing at {'/'.join(map(str, path)):.80}")


def _inside(value: object, step: str | int) -> object:
    if isinstance(value, dict):
        return value.get(step, _NOTHING)
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return value[step]
    return _NOTHING
