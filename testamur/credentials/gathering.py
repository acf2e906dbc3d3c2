"""Issued badges gathered into one learner record, each as it was signed (CLR §B.1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from testamur.credentials.clauses import V2
from testamur.credentials.clr import CLR_CONTEXT, CLR_TYPE
from testamur.credentials.clr_parts import is_about_learner
from testamur.credentials.facts import facts
from testamur.credentials.members import first, identifier, objects
from testamur.credentials.template_fill import CONTEXTS, present
from testamur.errors import Malformed
from testamur.jsontext import Json
from testamur.times import write_instant


def gather(
    held: Sequence[Json],
    documents: Sequence[Json],
    *,
    title: str,
    issuer_id: str,
    issuer_name: str,
    issuer_url: str,
    record_id: str,
    at: datetime,
) -> Json:
    """The unsecured record that holds these credentials; raises Malformed where they are not about one person.

    ``held`` is how each stands in the record (an object with its proof, or an envelope), ``documents`` what
    each says. The learner is named as the first of them names its holder.
    """
    record = present(
        {
            "@context": [V2, CLR_CONTEXT, CONTEXTS[1]],
            "id": record_id,
            "type": ["VerifiableCredential", CLR_TYPE],
            "issuer": present({"id": issuer_id, "type": ["Profile"], "name": issuer_name, "url": issuer_url}),
            "validFrom": write_instant(at),
            "awardedDate": write_instant(at),
            "name": title,
            "credentialSubject": present(
                {
                    "id": _only_id(documents),
                    "type": ["ClrSubject"],
                    "identifier": _identifiers(documents),
                    "verifiableCredential": list(held),
                }
            ),
        }
    )
    for number, document in enumerate(documents, 1):
        if is_about_learner(document, record) is not True:
            whose = facts(document).holder or "somebody who is not named"
            raise Malformed(
                "", f"credential {number} is about {whose:.80}, not about the same person as the first"
            )
    return record


def _only_id(documents: Sequence[Json]) -> str:
    return identifier(first(documents[0].get("credentialSubject"))) if documents else ""


def _identifiers(documents: Sequence[Json]) -> list[Any]:
    """Those of the first badge, which anybody who has one of the others can compare."""
    return objects(first(documents[0].get("credentialSubject")).get("identifier")) if documents else []
