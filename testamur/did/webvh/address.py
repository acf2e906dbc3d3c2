"""What a did:webvh spells out: the hash of its history's beginning, and where the log lies (did:webvh, DID to HTTPS)."""

from __future__ import annotations

import re

from testamur.did.syntax import INVALID_DID, check_did
from testamur.did.web_address import did_web_url
from testamur.encoding import BASE58
from testamur.errors import Malformed

PREFIX = "did:webvh:"
_SCID = re.compile(rf"Qm[{BASE58}]{{44}}")  # a multihash of SHA-256 in base58btc


def scid_of(did: str) -> str:
    """Return the self-certifying identifier; raises Malformed where there is none or the place may not be."""
    log_url(did)
    return did.split(":", 3)[2]


def log_url(did: str) -> str:
    """Return the https address of the log; raises Malformed for hosts and paths that may not be."""
    address = did_web_url(parallel_web(did))
    scid = did.split(":", 3)[2]
    if _SCID.fullmatch(scid) is None:
        raise _broken(did, f"{scid!r:.60} is not the hash of a first log entry")
    return f"{address.removesuffix('did.json')}did.jsonl"


def witness_url(did: str) -> str:
    """Return the https address of the proofs of witnesses, beside the log."""
    return f"{log_url(did).removesuffix('did.jsonl')}did-witness.json"


def files_url(did: str) -> str:
    """Return the address that paths of the DID start from (did:webvh, DID URL Resolution), with a slash at its end."""
    return log_url(did).removesuffix("did.jsonl").removesuffix(".well-known/")


def parallel_web(did: str) -> str:
    """Return the did:web at the same place (did:webvh, Parallel did:web)."""
    parts = check_did(did).split(":", 3)
    if not did.startswith(PREFIX) or len(parts) < 4:
        raise _broken(did, "it is not a did:webvh with a host")
    return f"did:web:{parts[3]}"


def same_history(one: str, other: str) -> bool:
    """Whether two names are those of one history: did:webvh with the same SCID."""
    return (
        one.startswith(PREFIX) and other.startswith(PREFIX) and one.split(":", 3)[2] == other.split(":", 3)[2]
    )


def _broken(did: str, why: str) -> Malformed:
    return Malformed(
        "",
        f"{did!r:.80} cannot be resolved: {why}",
        clause="did:webvh, Method-Specific Identifier",
        problem=INVALID_DID,
    )
