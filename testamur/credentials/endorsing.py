"""Endorsements in a record: what a third party says of it, of its achievement or of its issuer (OB §B.5)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from testamur.credentials.members import first, identifier, objects, text, types, values
from testamur.credentials.template_fill import CONTEXTS, present
from testamur.errors import Malformed
from testamur.jsontext import Json
from testamur.times import write_instant

ENDORSEMENT = "EndorsementCredential"


def endorsements_in(document: Json) -> list[tuple[str, Any]]:
    """Every endorsement of a record with the id of what it stands at; those inside endorsements are not looked at."""
    if ENDORSEMENT in types(document):
        return []
    achievements = [
        first(subject.get("achievement")) for subject in objects(document.get("credentialSubject"))
    ]
    found: list[tuple[str, Any]] = []
    for place in (document, first(document.get("issuer")), *achievements):
        for member in ("endorsement", "endorsementJwt"):
            if member in place:
                found += [(identifier(place), item) for item in values(place[member])]
    return found


def endorses(endorsement: Json, endorsed: str) -> bool:
    """Whether this is an endorsement, and about the thing of this id."""
    subject = identifier(first(endorsement.get("credentialSubject")))
    return ENDORSEMENT in types(endorsement) and bool(endorsed) and subject == endorsed


def comment_of(endorsement: Json) -> str:
    """What the endorser says, "" where nothing is said."""
    return text(first(endorsement.get("credentialSubject")).get("endorsementComment"))


def endorsement_of(
    document: Json,
    comment: str,
    *,
    of: str,
    issuer_id: str,
    issuer_name: str,
    issuer_url: str,
    record_id: str,
    at: datetime,
) -> Json:
    """The unsigned endorsement of a record, its achievement or its issuer (``of``); raises Malformed where that has no id."""
    subject = first(document.get("credentialSubject"))
    things = {
        "record": document,
        "achievement": first(subject.get("achievement")),
        "issuer": document.get("issuer"),
    }
    endorsed = identifier(things[of])
    if not endorsed:
        raise Malformed("", f"the {of} has no id, so nothing can be said of it")
    named = text(first(things[of]).get("name")) or text(document.get("name")) or endorsed
    return present(
        {
            "@context": list(CONTEXTS),
            "id": record_id,
            "type": ["VerifiableCredential", ENDORSEMENT],
            "issuer": present({"id": issuer_id, "type": ["Profile"], "name": issuer_name, "url": issuer_url}),
            "validFrom": write_instant(at),
            "name": f"Endorsement of {named}"[:400],
            "credentialSubject": {
                "id": endorsed,
                "type": ["EndorsementSubject"],
                "endorsementComment": comment,
            },
        }
    )
