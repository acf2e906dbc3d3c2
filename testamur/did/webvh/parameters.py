"""The parameters of a log: who may update it, who must witness it, whether it may move (did:webvh, Parameters)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from testamur.did.webvh.entry import key_hash
from testamur.errors import Malformed
from testamur.jsontext import Json

METHOD = "did:webvh:1.0"
DEFAULT_TTL = 3600
_MAX_LISTED = 100
_MAX_TTL = 2**31
_DEFAULTS: Json = {"updateKeys": [], "nextKeyHashes": [], "witness": {}, "watchers": [], "ttl": DEFAULT_TTL}
_NAMES = frozenset((*_DEFAULTS, "method", "scid", "portable", "deactivated"))


@dataclass(frozen=True, slots=True)
class Witnesses:
    """Who witnesses, as did:key, and how many of them must approve; nobody where ``threshold`` is 0."""

    threshold: int = 0
    ids: tuple[str, ...] = ()

    @property
    def written(self) -> Json:
        """As the parameter has it."""
        if not self.threshold:
            return {}
        return {"threshold": self.threshold, "witnesses": [{"id": name} for name in self.ids]}


@dataclass(frozen=True, slots=True)
class Parameters:
    """What holds from one entry on."""

    scid: str
    update_keys: tuple[str, ...]  # multikeys
    next_key_hashes: tuple[str, ...] = ()  # not empty: pre-rotation is active
    witness: Witnesses = Witnesses()
    watchers: tuple[str, ...] = ()
    portable: bool = False
    deactivated: bool = False
    ttl: int = DEFAULT_TTL  # seconds


def first_parameters(written: Json) -> Parameters:
    """Return the parameters of a first entry; raises Malformed."""
    values = _checked(written)
    for name in ("method", "scid", "updateKeys"):
        if name not in values:
            raise _broken(name, "the first entry must have it")
    if not isinstance(values["scid"], str):
        raise _broken("scid", "it must be a text")
    return _changed(Parameters(values["scid"], ()), values)


def later_parameters(before: Parameters, written: Json) -> Parameters:
    """Return the parameters from a later entry on; raises Malformed where it may not change them so."""
    if before.deactivated:
        raise _broken("deactivated", "an entry follows the one that ended it")
    values = _checked(written)
    if "scid" in values:
        raise _broken("scid", "only the first entry has it")
    if values.get("portable") is True and not before.portable:
        raise _broken("portable", "only the first entry can allow it")
    if before.next_key_hashes:
        _check_announced(before, values)
    return _changed(before, values)


def signers(before: Parameters | None, now: Parameters) -> tuple[str, ...]:
    """Return the multikeys that may sign the entry which brought ``now`` about (did:webvh, Authorized Keys)."""
    return now.update_keys if before is None or before.next_key_hashes else before.update_keys


def witnesses_of(before: Parameters | None, now: Parameters) -> Witnesses:
    """Return who must have witnessed the entry that brought ``now`` about (did:webvh, Witnesses)."""
    return before.witness if before is not None and before.witness.threshold else now.witness


def _check_announced(before: Parameters, values: Json) -> None:
    """Under pre-rotation every new key was announced by its hash, and the next ones are (did:webvh, Pre-Rotation)."""
    for name in ("updateKeys", "nextKeyHashes"):
        if name not in values:
            raise _broken(name, "it must be in every entry while keys are announced ahead")
    for multikey in values["updateKeys"]:
        if key_hash(multikey) not in before.next_key_hashes:
            raise _broken("updateKeys", f"{multikey:.60} was not announced by the entry before")


def _checked(written: Json) -> Json:
    """The parameters with ``null`` read as the default, as the method asks resolvers to."""
    unknown = sorted(written.keys() - _NAMES)
    if unknown:
        raise _broken(unknown[0][:60], "there is no such parameter")
    values = {
        name: _DEFAULTS[name] if value is None and name in _DEFAULTS else value
        for name, value in written.items()
    }
    if "method" in values and values["method"] != METHOD:
        raise _broken("method", f"{values['method']!r:.60} is not supported; {METHOD} is")
    for name in ("portable", "deactivated"):
        if name in values and not isinstance(values[name], bool):
            raise _broken(name, "it must be true or false")
    for name in ("updateKeys", "nextKeyHashes", "watchers"):
        _check_texts(name, values.get(name, []))
    ttl = values.get("ttl", DEFAULT_TTL)
    if isinstance(ttl, bool) or not isinstance(ttl, int) or not 0 <= ttl <= _MAX_TTL:
        raise _broken("ttl", f"{ttl!r:.40} is no number of seconds")
    return values


def _changed(before: Parameters, values: Json) -> Parameters:
    return replace(
        before,
        update_keys=tuple(values.get("updateKeys", before.update_keys)),
        next_key_hashes=tuple(values.get("nextKeyHashes", before.next_key_hashes)),
        witness=_witnesses(values["witness"]) if "witness" in values else before.witness,
        watchers=tuple(values.get("watchers", before.watchers)),
        portable=values.get("portable", before.portable),
        deactivated=values.get("deactivated", before.deactivated),
        ttl=values.get("ttl", before.ttl),
    )


def _witnesses(written: Any) -> Witnesses:
    if written == {}:
        return Witnesses()
    if not isinstance(written, dict) or not isinstance(written.get("witnesses"), list):
        raise _broken("witness", "it must be an object with a threshold and witnesses")
    ids = [each.get("id") if isinstance(each, dict) else None for each in written["witnesses"]]
    if not ids or len(ids) > _MAX_LISTED:
        raise _broken("witness", f"{len(ids)} witnesses are none or too many")
    if not all(isinstance(name, str) and name.startswith("did:key:z") for name in ids):
        raise _broken("witness", "a witness must be a did:key")
    if len(set(ids)) != len(ids):
        raise _broken("witness", "a witness stands there twice")
    threshold = written.get("threshold")
    if isinstance(threshold, bool) or not isinstance(threshold, int) or not 1 <= threshold <= len(ids):
        raise _broken("witness", f"a threshold of {threshold!r:.20} does not fit {len(ids)} witnesses")
    return Witnesses(threshold, tuple(map(str, ids)))


def _check_texts(name: str, value: Any) -> None:
    if not isinstance(value, list) or len(value) > _MAX_LISTED:
        raise _broken(name, f"it must be a list of no more than {_MAX_LISTED}")
    if not all(isinstance(each, str) and len(each) <= 2048 for each in value):
        raise _broken(name, "it must be a list of texts")


def _broken(name: str, why: str) -> Malformed:
    return Malformed(f"parameters.{name}", why, clause="did:webvh, Parameters")
