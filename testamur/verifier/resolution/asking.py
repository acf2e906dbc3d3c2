"""What a client asks: a DID or DID URL, the options, and the form it wants the answer in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qsl, unquote

from testamur.did import (
    INVALID_DID,
    INVALID_DID_URL,
    INVALID_OPTIONS,
    NO_REPRESENTATION,
    RELATIONSHIPS,
    is_did,
)
from testamur.errors import Malformed, Refused
from testamur.times import parse_instant

MAX_IDENTIFIER = 4096
RESULT = "application/did-resolution"
DEREFERENCED = "application/did-url-dereferencing"
LEGACY = 'application/ld+json;profile="https://w3id.org/did-resolution"'
DOCUMENTS = (
    "application/did",
    "application/did+json",
    "application/did+ld+json",
    "application/json",
    "application/ld+json",
)
_NUMBER = re.compile(r"[0-9]{1,7}")
_UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_REFERENCE = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*")
_URL = re.compile(
    r"(?P<did>[^/?#]*)(?P<path>/[^?#]*)?(?:\?(?P<query>[^#]*))?(?:#(?P<fragment>.*))?", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A DID, what follows it in a DID URL, and the options of resolution and dereferencing."""

    did: str
    path: str = ""
    fragment: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)  # of the DID URL itself

    @property
    def is_url(self) -> bool:
        """Whether a part of a document, or something beside it, is asked for."""
        return bool(
            self.path or self.fragment or self.parameters.keys() & {"service", "serviceType", "relativeRef"}
        )

    @property
    def version_id(self) -> str:
        """The version asked for by its id, "" where it is not."""
        return self._option("versionId")

    @property
    def version_number(self) -> int | None:
        """The version asked for by its number; raises Malformed."""
        number = self._option("versionNumber")
        if number and not _NUMBER.fullmatch(number):
            raise _option(f"versionNumber {number!r:.40} is not a number")
        return int(number) if number else None

    @property
    def version_time(self) -> datetime | None:
        """The moment whose version is asked for; raises Malformed."""
        time = self._option("versionTime")
        if time and not _UTC.fullmatch(time):
            raise _option(f"versionTime {time!r:.40} is not a time in UTC such as 2026-07-01T00:00:00Z")
        return _instant(time) if time else None

    @property
    def expands(self) -> bool:
        """Whether relative URLs in the document are to be made absolute."""
        return self._option("expandRelativeUrls").lower() == "true"

    def _option(self, name: str) -> str:
        return self.options.get(name) or self.parameters.get(name, "")


def read_identifier(raw: str, options: Mapping[str, str]) -> Asked:
    """Return what stands in the path of a request, once decoded if it was encoded; raises Malformed."""
    text = raw if raw.startswith("did:") and "%25" not in raw else unquote(raw, errors="replace")
    match = _URL.fullmatch(text)
    if len(text) > MAX_IDENTIFIER or match is None or not is_did(match["did"]):
        raise Malformed("", f"{text!r:.120} is not a DID", clause="DID §3.1", problem=INVALID_DID)
    try:
        parameters = dict(parse_qsl(match["query"] or "", max_num_fields=20))
    except ValueError:
        raise Malformed("", "the DID URL has too many parameters", problem=INVALID_DID_URL) from None
    asked = Asked(match["did"], match["path"] or "", match["fragment"] or "", options, parameters)
    for given in (parameters, options):
        _check_options(given)
    return asked


def wanted(accept: str, forms: Iterable[str]) -> str:
    """Return the first form that an Accept header takes, the most wanted first; raises Refused (RFC 9110 §12.5.1)."""
    offered = list(forms)
    if not accept.strip():
        return offered[0]
    ranges = sorted((_quality(each), each.strip()) for each in accept.split(",")[:30])
    for quality, each in reversed(ranges):
        name = each.partition(";")[0].strip().lower()
        if quality <= 0:
            continue
        if name == "application/ld+json" and "w3id.org/did-resolution" in each and LEGACY in offered:
            return LEGACY
        for form in offered:
            if name in (form, "*/*", "application/*"):
                return form
    raise Refused(
        f"none of {accept!r:.120} is offered", clause="DID Resolution §12.1", problem=NO_REPRESENTATION
    )


def _quality(part: str) -> float:
    match = re.search(r";\s*q=([0-9.]{1,5})", part)
    try:
        return float(match[1]) if match else 1.0
    except ValueError:
        return 0.0


def _check_options(options: Mapping[str, str]) -> None:
    for name, value in options.items():
        if not (name.isascii() and value.isascii()):
            raise _option(f"the option {name!r:.40} holds something else than ASCII")
    if not _REFERENCE.fullmatch(options.get("relativeRef", "")):
        raise _option("relativeRef must be percent-encoded")
    if options.get("verificationRelationship", "") not in ("", *RELATIONSHIPS):
        raise _option("there is no such verificationRelationship")


def _instant(text: str) -> datetime:
    try:
        return parse_instant(text)
    except Malformed as error:
        raise _option(f"versionTime: {error}") from None


def _option(why: str) -> Malformed:
    return Malformed("", why, clause="DID Resolution §4.1", problem=INVALID_OPTIONS)
