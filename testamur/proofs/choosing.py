"""The holder's choice: which disclosures of an SD-JWT to send along (RFC 9901 §7.2)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any

from testamur.errors import Malformed
from testamur.jsontext import Json, parse_object
from testamur.pointers import read_pointer, write_pointer
from testamur.proofs.disclosing import Revealed, reveal
from testamur.proofs.jws import parse_jws
from testamur.proofs.sd_jwt import parse_sd_jwt
from testamur.proofs.values import PRESENTATIONS, Path, SecuredDocument


class SdJwtDerivation:
    """Copies of SD-JWTs: nothing is signed anew, the other disclosures are left out."""

    def takes(self, document: SecuredDocument) -> bool:
        """Whether a record is an SD-JWT."""
        return document.format.endswith("+sd-jwt") and document.format not in PRESENTATIONS

    def read(self, document: SecuredDocument) -> Json:
        """What the record says with all that is shown in it."""
        return _revealed(document).claims

    def always_shown(self, document: SecuredDocument) -> list[str]:
        """The pointers to all that stands in the token itself."""
        revealed = _revealed(document)
        chosen = {each.path for each in revealed.disclosed}
        return [write_pointer(path) for path in _open(revealed.claims, (), chosen)]

    def derive(
        self, document: SecuredDocument, pointers: Sequence[str], *, nonce: bytes = b""
    ) -> SecuredDocument:
        """The copy; raises Malformed for a nonce, which a key binding answers and not a copy."""
        if nonce:
            raise Malformed("", "a nonce is answered when an SD-JWT is shown: testamur present --challenge")
        claims = _revealed(document).claims
        return choose(document, [read_pointer(claims, pointer) for pointer in pointers])


def choices(document: SecuredDocument) -> tuple[Path, ...]:
    """Where the values stand that its holder may show or keep back, in the order of the claims."""
    return tuple(each.path for each in _revealed(document).disclosed)


def choose(document: SecuredDocument, wanted: Collection[Path]) -> SecuredDocument:
    """The SD-JWT with what is wanted and no more: each value with all that is in it, and what it stands in.

    The order of what stays is kept. Raises Malformed for a path at which nothing stands, and for an SD-JWT
    that was bound to a question already: its holder's signature is over what was chosen then.
    """
    parts = parse_sd_jwt(document.text)
    if parts.key_binding:
        raise Malformed("", "it is bound to a question already; choose from it as it came from its issuer")
    revealed = _revealed(document)
    for path in wanted:
        read_pointer(revealed.claims, write_pointer(path))
    kept = {
        each.disclosure.text
        for each in revealed.disclosed
        if any(_belongs(each.path, path) for path in wanted)
    }
    chosen = replace(parts, disclosures=tuple(text for text in parts.disclosures if text in kept))
    return replace(document, text=chosen.text, read_from="", jws=None)


def _revealed(document: SecuredDocument) -> Revealed:
    """What is shown; raises Malformed where entries of a list were left out, since places then count otherwise."""
    parts = parse_sd_jwt(document.text)
    revealed = reveal(parse_object(parse_jws(parts.token).payload), parts.disclosures)
    if any(path and isinstance(path[-1], int) for path in revealed.kept_back):
        raise Malformed("", "it is a copy already; choose from the record as it came from its issuer")
    return revealed


def _open(value: Any, path: Path, chosen: Collection[Path]) -> Iterator[Path]:
    """Every place in a value that is not in something its holder chose to show."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in items:
        spot = (*path, step)
        if spot not in chosen:
            yield spot
            yield from _open(inner, spot, chosen)


def _belongs(path: Path, wanted: Path) -> bool:
    """Whether one of two places is in the other, or they are the same."""
    shared = min(len(path), len(wanted))
    return path[:shared] == wanted[:shared]
