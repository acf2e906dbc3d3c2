"""The registered claims of a JWT (RFC 7519 §4.1) beside the members of a credential or presentation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from testamur.errors import Malformed
from testamur.jsontext import Json
from testamur.times import from_epoch, parse_instant, write_instant

REGISTERED = ("iss", "sub", "aud", "exp", "nbf", "iat", "jti", "nonce")


def claim_time(claims: Json, name: str) -> datetime | None:
    """The instant of a claim; a date text is read too, as the W3C's own test tokens have it."""
    if name not in claims:
        return None
    value = claims[name]
    return parse_instant(value, name) if isinstance(value, str) else from_epoch(value, name)


def claim_text(claims: Json, name: str) -> str:
    """The text of a claim, "" where it is absent; raises Malformed on anything else."""
    value = claims.get(name, "")
    if not isinstance(value, str):
        raise Malformed(name, "this claim must be a text", clause="RFC 7519 §4.1")
    return value


def audience(claims: Json) -> tuple[str, ...]:
    """Who the token is for: one text or a list of texts."""
    value = claims.get("aud", [])
    values = value if isinstance(value, list) else [value]
    if not all(isinstance(each, str) for each in values):
        raise Malformed("aud", "this claim must be a text or a list of texts", clause="RFC 7519 §4.1.3")
    return tuple(values)


def id_of(value: Any) -> str:
    """The id of a node given as a URL or as an object; "" where it has none."""
    if isinstance(value, dict):
        value = value.get("id")
    return value if isinstance(value, str) else ""


def check_no_conflict(claims: Json, document: Json) -> None:
    """Raise Malformed where ``iss``, ``sub`` or ``jti`` say something else than the members (VC-JOSE §3.1.3)."""
    party = document.get("issuer", document.get("holder"))
    _same(claims, "iss", id_of(party))
    _same(claims, "sub", id_of(document.get("credentialSubject")))
    _same(claims, "jti", id_of(document))


def restore_credential(claims: Json, credential: Json) -> Json:
    """The credential of an older JWT with the members that its claims stand for (VCDM 1.1 §6.3.1).

    A claim fills a member that is not there; raises Malformed where the two differ.
    """
    restored = dict(credential)
    _restore_id(claims, "iss", restored, "issuer")
    _restore_text(claims, "jti", restored, "id")
    if isinstance(restored.get("credentialSubject"), dict):
        _restore_id(claims, "sub", restored, "credentialSubject")
    else:
        check_no_conflict({"sub": claims.get("sub", "")}, restored)
    first, last = "validFrom", "validUntil"
    if "https://www.w3.org/2018/credentials/v1" in _listed(credential.get("@context")):
        first, last = ("issuanceDate", "expirationDate")
    _restore_time(claims, "nbf", restored, first)
    _restore_time(claims, "exp", restored, last)
    return restored


def restore_presentation(claims: Json, presentation: Json) -> Json:
    """The presentation of an older JWT with ``holder`` and ``id`` from its claims."""
    restored = dict(presentation)
    _restore_id(claims, "iss", restored, "holder")
    _restore_text(claims, "jti", restored, "id")
    return restored


def _same(claims: Json, name: str, member: str) -> None:
    said = claim_text(claims, name)
    if said and member and said != member:
        raise Malformed(
            name, f"{said!r:.80} is not what the document says: {member!r:.80}", clause="RFC 7519 §4.1"
        )


def _restore_text(claims: Json, name: str, document: Json, member: str) -> None:
    if member in document:
        _same(claims, name, id_of(document[member]))
    elif name in claims:
        document[member] = claim_text(claims, name)


def _restore_id(claims: Json, name: str, document: Json, member: str) -> None:
    value = document.get(member)
    if isinstance(value, dict) and "id" not in value and name in claims:
        document[member] = {"id": claim_text(claims, name)} | value
    else:
        _restore_text(claims, name, document, member)


def _restore_time(claims: Json, name: str, document: Json, member: str) -> None:
    if name not in claims:
        return
    said = from_epoch(claims[name], name).replace(microsecond=0)
    if member not in document:
        document[member] = write_instant(said)
    elif parse_instant(document[member], member).replace(microsecond=0) != said:
        raise Malformed(name, f"it is not the instant that {member} gives", clause="VCDM 1.1 §6.3.1")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
