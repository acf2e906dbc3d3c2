"""Whether the witnesses of a log approved of its entries (did:webvh, Witnesses)."""

from __future__ import annotations

from collections.abc import Iterator

from testamur.did.webvh.history import History, Version
from testamur.did.webvh.proving import check_proof, proof_key
from testamur.errors import Malformed, ProofInvalid, Refused, Unsupported
from testamur.jsontext import Json, parse_json

MAX_WITNESS_FILE = 2_000_000
_MAX_LOOKED_AT = 2_000


def needs_witnesses(history: History) -> bool:
    """Whether any entry had to be witnessed, so that the file of proofs has to be fetched."""
    return any(version.witnesses.threshold for version in history.versions)


def check_witnessed(history: History, body: bytes) -> None:
    """Return if a threshold of witnesses approved of every entry that needs them; raises Malformed, Refused."""
    approved = approvals(history, read_witness_file(body))
    for version in history.versions:
        wanted = version.witnesses
        count = sum(approved.get(name, 0) >= version.entry.number for name in wanted.ids)
        if count < wanted.threshold:
            raise ProofInvalid(
                f"version {version.entry.number} has {count} of the {wanted.threshold} witnesses it needs",
                clause="did:webvh, Witnesses",
            )


def witnessed_part(history: History, body: bytes) -> History | None:
    """Return the history as far as its witnesses approve of it, None where that is nothing."""
    listed = read_witness_file(body) if body else []
    for count in range(len(history.versions), 0, -1):
        part = History(history.versions[:count], history.size)
        approved = approvals(part, listed)
        if all(_is_approved(version, approved) for version in part.versions):
            return part
    return None


def _is_approved(version: Version, approved: dict[str, int]) -> bool:
    wanted = version.witnesses
    return sum(approved.get(name, 0) >= version.entry.number for name in wanted.ids) >= wanted.threshold


def approvals(history: History, listed: list[Json]) -> dict[str, int]:
    """Return the highest version that each witness approved of, and with it all before.

    Proofs over versions that are not in the log say nothing (did:webvh, Witnesses), nor do those that do not hold.
    """
    witnesses = {name for version in history.versions for name in version.witnesses.ids}
    numbers = {version.entry.version_id: version.entry.number for version in history.versions}
    approved: dict[str, int] = {}
    for looked_at, (number, version_id, proof) in enumerate(_newest_first(listed, numbers)):
        if looked_at == _MAX_LOOKED_AT:
            break
        name = _approver(version_id, proof, witnesses - approved.keys())
        if name:
            approved[name] = number
    return approved


def read_witness_file(body: bytes) -> list[Json]:
    """Return the entries of a ``did-witness.json``; raises Malformed."""
    listed = parse_json(body, max_bytes=MAX_WITNESS_FILE, max_depth=16)
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise Malformed("", "the file of witness proofs is no list of objects", clause="did:webvh, Witnesses")
    return listed


def _newest_first(listed: list[Json], numbers: dict[str, int]) -> Iterator[tuple[int, str, object]]:
    known = [(numbers[each["versionId"]], each) for each in listed if _names(each, numbers)]
    for number, each in sorted(known, key=lambda pair: -pair[0]):
        proofs = each.get("proof", [])
        for proof in proofs if isinstance(proofs, list) else [proofs]:
            yield number, each["versionId"], proof


def _names(listed: Json, numbers: dict[str, int]) -> bool:
    return isinstance(listed.get("versionId"), str) and listed["versionId"] in numbers


def _approver(version_id: str, proof: object, awaited: set[str]) -> str:
    """The witness whose proof holds, "" where it is nobody who is awaited."""
    try:
        multikey = proof_key(proof)
        name = f"did:key:{multikey}"
        if name in awaited:
            check_proof({"versionId": version_id}, proof, multikey)
            return name
    except (Malformed, Refused, Unsupported):
        pass
    return ""
