"""One entry of a log: a version of the document, chained to the one before by its hash (did:webvh, DID Log File)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from testamur.canonical import jcs
from testamur.encoding import encode_base58
from testamur.errors import Malformed
from testamur.jsontext import Json, parse_object, write_json
from testamur.times import parse_instant

MAX_ENTRY = 1_000_000
_MAX_DEPTH = 32
_MEMBERS = frozenset(("versionId", "versionTime", "parameters", "state", "proof"))
_VERSION_ID = re.compile(r"([1-9][0-9]{0,6})-(Qm[1-9A-HJ-NP-Za-km-z]{44})")
PLACEHOLDER = "{SCID}"


@dataclass(frozen=True, slots=True)
class LogEntry:
    """An entry as it was read; whether it belongs where it stands is asked elsewhere."""

    version_id: str  # "3-Qm…"
    number: int
    hash: str
    time: datetime
    parameters: Json
    state: Json
    proofs: tuple[object, ...]
    signed: Json  # all members but the proofs

    @classmethod
    def parse(cls, line: str | bytes) -> LogEntry:
        """Return the entry of one line of a log; raises Malformed."""
        members = parse_object(line, max_bytes=MAX_ENTRY, max_depth=_MAX_DEPTH)
        if members.keys() != _MEMBERS:
            named = sorted(members.keys() ^ _MEMBERS)
            raise _broken("", f"{', '.join(named):.80} should not be missing or be there")
        version_id, time = members["versionId"], members["versionTime"]
        match = _VERSION_ID.fullmatch(version_id) if isinstance(version_id, str) else None
        if match is None:
            raise _broken("versionId", f"{version_id!r:.60} is not a number, a dash and a hash")
        if not isinstance(time, str) or not time.endswith("Z"):
            raise _broken("versionTime", f"{time!r:.40} is not a time in UTC")
        for name in ("parameters", "state"):
            if not isinstance(members[name], dict):
                raise _broken(name, "it must be an object")
        proofs = members.pop("proof")
        return cls(
            version_id=match[0],
            number=int(match[1]),
            hash=match[2],
            time=parse_instant(time, "versionTime"),
            parameters=members["parameters"],
            state=members["state"],
            proofs=tuple(proofs) if isinstance(proofs, list) else (proofs,),
            signed=members,
        )

    @property
    def did(self) -> str:
        """The name the document has in this version."""
        name = self.state.get("id")
        return name if isinstance(name, str) else ""


def entry_hash(signed: Json, previous: str) -> str:
    """Return the hash of an entry that follows ``previous``: a versionId, or the SCID (did:webvh, Entry Hash)."""
    return digest(jcs(signed | {"versionId": previous}))


def scid_hash(signed: Json, scid: str) -> str:
    """Return what the SCID of a first entry must be, its own text being replaced (did:webvh, SCID)."""
    text = write_json(signed | {"versionId": PLACEHOLDER}).replace(scid, PLACEHOLDER)
    return digest(jcs(parse_object(text)))


def key_hash(multikey: str) -> str:
    """Return the hash by which a future update key is announced (did:webvh, Pre-Rotation)."""
    return digest(multikey.encode("utf-8"))


def write_line(signed: Json, proofs: list[Json]) -> str:
    """Return the line of an entry, its end included."""
    return write_json(signed | {"proof": proofs}) + "\n"


def digest(data: bytes) -> str:
    """Return the SHA-256 multihash of some bytes in base58btc, without a multibase prefix."""
    return encode_base58(b"\x12\x20" + sha256(data).digest())


def _broken(path: str, why: str) -> Malformed:
    return Malformed(path, why, clause="did:webvh, DID Log File")
