"""Open Badges 2.0 as history: what an old assertion says, written as a badge of today that nobody signed.

Nothing of it is verified: hosted badges prove by lying at an address that may be gone, and signatures of that
age name keys that nobody lists. So it has no proof, and says in its own words that it is history.
"""

from __future__ import annotations

import re
import uuid
from typing import Any

from testamur.credentials.members import first, is_url, objects, text, types, values
from testamur.credentials.template_fill import CONTEXTS, present
from testamur.errors import Malformed
from testamur.jsontext import Json
from testamur.times import parse_instant, write_instant

HISTORY = "Taken over from an Open Badges 2.0 assertion ({id}); unverified history."
_HASH = re.compile(r"(sha256\$[0-9a-fA-F]{64}|md5\$[0-9a-fA-F]{32})")
_CONTEXTS = ("https://w3id.org/openbadges/v2", "https://w3id.org/openbadges/v1")
_KINDS = {"email": "emailAddress", "url": "identifier", "telephone": "identifier"}


def is_badge_2(document: Any) -> bool:
    """Whether a JSON document says that it is an assertion of Open Badges 2.0."""
    contexts = (
        [item for item in values(document.get("@context")) if isinstance(item, str)]
        if isinstance(document, dict)
        else []
    )
    return "Assertion" in types(document) and any(item.rstrip("/") in _CONTEXTS for item in contexts)


def linked(assertion: Json) -> list[str]:
    """The addresses that have to be looked up first: of the badge class and of its issuer."""
    badge = assertion.get("badge")
    if isinstance(badge, str):
        return [badge]
    issuer = badge.get("issuer") if isinstance(badge, dict) else None
    return [issuer] if isinstance(issuer, str) else []


def from_badge_2(assertion: Json) -> Json:
    """The unsigned badge of an assertion whose badge class and issuer stand in it; raises Malformed."""
    if not is_badge_2(assertion):
        raise Malformed("type", "this is no Open Badges 2.0 assertion")
    badge, issuer = first(assertion.get("badge")), first(first(assertion.get("badge")).get("issuer"))
    if not badge or not issuer:
        raise Malformed("badge", "the badge class and its issuer are not in the assertion")
    name = _url(assertion.get("id")) or f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, str(assertion))}"
    issued = write_instant(parse_instant(assertion.get("issuedOn"), "issuedOn"))
    until = assertion.get("expires")
    return present(
        {
            "@context": list(CONTEXTS),
            "id": name,
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "issuer": present(
                {
                    "id": _needed_url(issuer.get("id"), "badge.issuer.id"),
                    "type": ["Profile"],
                    "name": text(issuer.get("name")),
                    "url": _url(issuer.get("url")),
                }
            ),
            "validFrom": issued,
            "validUntil": write_instant(parse_instant(until, "expires")) if until else None,
            "awardedDate": issued,
            "name": text(badge.get("name")) or "Badge",
            "description": HISTORY.format(id=name),
            "credentialSubject": present(
                {
                    "type": ["AchievementSubject"],
                    "identifier": [_recipient(assertion.get("recipient"))],
                    "narrative": text(assertion.get("narrative")),
                    "achievement": _achievement(badge),
                }
            ),
            "evidence": _evidence(assertion.get("evidence")),
        }
    )


def _achievement(badge: Json) -> Json:
    criteria = badge.get("criteria")
    address = criteria if isinstance(criteria, str) else first(criteria).get("id")
    image = badge.get("image")
    picture = _url(image if isinstance(image, str) else first(image).get("id"))
    name = text(badge.get("name")) or "Badge"
    return present(
        {
            "id": _needed_url(badge.get("id"), "badge.id"),
            "type": ["Achievement"],
            "achievementType": "Badge",
            "name": name,
            "description": text(badge.get("description")) or name,
            "criteria": present({"id": _url(address), "narrative": text(first(criteria).get("narrative"))})
            or {"narrative": "The assertion names no criteria"},
            "image": {"id": picture, "type": "Image"} if picture else None,
            "tag": [tag for tag in values(badge.get("tags")) if isinstance(tag, str)],
            "alignment": [
                present(
                    {
                        "type": ["Alignment"],
                        "targetName": text(item.get("targetName")),
                        "targetUrl": _url(item.get("targetUrl")),
                        "targetFramework": text(item.get("targetFramework")),
                        "targetCode": text(item.get("targetCode")),
                    }
                )
                for item in objects(badge.get("alignment"))
                if text(item.get("targetName")) and _url(item.get("targetUrl"))
            ],
        }
    )


def _recipient(value: Any) -> Json:
    recipient = first(value)
    told, hashed = text(recipient.get("identity")), recipient.get("hashed") is True
    if not told or (hashed and not _HASH.fullmatch(told)):
        raise Malformed("recipient", "it does not say whose badge it is")
    return present(
        {
            "type": "IdentityObject",
            "identityHash": told,
            "identityType": _KINDS.get(text(recipient.get("type")), "identifier"),
            "hashed": hashed,
            "salt": text(recipient.get("salt")),
        }
    )


def _evidence(value: Any) -> list[Json]:
    found = [{"id": item} if isinstance(item, str) else item for item in values(value)]
    return [
        present(
            {
                "id": _url(item.get("id")),
                "type": ["Evidence"],
                "name": text(item.get("name")),
                "description": text(item.get("description")),
                "narrative": text(item.get("narrative")),
                "genre": text(item.get("genre")),
            }
        )
        for item in found
        if isinstance(item, dict)
    ]


def _url(value: Any) -> str:
    return value if isinstance(value, str) and is_url(value) and not value.startswith("data:") else ""


def _needed_url(value: Any, path: str) -> str:
    found = _url(value)
    if not found:
        raise Malformed(path, "it must be one URL")
    return found
