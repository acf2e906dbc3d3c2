"""Type metadata of SD-JWT VCs: what a ``vct`` is called, which claims it has, and which may be kept back."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any

from testamur.errors import Malformed, Unsupported
from testamur.jsontext import Json, parse_object

MAX_METADATA = 500_000
MAX_EXTENDS = 8
_MAX_CLAIMS = 1000
_MAX_STEPS = 32
_MAX_LOOKS = 500_000  # about a second
_STRENGTH = ("sha256", "sha384", "sha512")
_CLAUSE = "SD-JWT VC §4"

Path = tuple[str | int, ...]
Pattern = tuple[str | int | None, ...]
"""Steps of a claim's path; None stands for every entry of a list (SD-JWT VC §4.6.1)."""


@dataclass(frozen=True, slots=True)
class ClaimMetadata:
    """What a type says of the claims that a pattern selects."""

    path: Pattern
    mandatory: bool = False
    sd: str = "allowed"  # "always" "allowed" "never"
    labels: tuple[tuple[str, str], ...] = ()  # locale and label


@dataclass(frozen=True, slots=True)
class TypeMetadata:
    """One type, with what it takes over from the types it extends once ``merged`` was asked."""

    vct: str
    name: str = ""
    description: str = ""
    extends: str = ""
    extends_integrity: str = ""
    names: tuple[tuple[str, str], ...] = ()  # locale and name
    claims: tuple[ClaimMetadata, ...] = ()

    @classmethod
    def parse(cls, raw: bytes | str, *, vct: str) -> TypeMetadata:
        """The metadata of a document that must be about this type; raises Malformed."""
        members = parse_object(raw, max_bytes=MAX_METADATA, max_depth=24)
        if members.get("vct") != vct:
            raise _broken("vct", f"it describes {members.get('vct')!r:.80}")
        claims = _list(members, "claims", _MAX_CLAIMS)
        return cls(
            vct=vct,
            name=_text(members, "name"),
            description=_text(members, "description"),
            extends=_text(members, "extends"),
            extends_integrity=_text(members, "extends#integrity"),
            names=_localised(members, "name"),
            claims=tuple(_claim(item, f"claims[{place}]") for place, item in enumerate(claims)),
        )

    def merged(self, parent: TypeMetadata) -> TypeMetadata:
        """The type with its parent's display and claims where it has none of its own; raises Malformed.

        A child may ask for more and never for less (SD-JWT VC §4.4).
        """
        own = {claim.path: claim for claim in self.claims}
        for inherited in parent.claims:
            claim = own.setdefault(inherited.path, inherited)
            if inherited.mandatory and not claim.mandatory:
                raise _broken("claims", f"{shown(claim.path)} is mandatory in the type it extends")
            if inherited.sd != "allowed" and claim.sd != inherited.sd:
                raise _broken("claims", f"{shown(claim.path)} is {inherited.sd!r} in the type it extends")
        return replace(self, names=self.names or parent.names, claims=tuple(own.values()))


def integrity_holds(integrity: str, raw: bytes) -> bool:
    """Whether the strongest known digest of an integrity text is that of some bytes (SRI §3.3); none known: no."""
    digests = [part.partition("-")[::2] for part in integrity.split()]
    known = [(name, digest.partition("?")[0]) for name, digest in digests if name in _STRENGTH]
    strongest = max((_STRENGTH.index(name) for name, _ in known), default=-1)
    return any(
        base64.b64encode(hashlib.new(name, raw).digest()).decode() == digest
        for name, digest in known
        if _STRENGTH.index(name) == strongest
    )


def integrity_of(raw: bytes) -> str:
    """The SHA-256 integrity text of some bytes."""
    return f"sha256-{base64.b64encode(hashlib.sha256(raw).digest()).decode()}"


def departures(
    metadata: TypeMetadata, claims: Json, disclosed: Collection[Path], kept_back: Collection[Path]
) -> list[Malformed]:
    """Every way in which claims depart from their type; what may have been kept back is not missed.

    Raises Unsupported where the type speaks of more places in them than are looked at.
    """
    looking = _Looking(frozenset(kept_back))
    chosen = frozenset(disclosed)
    return [error for claim in metadata.claims for error in _departures(claim, claims, chosen, looking)]


def _departures(
    claim: ClaimMetadata, claims: Json, disclosed: frozenset[Path], looking: _Looking
) -> Iterator[Malformed]:
    try:
        found = list(looking.select(claims, claim.path, ()))
    except Malformed as error:
        yield error
        return
    if claim.mandatory and not found and not looking.may_be_kept_back(claim.path):
        yield _broken(shown(claim.path), "its type makes this claim mandatory")
    for path in found:
        if claim.sd == "always" and path not in disclosed:
            yield _broken(shown(path), "its type leaves this claim to the holder, and it was not")
        if claim.sd == "never" and path in disclosed:
            yield _broken(shown(path), "its type does not leave this claim to the holder, and it was")


@dataclass(slots=True)
class _Looking:
    """Looks for patterns in claims, so many times and no more: record and type may both be a stranger's."""

    kept_back: frozenset[Path]
    left: int = _MAX_LOOKS

    def select(self, value: Any, pattern: Pattern, path: Path) -> Iterator[Path]:
        """The paths that a pattern selects; entries of a list are counted with those that were kept back."""
        self._look(1)
        if not pattern:
            yield path
            return
        step, rest = pattern[0], pattern[1:]
        if isinstance(step, str):
            if not isinstance(value, dict):
                raise _broken(shown(path), "its type expects an object here")
            if step in value:
                yield from self.select(value[step], rest, (*path, step))
            return
        if not isinstance(value, list):
            raise _broken(shown(path), "its type expects a list here")
        for place, item in zip(self._places(path, len(value)), value, strict=True):
            if step is None or step == place:
                yield from self.select(item, rest, (*path, place))

    def may_be_kept_back(self, pattern: Pattern) -> bool:
        """Whether what a pattern looks for may be among what was kept back."""
        self._look(len(self.kept_back))
        return any(_covers(path, pattern) for path in self.kept_back)

    def _places(self, path: Path, count: int) -> list[int]:
        places: list[int] = []
        place = 0
        while len(places) < count:
            if (*path, place) not in self.kept_back:
                places.append(place)
            place += 1
        self._look(place)
        return places

    def _look(self, times: int) -> None:
        self.left -= times
        if self.left < 0:
            raise Unsupported("its type speaks of more places in it than are looked at", clause=_CLAUSE)


def _covers(kept: Path, pattern: Pattern) -> bool:
    """Whether what was kept back at a place may be what a pattern looks for."""
    fits = zip(kept, pattern, strict=False)
    return len(kept) <= len(pattern) and all(step is None or step == here for here, step in fits)


def _claim(item: Any, path: str) -> ClaimMetadata:
    if not isinstance(item, dict):
        raise _broken(path, "this must be an object")
    steps = item.get("path")
    if not isinstance(steps, list) or not 0 < len(steps) <= _MAX_STEPS or not all(map(_is_step, steps)):
        raise _broken(f"{path}.path", "a path is a list of names, null and numbers")
    sd, mandatory = item.get("sd", "allowed"), item.get("mandatory", False)
    if sd not in ("always", "allowed", "never") or not isinstance(mandatory, bool):
        raise _broken(path, "sd is always, allowed or never, and mandatory true or false")
    return ClaimMetadata(tuple(steps), mandatory, sd, _localised(item, "label"))


def _is_step(step: Any) -> bool:
    return step is None or isinstance(step, str) or (type(step) is int and step >= 0)


def _localised(members: Json, name: str) -> tuple[tuple[str, str], ...]:
    entries = _list(members, "display", 200)
    pairs = [(each.get("locale"), each.get(name)) for each in entries if isinstance(each, dict)]
    return tuple(
        (locale, word) for locale, word in pairs if isinstance(locale, str) and isinstance(word, str)
    )


def _list(members: Json, name: str, limit: int) -> list[Any]:
    value = members.get(name, [])
    if not isinstance(value, list) or len(value) > limit:
        raise _broken(name, f"this must be a list of at most {limit} entries")
    return value


def _text(members: Json, name: str) -> str:
    value = members.get(name, "")
    if not isinstance(value, str):
        raise _broken(name, "this must be a text")
    return value


def shown(path: Pattern) -> str:
    """A path for a sentence: degrees[].name."""
    steps = ["[]" if step is None else f"[{step}]" if isinstance(step, int) else f".{step}" for step in path]
    return "".join(steps).removeprefix(".")


def _broken(path: str, message: str) -> Malformed:
    return Malformed(path, message, clause=_CLAUSE)
