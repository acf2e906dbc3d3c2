"""Writing a log: its first entry, which gives the DID its name, and each one after (did:webvh, Create, Update)."""

from __future__ import annotations

from datetime import datetime

from testamur.canonical import jcs
from testamur.did.webvh.entry import PLACEHOLDER, digest, entry_hash, key_hash, write_line
from testamur.did.webvh.history import History, read_log
from testamur.did.webvh.parameters import METHOD
from testamur.did.webvh.proving import prove
from testamur.jsontext import Json, parse_object, write_json
from testamur.keys import PublicKey, Signer
from testamur.times import write_instant


def unnamed(web: str) -> str:
    """Return the name a did:webvh has before its first entry is hashed, from the did:web of the same place."""
    return web.replace("did:web:", f"did:webvh:{PLACEHOLDER}:", 1)


def begin_log(
    state: Json, signer: Signer, *, following: PublicKey | None = None, portable: bool = True, at: datetime
) -> str:
    """Return the first line of a log; ``state`` is the document under its ``unnamed`` DID.

    ``following`` announces the key of the next entry by its hash (pre-rotation). Raises Malformed where
    the document has no such id, KeyNotAuthorized unless the signer's key is Ed25519.
    """
    parameters: Json = {"method": METHOD, "scid": PLACEHOLDER, "updateKeys": [signer.public_key.multikey]}
    parameters |= {"nextKeyHashes": [key_hash(following.multikey)]} if following else {}
    parameters |= {"portable": True} if portable else {}
    members: Json = {
        "versionId": PLACEHOLDER,
        "versionTime": write_instant(at),
        "parameters": parameters,
        "state": state,
    }
    scid = digest(jcs(members))
    signed = parse_object(write_json(members).replace(PLACEHOLDER, scid))
    signed["versionId"] = f"1-{entry_hash(signed, scid)}"
    line = write_line(signed, [prove(signed, signer, at=at)])
    read_log(line.encode("utf-8"), str(signed["state"]["id"]), at)
    return line


def continue_log(
    log: bytes,
    history: History,
    state: Json,
    signer: Signer,
    *,
    following: PublicKey | None = None,
    parameters: Json | None = None,
    at: datetime,
) -> bytes:
    """Return the log with one more entry, checked as a whole; raises Malformed, Refused where it may not be.

    Under pre-rotation the signer's key is the one announced before, and ``following`` announces the next;
    without it pre-rotation ends with this entry.
    """
    before = history.newest
    changes = dict(parameters or {})
    if before.parameters.next_key_hashes:
        changes |= {"updateKeys": [signer.public_key.multikey], "nextKeyHashes": []}
    if following is not None:
        changes["nextKeyHashes"] = [key_hash(following.multikey)]
    signed: Json = {
        "versionId": before.entry.version_id,
        "versionTime": write_instant(at),
        "parameters": changes,
        "state": state,
    }
    number = before.entry.number + 1
    signed["versionId"] = f"{number}-{entry_hash(signed, before.entry.version_id)}"
    whole = log + write_line(signed, [prove(signed, signer, at=at)]).encode("utf-8")
    read_log(whole, str(state.get("id")), at)
    return whole


def may_sign(history: History, key: PublicKey) -> bool:
    """Whether a key may sign the next entry of a log."""
    now = history.newest.parameters
    if now.next_key_hashes:
        return key_hash(key.multikey) in now.next_key_hashes
    return key.multikey in now.update_keys


def parallel_document(history: History) -> Json:
    """Return the did:web document of the newest version, for readers that know no histories (did:webvh, Parallel did:web)."""
    newest = history.newest
    did = newest.entry.did
    text = write_json(newest.document).replace(f"did:webvh:{newest.parameters.scid}:", "did:web:")
    document = parse_object(text)
    known = document.get("alsoKnownAs", [])
    names = dict.fromkeys([*(known if isinstance(known, list) else []), did])
    return document | {"alsoKnownAs": [name for name in names if name != document["id"]]}
