"""The https address that a did:web spells out, and the did:web of an address (did:web §2.5.2)."""

from __future__ import annotations

import re
from ipaddress import ip_address

from testamur.did.syntax import INVALID_DID, check_did
from testamur.errors import EvidenceUnusable, Malformed
from testamur.fetch import Origin

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST = re.compile(rf"({_LABEL}(?:\.{_LABEL})*)(?:%3[Aa]([0-9]{{1,5}}))?")
_SEGMENT = re.compile(r"(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})+")
_HIDDEN = re.compile(r"%(?:2[ef]|5c|00|3a|25)", re.IGNORECASE)  # . / \ NUL : % in disguise


def did_web_url(did: str) -> str:
    """Return the https address of a did:web's document; raises Malformed for hosts and paths that may not be."""
    if not check_did(did).startswith("did:web:"):
        raise _broken(did, "it is not a did:web")
    first, *path = did.removeprefix("did:web:").split(":")
    match = _HOST.fullmatch(first)
    if match is None or len(match[1]) > 253 or _is_address(match[1]):
        raise _broken(did, "its host is not a host name")
    if match[2] is not None and not 0 < int(match[2]) < 65536:
        raise _broken(did, "its port is not a port")
    for segment in path:
        if not _SEGMENT.fullmatch(segment) or segment in (".", "..") or _HIDDEN.search(segment):
            raise _broken(did, "its path has a segment that may not be there")
    authority = match[1] + (f":{int(match[2])}" if match[2] else "")
    return f"https://{authority}/{'/'.join(path) or '.well-known'}/did.json"


def did_web_from_url(url: str) -> str:
    """Return the did:web that a website's address gives: https://example.edu/x is did:web:example.edu:x."""
    try:
        origin = Origin.of(url)
    except EvidenceUnusable as error:
        raise Malformed("", str(error), problem=INVALID_DID) from None
    if origin.scheme != "https" or re.search(r"[?#]", url):
        raise Malformed("", f"{url!r:.80} is not a plain https address", problem=INVALID_DID)
    path = url.partition("//")[2].partition("/")[2].strip("/")
    segments = [origin.authority.replace(":", "%3A"), *(path.split("/") if path else ())]
    did = "did:web:" + ":".join(segments)
    did_web_url(did)
    return did


def _is_address(host: str) -> bool:
    """Whether a resolver could read this host as an IP address: 127.0.0.1, but also 127.1 and 0x7f000001."""
    last = host.rpartition(".")[2].lower()
    if last.isdigit() or re.fullmatch(r"0x[0-9a-f]*", last):
        return True
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _broken(did: str, why: str) -> Malformed:
    return Malformed(
        "", f"{did!r:.80} cannot be resolved: {why}", clause="did:web §2.5.2", problem=INVALID_DID
    )
