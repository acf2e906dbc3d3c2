"""What an SD-JWT says once its disclosures are put back into their places (RFC 9901 §7.1)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from testamur.errors import Malformed
from testamur.jsontext import MAX_DEPTH, Json
from testamur.proofs.sd_jwt import Disclosure, hash_of, read_disclosure
from testamur.proofs.values import Path

_CLAUSE = "RFC 9901 §7.1"
_PARTS = (dict, list)


class Disclosed(NamedTuple):
    """A disclosure and where its value stands."""

    path: Path
    disclosure: Disclosure


@dataclass(frozen=True, slots=True)
class Revealed:
    """The claims as they are to be read, and what is known of the others."""

    claims: Json
    disclosed: tuple[Disclosed, ...] = ()
    kept_back: tuple[Path, ...] = ()  # the places where digests stand that nothing was shown for; decoys too


def reveal(claims: Json, texts: Sequence[str]) -> Revealed:
    """The claims with every disclosure in its place, without digests.

    Raises Malformed where a disclosure is not used, is there twice, has a name that is taken or reserved,
    or stands in a place of another kind; Unsupported for an unknown hash.
    """
    hash_name = hash_of(claims)
    work = _Work()
    for text in texts:
        disclosure = read_disclosure(text)
        digest = disclosure.digest(hash_name)
        if digest in work.waiting:
            raise Malformed("", "a disclosure is there twice", clause=_CLAUSE)
        work.waiting[digest] = disclosure
    plain = {name: value for name, value in claims.items() if name != "_sd_alg"}
    found = work.members(plain, (), 1)
    if work.waiting:
        raise Malformed("", f"{len(work.waiting)} disclosures belong to nothing in the token", clause=_CLAUSE)
    return Revealed(found, tuple(work.disclosed), tuple(work.kept_back))


def check_not_hidden(revealed: Revealed, never: Collection[str]) -> None:
    """Raise Malformed where a member that everybody must see, or a part of it, was left to the holder's choice."""
    for path in (*(each.path for each in revealed.disclosed), *revealed.kept_back):
        if path and path[0] in never:
            raise Malformed(
                str(path[0]), "this must not be left to the holder to show", clause="RFC 9901 §9.7"
            )


@dataclass(slots=True)
class _Work:
    waiting: dict[str, Disclosure] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    disclosed: list[Disclosed] = field(default_factory=list)
    kept_back: list[Path] = field(default_factory=list)

    def value(self, value: Any, path: Path, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise Malformed("", f"it is nested more than {MAX_DEPTH} deep")
        if isinstance(value, dict):
            return self.members(value, path, depth)
        return self.entries(value, path, depth) if isinstance(value, list) else value

    def members(self, value: Json, path: Path, depth: int) -> Json:
        found: Json = {}
        for name, inner in value.items():
            if name == "...":
                raise Malformed("...", "this name marks an entry of a list only", clause=_CLAUSE)
            if name != "_sd":
                found[name] = self.value(inner, (*path, name), depth + 1) if type(inner) in _PARTS else inner
        for digest in _digests(value.get("_sd", [])):
            disclosure = self.take(digest, path, is_member=True)
            if disclosure is not None and disclosure.name is not None:
                if disclosure.name in found:
                    raise Malformed(disclosure.name, "a disclosure has a name that is taken", clause=_CLAUSE)
                spot = (*path, disclosure.name)
                self.disclosed.append(Disclosed(spot, disclosure))
                found[disclosure.name] = self.value(disclosure.value, spot, depth + 1)
        return found

    def entries(self, value: list[Any], path: Path, depth: int) -> list[Any]:
        found: list[Any] = []
        for place, inner in enumerate(value):
            spot = (*path, place)
            if not isinstance(inner, dict) or "..." not in inner:
                found.append(self.value(inner, spot, depth + 1) if type(inner) in _PARTS else inner)
                continue
            if len(inner) != 1:
                raise Malformed("...", "the digest of an entry stands alone", clause=_CLAUSE)
            disclosure = self.take(inner["..."], spot, is_member=False)
            if disclosure is not None:
                self.disclosed.append(Disclosed(spot, disclosure))
                found.append(self.value(disclosure.value, spot, depth + 1))
        return found

    def take(self, digest: Any, path: Path, *, is_member: bool) -> Disclosure | None:
        """The disclosure of a digest; each digest is met once, whether something is shown for it or not."""
        if not isinstance(digest, str):
            raise Malformed("_sd", "a digest is a text", clause=_CLAUSE)
        if digest in self.seen:
            raise Malformed("_sd", "a digest is there twice", clause=_CLAUSE)
        self.seen.add(digest)
        disclosure = self.waiting.pop(digest, None)
        if disclosure is None:
            self.kept_back.append(path)
        elif (disclosure.name is not None) is not is_member:
            raise Malformed("", "a disclosure has the wrong number of parts for its place", clause=_CLAUSE)
        return disclosure


def _digests(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise Malformed("_sd", "this must be a list of digests", clause=_CLAUSE)
    return value
