"""Presenting: a holder shows records, signed with the holder's key, to one who asked and in answer to a question."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from testamur.credentials import check_rules
from testamur.errors import Malformed, Unsupported
from testamur.jsontext import Json, parse_object, write_json
from testamur.keys import LocalSigner, PrivateKey, Signer, VerificationMethod
from testamur.proofs import (
    DataIntegrity,
    Format,
    SecuredDocument,
    VpCose,
    VpJwt,
    VpSdJwt,
    bind,
    confirmed_key,
    envelope,
    parse_jws,
    parse_sd_jwt,
    suite_for,
)

KEY_BINDING = "sd-jwt"
"""An SD-JWT shown as it is, with its holder's signature at its end; all other forms are presentations."""

_CONTEXT = "https://www.w3.org/ns/credentials/v2"
_MAX_RECORDS = 64


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom a presentation is made for, and in answer to what."""

    domain: str = ""  # ``domain`` of a proof, ``aud`` of a token
    challenge: str = ""  # ``challenge`` of a proof, ``nonce`` of a token


def _data_integrity(signer: Signer, asked: Asked) -> Format:
    domain = (asked.domain,) if asked.domain else ()
    suite = suite_for(signer.public_key)
    return DataIntegrity(suite, "authentication", domain=domain, challenge=asked.challenge)


def _vp_jwt(signer: Signer, asked: Asked) -> Format:
    return VpJwt(asked.domain, asked.challenge)


def _vp_cose(signer: Signer, asked: Asked) -> Format:
    return VpCose(asked.domain, asked.challenge)


def _vp_sd_jwt(signer: Signer, asked: Asked) -> Format:
    return VpSdJwt(asked.domain, asked.challenge)


PRESENTATION_FORMS: Mapping[str, Callable[[Signer, Asked], Format]] = {
    "ldp_vp": _data_integrity,
    "vp+jwt": _vp_jwt,
    "vp+cose": _vp_cose,
    "vp+sd-jwt": _vp_sd_jwt,
}
"""How a presentation is secured, by the name of its format."""


def holder_signer(private_key: PrivateKey) -> LocalSigner:
    """The signer of a holder who is named by the key itself (did:key)."""
    name = private_key.public_key.multikey
    return LocalSigner(private_key, f"did:key:{name}#{name}")


def present(
    records: Sequence[SecuredDocument],
    signer: Signer,
    *,
    form: str = "",
    asked: Asked | None = None,
    at: datetime,
) -> SecuredDocument:
    """The records shown by the holder whose key signs; raises Malformed, Unsupported.

    Without a ``form`` the one that fits: an SD-JWT that names its holder's key is bound to the question, records
    with proofs inside go into an ``ldp_vp``, and tokens into a ``vp+jwt``. Each record keeps its text.
    """
    asked = asked or Asked()
    if not 0 < len(records) <= _MAX_RECORDS or any(record.is_presentation for record in records):
        raise Malformed("", f"1 to {_MAX_RECORDS} records are presented, and no presentations")
    form = form or fitting_form(records, signer)
    if form == KEY_BINDING:
        return _bound(records, signer, asked, at)
    if form not in PRESENTATION_FORMS:
        known = ", ".join((*PRESENTATION_FORMS, KEY_BINDING))
        raise Unsupported(f"presentations of the form {form!r:.40} are not known; known are {known}")
    document = _presentation([_held(record, form) for record in records], signer)
    return PRESENTATION_FORMS[form](signer, asked).secure(write_json(document), signer, at=at)


def fitting_form(records: Sequence[SecuredDocument], signer: Signer) -> str:
    """The form in which these records can be shown."""
    if len(records) == 1 and _names_key(records[0], signer):
        return KEY_BINDING
    return "ldp_vp" if any(record.format == "ldp_vc" for record in records) else "vp+jwt"


def _names_key(record: SecuredDocument, signer: Signer) -> bool:
    """Whether a record is an SD-JWT whose issuer named this key as the holder's."""
    try:
        return record.format.endswith("+sd-jwt") and _confirmed(record, signer)
    except (Malformed, Unsupported):
        return False


def _confirmed(record: SecuredDocument, signer: Signer) -> bool:
    def only_own(url: str, purpose: str, at: datetime | None) -> VerificationMethod:
        if url == signer.verification_method:
            return VerificationMethod(url, url.partition("#")[0], signer.public_key)
        raise Unsupported(f"the holder's key is {url:.120}, which is not the one at hand")

    payload = parse_object(parse_jws(parse_sd_jwt(record.text).token).payload)
    return confirmed_key(payload, only_own, None).public_key == signer.public_key


def _bound(records: Sequence[SecuredDocument], signer: Signer, asked: Asked, at: datetime) -> SecuredDocument:
    if len(records) != 1 or not records[0].format.endswith("+sd-jwt"):
        raise Malformed("", "a key binding is put on one SD-JWT; show several records as a presentation")
    if not (asked.domain and asked.challenge):
        raise Malformed("", "a key binding needs to know who asks (domain) and what was asked (challenge)")
    record = records[0]
    parts = parse_sd_jwt(record.text)
    if parts.key_binding:
        raise Malformed("", "it is bound to a question already; present it as it came from its issuer")
    if not _confirmed(record, signer):
        raise Malformed("cnf", "its issuer named another key as the holder's", clause="RFC 9901 §4.3")
    payload = parse_object(parse_jws(parts.token).payload)
    shown = bind(parts, payload, signer, audience=asked.domain, nonce=asked.challenge, at=at)
    return SecuredDocument(shown.text, record.media_type, record.format, record.claims)


def _held(record: SecuredDocument, form: str) -> Json:
    """A record as it stands in a presentation: embedded with its proof, or in an envelope."""
    if record.format == "ldp_vc":
        if form != "ldp_vp":
            raise Malformed("", f"a record with its proof inside goes into an ldp_vp, not into a {form}")
        return parse_object(record.text)
    if record.format not in ("vc+jwt", "vc+sd-jwt", "vc+cose"):
        raise Malformed("", f"a {record.format} record has no place in a presentation of the W3C's")
    return envelope(record)


def _presentation(held: list[Json], signer: Signer) -> Json:
    document: Json = {
        "@context": [_CONTEXT],
        "id": f"urn:uuid:{uuid4()}",
        "type": ["VerifiablePresentation"],
        "holder": signer.verification_method.partition("#")[0],
        "verifiableCredential": held,
    }
    if broken := check_rules(document):
        raise broken[0]
    return document
