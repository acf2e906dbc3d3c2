"""One record in the forms that wallets and other systems ask for: each is one line in a table.

The full form stays the reference. A further form says nothing that the record does not say, is signed by
the same school, and has the same place in the status lists.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from testamur.credentials import NOT_IN_PART, StatusEntry, disclosable, is_badge, is_clr, record_claims
from testamur.errors import Malformed, Unsupported
from testamur.jsontext import Json, write_json
from testamur.keys import PublicKey, Signer
from testamur.proofs import FORMATS, Path, SdJwtVc, SecuredDocument, VcCose, VcJwt, VcSdJwt
from testamur.status import token_url

TYPES = "types"
"""The folder of a school's site that describes its SD-JWT VC types."""

_PERSONAL = (
    "licenseNumber", "result", "creditsEarned", "activityStartDate", "activityEndDate", "narrative", "role", "term",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """Who signs a form, when, and what its wallet brings."""

    signer: Signer
    at: datetime
    url: str = ""  # of the school's site, "" where it has none
    kind: str = "record"  # the name of the template, which names the type
    holder_key: PublicKey | None = None  # of the wallet: what it shows can then be bound to whoever asks

    @property
    def did(self) -> str:
        """The school's DID, whose key signs."""
        return self.signer.verification_method.partition("#")[0]

    @property
    def has_site(self) -> bool:
        """Whether the school's DID is that of its site's root, so that the site's address names it as well."""
        return bool(self.url) and self.did == f"did:web:{self.url.removeprefix('https://')}"

    @property
    def vct(self) -> str:
        """The type of its SD-JWT VCs: an address of its site, or a name."""
        return f"{self.url}/{TYPES}/{self.kind}.json" if self.url else f"urn:testamur:{self.kind}"


MakeForm = Callable[[Json, Making], SecuredDocument]


def make_form(name: str, document: Json, making: Making) -> SecuredDocument:
    """The record in a form; ``document`` is its full form without proofs. Raises Malformed, Unsupported."""
    if name not in TOKEN_FORMS:
        raise Unsupported(f"{name!r:.40} is no form of a record; forms are {', '.join(TOKEN_FORMS)}")
    return TOKEN_FORMS[name]({key: value for key, value in document.items() if key != "proof"}, making)


def _vc_jwt(document: Json, making: Making) -> SecuredDocument:
    return VcJwt().secure(write_json(document), making.signer, at=making.at)


def _vc_cose(document: Json, making: Making) -> SecuredDocument:
    return VcCose().secure(write_json(document), making.signer, at=making.at)


def _jwt_vc_json(document: Json, making: Making) -> SecuredDocument:
    """OpenID4VCI's dialect: a badge as Open Badges has it, any other record as VCDM 1.1 had it."""
    form = FORMATS["ob_jwt" if is_badge(document) else "jwt_vc_json"]
    return form.secure(write_json(document), making.signer, at=making.at)


def _vc_sd_jwt(document: Json, making: Making) -> SecuredDocument:
    _check_not_held(document)
    form = VcSdJwt(disclosable=personal_paths(document), holder_key=making.holder_key)
    return form.secure(write_json(document), making.signer, at=making.at)


def _dc_sd_jwt(document: Json, making: Making) -> SecuredDocument:
    """The issuer is the school's site where that is its DID too, since draft 19 knows no DIDs."""
    _check_not_held(document)
    iss = making.url if making.has_site else making.did
    claims = record_claims(document, vct=making.vct, iss=iss, status=_status(document))
    kid = making.signer.verification_method.partition("#")[2] if making.has_site else ""
    form = SdJwtVc(disclosable=disclosable(claims), holder_key=making.holder_key, kid=kid)
    return form.secure(write_json(claims), making.signer, at=making.at)


def _check_not_held(document: Json) -> None:
    """Refuse a learner record: what it holds names the learner again, and has no place among plain claims."""
    if is_clr(document):
        raise Unsupported(f"a learner record has no such form: {NOT_IN_PART}")


TOKEN_FORMS: Mapping[str, MakeForm] = {
    "vc+jwt": _vc_jwt,
    "vc+sd-jwt": _vc_sd_jwt,
    "dc+sd-jwt": _dc_sd_jwt,
    "vc+cose": _vc_cose,
    "jwt_vc_json": _jwt_vc_json,
}
"""The forms a record takes beside Data Integrity, by the names their standards give them."""


def personal_paths(document: Json) -> tuple[Path, ...]:
    """What the holder of a badge may keep back: names and numbers one by one, results, days of study.

    The ``id`` of the holder stays: Open Badges wants a holder named in some way (OB §B.1.5).
    """
    subject: Any = document.get("credentialSubject")
    if not isinstance(subject, dict):
        raise Malformed("credentialSubject", "only a record about one person can be shown in part")
    names = subject.get("identifier", [])
    entries = names if isinstance(names, list) else []
    identifiers: list[Path] = [("credentialSubject", "identifier", place) for place in range(len(entries))]
    return (*(("credentialSubject", name) for name in _PERSONAL if name in subject), *identifiers)


def _status(document: Json) -> Json | None:
    """The ``status`` claim for the place that a record has in the list of what was revoked."""
    entries = document.get("credentialStatus", [])
    for entry in map(StatusEntry.parse, entries if isinstance(entries, list) else [entries]):
        if entry.purpose == "revocation" and entry.index >= 0:
            return {"status_list": {"idx": entry.index, "uri": token_url(entry.list_url, "jwt")}}
    return None
