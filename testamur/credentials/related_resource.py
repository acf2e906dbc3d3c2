"""Related resources: what a credential says the bytes behind a URL must be (VCDM §5.3)."""

from __future__ import annotations

import re

from testamur.credentials.findings import Findings, each, join, quoted
from testamur.credentials.members import is_url
from testamur.encoding import digest_matches
from testamur.errors import EvidenceUnusable, Malformed, Unsupported
from testamur.jsontext import Json

_CLAUSE = "VCDM §5.3"
_SRI = re.compile(r"sha(256|384|512)-[A-Za-z0-9+/]{43,86}={0,2}(\?\S*)?", re.ASCII)
_MULTIBASE = re.compile(r"[zu][A-Za-z0-9_-]{32,128}", re.ASCII)


def check_digest(resource: Json, body: bytes) -> None:
    """Hold the fetched bytes against every digest that the resource names.

    Raises EvidenceUnusable where the bytes are not those meant, Malformed where no digest can be
    read, Unsupported where only algorithms we do not have are named.
    """
    digests = _digests(resource)
    if not digests:
        raise Malformed("relatedResource", "it names no digest", clause=_CLAUSE)
    for alternatives in digests:
        if not any(_matches(digest, body) for digest in alternatives):
            name = quoted(resource.get("id"))
            raise EvidenceUnusable(f"the content of {name} is not what the credential says", clause=_CLAUSE)


def check_related(document: Json, path: str, found: Findings) -> None:
    """Each related resource has a URL of its own and at least one digest."""
    seen: set[str] = set()
    for item, spot in each(document.get("relatedResource"), join(path, "relatedResource")):
        if not isinstance(item, dict):
            found.add(spot, f"{quoted(item)} must be an object", _CLAUSE)
            continue
        name = item.get("id")
        if not isinstance(name, str) or not is_url(name):
            found.add(join(spot, "id"), f"{quoted(name)} is not one URL", _CLAUSE)
        elif name in seen:
            found.add(join(spot, "id"), f"{quoted(name)} is listed twice", _CLAUSE)
        else:
            seen.add(name)
        _check_digest_texts(item, spot, found)


def _check_digest_texts(item: Json, spot: str, found: Findings) -> None:
    if "digestSRI" not in item and "digestMultibase" not in item:
        found.add(spot, "it must have digestSRI or digestMultibase", _CLAUSE)
    for member, pattern in (("digestSRI", _SRI), ("digestMultibase", _MULTIBASE)):
        for digest, place in each(item.get(member), join(spot, member)):
            texts = digest.split() if isinstance(digest, str) else []
            if not texts or not all(pattern.fullmatch(text) for text in texts):
                found.add(place, f"{quoted(digest)} is not a digest", _CLAUSE)


def _digests(resource: Json) -> list[list[str]]:
    """The digests to hold: of each member one of the alternatives must fit (SRI §3.5 the strongest ones)."""
    found = [
        _strongest(text.split()) for text, _ in each(resource.get("digestSRI"), "") if isinstance(text, str)
    ]
    return found + [[text] for text, _ in each(resource.get("digestMultibase"), "") if isinstance(text, str)]


def _strongest(digests: list[str]) -> list[str]:
    best = max((digest[:6] for digest in digests), default="")
    return [digest.partition("?")[0] for digest in digests if digest.startswith(best)]


def _matches(digest: str, body: bytes) -> bool:
    if digest.startswith("sha512-"):
        raise Unsupported("SHA-512 digests are not supported", clause=_CLAUSE)
    return digest_matches(digest, body)
