"""The forms that a record takes beside *full* and *paper*, for wallets and other systems: each is one line in a table.

The full form stays the reference. A further form says nothing that the record does not say, is signed by
the same school, and has the same place in the status lists.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from testamur.credentials import (
    NOT_IN_PART,
    StatusEntry,
    always_shown,
    disclosable,
    disclosures,
    is_badge,
    is_clr,
    record_claims,
)
from testamur.errors import Malformed, Unsupported
from testamur.jsontext import Json, parse_object, write_json
from testamur.keys import PublicKey, Signer, VerificationMethod
from testamur.pointers import write_pointer
from testamur.proofs import (
    FORMATS,
    FindKey,
    Format,
    Opened,
    Path,
    SdJwtVc,
    SecuredDocument,
    VcCose,
    VcJwt,
    VcSdJwt,
    base_format,
)
from testamur.status import token_url

TYPES = "types"
"""The folder of a school's site that describes its SD-JWT VC types."""

_PERSONAL = (
    "licenseNumber", "result", "creditsEarned", "activityStartDate", "activityEndDate", "narrative", "role", "term",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a school has settled for the further forms of one template, and what a wallet brings."""

    url: str = ""  # of the school's site, "" where it has none
    kind: str = "record"  # of the template, which names the type of its SD-JWT VCs
    type_name: str = ""  # what the template calls that type instead (``vct``)
    always_shown: tuple[str, ...] | None = None  # places that no holder keeps back; None: as the form has it
    x5c: tuple[str, ...] = ()  # certificates of its key, where a dc+sd-jwt names its issuer by them (HAIP)
    holder_key: PublicKey | None = None  # of the wallet: what it shows can then be bound to whoever asks

    @property
    def vct(self) -> str:
        """The type of its SD-JWT VCs: the template's own, else an address of the school's site, or a name."""
        own = f"{self.url}/{TYPES}/{self.kind}.json" if self.url else f"urn:testamur:{self.kind}"
        return self.type_name or own

    def names(self, did: str) -> bool:
        """Whether this DID is that of the site's root, so that the site's address names the school as well."""
        return bool(self.url) and did == f"did:web:{self.url.removeprefix('https://')}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Making(Terms):
    """The same with who signs a record for a wallet, and when."""

    signer: Signer
    at: datetime


Prepare = Callable[[Json, Terms, str], tuple[Json, Format]]
"""What a form says of a record that the key of this URL signs, and how it is secured."""


@dataclass(frozen=True, slots=True)
class TokenForm:
    """A form that is a token: the record is put into its claims, then signed. It is a ``Format``."""

    name: str
    prepare: Prepare
    terms: Terms

    def secure(self, text: str, signer: Signer, *, at: datetime) -> SecuredDocument:
        """The record, whose full form this text is, as a token; raises Malformed, Unsupported."""
        document = {name: value for name, value in parse_object(text).items() if name != "proof"}
        claims, form = self.prepare(document, self.terms, signer.verification_method)
        return form.secure(write_json(claims), signer, at=at)

    def open(self, document: SecuredDocument, find_key: FindKey) -> Opened:
        """The token with its signatures looked at; the school's site stands for its DID."""
        site, did = self.terms.url, f"did:web:{self.terms.url.removeprefix('https://')}"

        def find(url: str, purpose: str, at: datetime | None) -> VerificationMethod:
            own, sign, key = url.partition("#")
            return find_key(f"{did}{sign}{key}" if site and own == site else url, purpose, at)

        return FORMATS[document.format].open(document, find)


def _vc_jwt(document: Json, terms: Terms, key: str) -> tuple[Json, Format]:
    return document, VcJwt()


def _vc_cose(document: Json, terms: Terms, key: str) -> tuple[Json, Format]:
    return document, VcCose()


def _jwt_vc_json(document: Json, terms: Terms, key: str) -> tuple[Json, Format]:
    """OpenID4VCI's dialect: a badge as Open Badges has it, any other record as VCDM 1.1 had it."""
    return document, FORMATS["ob_jwt" if is_badge(document) else "jwt_vc_json"]


def _vc_sd_jwt(document: Json, terms: Terms, key: str) -> tuple[Json, Format]:
    _check_not_held(document)
    paths = personal_paths(document, terms.always_shown or ())
    return document, VcSdJwt(disclosable=paths, holder_key=terms.holder_key)


def _dc_sd_jwt(document: Json, terms: Terms, key: str) -> tuple[Json, Format]:
    """The issuer is the school's site where that is its DID too, since draft 19 knows no DIDs."""
    _check_not_held(document)
    did, _, name = key.partition("#")
    by_site = terms.names(did)
    iss = terms.url if by_site else did
    claims = record_claims(document, vct=terms.vct, iss=iss, status=_status(document))
    paths = disclosable(claims, terms.always_shown or ())
    return claims, SdJwtVc(
        disclosable=paths, holder_key=terms.holder_key, kid=name if by_site else "", x5c=terms.x5c
    )


def _check_not_held(document: Json) -> None:
    """Refuse a learner record: what it holds names the learner again, and has no place among plain claims."""
    if is_clr(document):
        raise Unsupported(f"a learner record has no such form: {NOT_IN_PART}")


def _base(name: str, terms: Terms) -> Format:
    return base_format(name, partial(always_shown, places=terms.always_shown))


def _token(name: str, prepare: Prepare, terms: Terms) -> Format:
    return TokenForm(name, prepare, terms)


@dataclass(frozen=True, slots=True)
class FurtherForm:
    """How a form is made once its terms are known, and what it needs."""

    make: Callable[[Terms], Format]
    suffix: str  # of its files
    algorithm: str = ""  # of the key that signs it; "": the key that signs diplomas


FURTHER_FORMS: Mapping[str, FurtherForm] = {
    "ecdsa-sd-2023": FurtherForm(partial(_base, "ecdsa-sd-2023"), "ecdsa-sd-2023.json", "P-256"),
    "bbs-2023": FurtherForm(partial(_base, "bbs-2023"), "bbs-2023.json", "BLS12-381"),
    "dc+sd-jwt": FurtherForm(partial(_token, "dc+sd-jwt", _dc_sd_jwt), "dc.sd-jwt"),
    "vc+sd-jwt": FurtherForm(partial(_token, "vc+sd-jwt", _vc_sd_jwt), "vc.sd-jwt"),
    "vc+jwt": FurtherForm(partial(_token, "vc+jwt", _vc_jwt), "vc.jwt"),
    "vc+cose": FurtherForm(partial(_token, "vc+cose", _vc_cose), "vc.cose"),
    "jwt_vc_json": FurtherForm(partial(_token, "jwt_vc_json", _jwt_vc_json), "vc1.jwt"),
}
"""The forms a record takes beside full and paper, by the names their standards give them."""


def further_form(name: str) -> FurtherForm:
    """The form of this name; raises Unsupported."""
    if name not in FURTHER_FORMS:
        raise Unsupported(f"{name!r:.40} is no form of a record; forms are {', '.join(FURTHER_FORMS)}")
    return FURTHER_FORMS[name]


def make_form(name: str, document: Json, making: Making) -> SecuredDocument:
    """The record in a form; ``document`` is its full form without proofs. Raises Malformed, Unsupported."""
    return further_form(name).make(making).secure(write_json(document), making.signer, at=making.at)


def file_of(format_name: str, text: str) -> bytes:
    """A signed form as the file that goes out: COSE is bytes, anything else a line of text."""
    return base64.b64decode(text) if format_name.endswith("+cose") else f"{text}\n".encode()


def personal_paths(document: Json, places: tuple[str, ...] = ()) -> tuple[Path, ...]:
    """What the holder of a badge may keep back: names and numbers one by one, results, days of study.

    Not what stands in these places. The ``id`` of the holder stays: Open Badges wants a holder named in some
    way (OB §B.1.5).
    """
    subject: Any = document.get("credentialSubject")
    if not isinstance(subject, dict):
        raise Malformed("credentialSubject", "only a record about one person can be shown in part")
    shown = {pointer for each in disclosures(document) if each.place in places for pointer in each.pointers}
    names = [name for name in _PERSONAL if name in subject and name != "result"]
    found: list[Path] = [("credentialSubject", name) for name in names]
    results = _entries(subject, "result")
    are_apart = any(write_pointer(path) in shown for path in results)
    found += results if are_apart else [("credentialSubject", "result")] * ("result" in subject)
    found += _entries(subject, "identifier")
    return tuple(path for path in found if write_pointer(path) not in shown)


def _entries(subject: Json, name: str) -> list[Path]:
    value = subject.get(name)
    count = len(value) if isinstance(value, list) else 0
    return [("credentialSubject", name, place) for place in range(count)]


def _status(document: Json) -> Json | None:
    """The ``status`` claim for the place that a record has in the list of what was revoked."""
    entries = document.get("credentialStatus", [])
    for entry in map(StatusEntry.parse, entries if isinstance(entries, list) else [entries]):
        if entry.purpose == "revocation" and entry.index >= 0:
            return {"status_list": {"idx": entry.index, "uri": token_url(entry.list_url, "jwt")}}
    return None
