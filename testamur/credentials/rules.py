"""The table of record profiles, and the one question asked of every record: which clauses does it break."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from testamur.credentials.clr import CLR_TYPE, check_clr, held_at
from testamur.credentials.clr_parts import is_signed_apart
from testamur.credentials.findings import Findings, check_values, join, quoted
from testamur.credentials.members import types, values
from testamur.credentials.open_badges import BADGE_TYPES, check_badge, check_endorsement, is_badge_context
from testamur.credentials.presentations import (
    ENVELOPED_CREDENTIAL,
    ENVELOPED_PRESENTATION,
    check_envelope,
    check_presentation,
)
from testamur.credentials.sd_jwt_vc import check_sd_jwt_vc, is_sd_jwt_vc
from testamur.credentials.vcdm import check_credential
from testamur.errors import Malformed
from testamur.jsontext import Json


@dataclass(frozen=True, slots=True)
class RecordProfile:
    """A kind of record with rules of its own beside those of the data model."""

    name: str
    types: tuple[str, ...]  # any one of them marks it
    check: Callable[[Json, str, Findings], None]


PROFILES: tuple[RecordProfile, ...] = (
    RecordProfile("Open Badges 3.0", BADGE_TYPES, check_badge),
    RecordProfile("Open Badges 3.0 endorsement", ("EndorsementCredential",), check_endorsement),
    RecordProfile("Comprehensive Learner Record 2.0", (CLR_TYPE,), check_clr),
)


def check_rules(
    document: Any, profiles: tuple[RecordProfile, ...] = PROFILES, *, plain: bool = False
) -> list[Malformed]:
    """Every broken clause of a credential or presentation, with its path; at most a hundred.

    Asked of the document alone: whether its terms are defined and its proofs hold is asked elsewhere. ``plain``
    says that ``is_plain`` was asked of it and said yes.
    """
    if not isinstance(document, dict):
        return [Malformed("", f"{quoted(document)} is not a credential or presentation", clause="VCDM §6.1")]
    found = Findings()
    check_values(document, found, plain=plain)
    if found.unusable:
        return found.all
    if is_sd_jwt_vc(document):
        check_sd_jwt_vc(document, found)
    else:
        _check_record(document, "", found, profiles)
    return found.all


def profiles_of(document: Any, profiles: tuple[RecordProfile, ...] = PROFILES) -> tuple[RecordProfile, ...]:
    """The profiles whose types a document carries."""
    names = frozenset(types(document))
    return tuple([profile for profile in profiles if not names.isdisjoint(profile.types)])


def _check_record(document: Json, path: str, found: Findings, profiles: tuple[RecordProfile, ...]) -> None:
    names = types(document)
    if ENVELOPED_CREDENTIAL in names or ENVELOPED_PRESENTATION in names:
        check_envelope(document, path, found)
    elif "VerifiablePresentation" in names:
        check_presentation(
            document, path, found, lambda item, spot, kept: _check_record(item, spot, kept, profiles)
        )
    else:
        _check_credential(document, path, found, profiles)


def _check_credential(
    document: Json, path: str, found: Findings, profiles: tuple[RecordProfile, ...]
) -> None:
    check_credential(document, path, found)
    matching = profiles_of(document, profiles)
    for profile in matching:
        profile.check(document, path, found)
    for item, spot in held_at(document, path):
        if not is_signed_apart(item) and not found.full:  # what is signed apart is asked for itself
            _check_record(item, spot, found, profiles)
    if not matching and any(map(is_badge_context, values(document.get("@context"))[1:2])):
        found.add(join(path, "type"), f"an Open Badge must be one of {' or '.join(BADGE_TYPES)}", "OB §B.1")
