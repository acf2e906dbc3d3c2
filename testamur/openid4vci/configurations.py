"""The credential configurations of an issuer: every kind of record in every form that wallets take."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from testamur.credentials import RECORD_KINDS, kind_metadata
from testamur.jsontext import Json
from testamur.openid4vci.holder_keys import ALGORITHMS
from testamur.words import LANGUAGES, Sentence, Tongue, say

FORMATS = ("dc+sd-jwt", "vc+sd-jwt", "ldp_vc", "jwt_vc_json")
"""The forms a record is handed out in, the one that most wallets take first."""

_DIDS = ["did:jwk", "did:key", "did:web"]
_NAMES: Mapping[str, Sentence] = {
    "diploma": say("Diploma"),
    "badge": say("Badge"),
    "course": say("Course certificate"),
    "enrolment": say("Certificate of enrolment"),
    "licence": say("Licence"),
    "record": say("Learning record"),
    "transcript": say("Transcript"),
}
_LABELS: Mapping[str, Sentence] = {
    "Issuer": say("Issuer"),
    "Name": say("Name"),
    "Name in Latin letters": say("Name in Latin letters"),
    "Date of birth": say("Date of birth"),
    "Student number": say("Student number"),
    "Award": say("Award"),
    "Field of study": say("Field of study"),
    "Specialization": say("Specialization"),
    "Awarded on": say("Awarded on"),
    "Number": say("Number"),
    "Results": say("Results"),
    "Credits": say("Credits"),
    "Began on": say("Began on"),
    "Ended on": say("Ended on"),
    "Role": say("Role"),
    "Term": say("Term"),
}
TRANSCRIPT = "transcript"
KINDS = (*RECORD_KINDS, TRANSCRIPT)

_BADGE_LABELS = (
    (("credentialSubject", "achievement", "name"), "Award"),
    (("credentialSubject", "achievement", "fieldOfStudy"), "Field of study"),
    (("credentialSubject", "identifier", 0, "identityHash"), "Name"),
    (("credentialSubject", "licenseNumber"), "Number"),
    (("credentialSubject", "result"), "Results"),
    (("awardedDate",), "Awarded on"),
)
_CONTEXTS = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]
_CLR_CONTEXT = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"
_BADGE = ["VerifiableCredential", "OpenBadgeCredential"]
_CLR = ["VerifiableCredential", "ClrCredential"]


@dataclass(frozen=True, slots=True)
class Configuration:
    """One kind of record in one form."""

    kind: str
    format: str

    @property
    def id(self) -> str:
        """What offers and requests call it; the scope has the same name."""
        return f"{self.kind}_{self.format.replace('+', '_')}"

    @property
    def names_bare_keys(self) -> bool:
        """Whether the form holds the holder's key itself (``cnf``), and not a DID."""
        return self.format.endswith("+sd-jwt")


def kinds_of(is_transcript: bool, kind: str) -> str:
    """The kind under which a record is offered."""
    if is_transcript:
        return TRANSCRIPT
    return kind if kind in RECORD_KINDS else "record"


def configurations_of(kind: str, formats: Sequence[str] = FORMATS) -> tuple[Configuration, ...]:
    """The forms a kind can be had in: a transcript has none that is shown in part."""
    return tuple(
        Configuration(kind, name)
        for name in FORMATS
        if name in formats and not (kind == TRANSCRIPT and name.endswith("+sd-jwt"))
    )


def named(identifier: str, formats: Sequence[str] = FORMATS) -> Configuration | None:
    """The configuration of an id, None where there is none."""
    every = (each for kind in KINDS for each in configurations_of(kind, formats))
    return next((each for each in every if each.id == identifier), None)


@dataclass(frozen=True, slots=True)
class Look:
    """How the cards of an issuer's records look in wallets."""

    logo_url: str = ""
    logo_text: str = ""
    background: str = "#1b3a57"
    text: str = "#ffffff"


def describe(
    configuration: Configuration,
    *,
    vct: Callable[[str], str],
    signing: Sequence[str],
    look: Look,
    attestations: bool = False,
    attested_only: bool = False,
    algorithms: Sequence[str] = ALGORITHMS,
) -> Json:
    """A configuration as metadata has it (OID4VCI §12.2.4)."""
    proof: Json = {"proof_signing_alg_values_supported": list(algorithms)}
    types: Json = {"jwt": proof | ({"key_attestations_required": {}} if attested_only else {})}
    if attestations:
        types["attestation"] = {**proof, "key_attestations_required": {}}
    bare = ["jwk"] if configuration.names_bare_keys else []
    return {
        "format": configuration.format,
        "scope": configuration.id,
        "cryptographic_binding_methods_supported": [*bare, *_DIDS],
        "credential_signing_alg_values_supported": list(signing),
        "proof_types_supported": types,
        "credential_metadata": {
            "display": [_display(configuration.kind, language, look) for language in LANGUAGES],
            "claims": _claims(configuration),
        },
        **_format_members(configuration, vct),
    }


def _format_members(configuration: Configuration, vct: Callable[[str], str]) -> Json:
    if configuration.format == "dc+sd-jwt":
        return {"vct": vct(configuration.kind)}
    is_clr = configuration.kind == TRANSCRIPT
    types = _CLR if is_clr else _BADGE
    if configuration.format == "ldp_vc":
        contexts = [_CONTEXTS[0], _CLR_CONTEXT, _CONTEXTS[1]] if is_clr else _CONTEXTS
        return {"credential_definition": {"@context": contexts, "type": types}}
    return {"credential_definition": {"type": types}}


@lru_cache(maxsize=512)
def _display(kind: str, language: str, look: Look) -> Json:
    shown: Json = {
        "name": Tongue(language).say(_NAMES[kind]),
        "locale": language,
        "background_color": look.background,
        "text_color": look.text,
    }
    if look.logo_url:
        shown["logo"] = {"uri": look.logo_url, "alt_text": look.logo_text}
    return shown


def _claims(configuration: Configuration) -> list[Json]:
    if configuration.kind == TRANSCRIPT:
        return []
    if configuration.format == "dc+sd-jwt":
        listed = kind_metadata(configuration.kind, "")["claims"]
        return [
            _claim(tuple(each["path"]), each["display"][0]["label"]) for each in listed if "display" in each
        ]
    return [_claim(path, label) for path, label in _BADGE_LABELS]


@lru_cache(maxsize=512)
def _claim(path: tuple[str | int, ...], label: str) -> Json:
    names = [{"name": Tongue(language).say(_LABELS[label]), "locale": language} for language in LANGUAGES]
    return {"path": list(path), "display": names}
