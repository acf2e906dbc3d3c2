"""Enveloped credentials and presentations: a ``data:`` URL that holds a token (VCDM §4.13)."""

from __future__ import annotations

from typing import Any

from testamur.errors import Malformed
from testamur.jsontext import MAX_BYTES, Json
from testamur.proofs.values import SecuredDocument

ENVELOPES = {"EnvelopedVerifiableCredential": "vc", "EnvelopedVerifiablePresentation": "vp"}


def enveloped_token(value: Any) -> tuple[str, str]:
    """Media type and token of an enveloped document; raises Malformed where it is none.

    What is bytes (COSE) is the base64 in the address, which must then say so (VC-JOSE §3.3.2).
    """
    kind = _kind(value)
    address = value.get("id")
    if not isinstance(address, str) or not address.startswith("data:") or len(address) > MAX_BYTES:
        raise Malformed("id", "an enveloped document is a data: URL", clause="VCDM §4.13.1")
    media_type, comma, token = address.removeprefix("data:").partition(",")
    if not comma or not token:
        raise Malformed("id", "the data: URL holds nothing", clause="VCDM §4.13.1")
    if not media_type.startswith(f"application/{kind}+"):
        raise Malformed("id", f"the data: URL is {media_type!r:.60}, which fits no such envelope")
    media_type, _, coding = media_type.partition(";")
    if (coding == "base64") is not media_type.endswith("+cose") or coding not in ("", "base64"):
        raise Malformed("id", "in a data: URL COSE is base64, and a token is plain", clause="VC-JOSE §3.3.2")
    return media_type, token


def envelope(document: SecuredDocument) -> Json:
    """The envelope of a secured token, as a presentation holds it (VCDM §4.13.1, §4.13.2)."""
    kind = "EnvelopedVerifiablePresentation" if document.is_presentation else "EnvelopedVerifiableCredential"
    coding = ";base64" if document.format.endswith("+cose") else ""
    address = f"data:{document.media_type}{coding},{document.text}"
    return {"@context": "https://www.w3.org/ns/credentials/v2", "id": address, "type": kind}


def is_envelope(value: Any) -> bool:
    """Whether an object says it is an envelope."""
    return isinstance(value, dict) and any(each in ENVELOPES for each in types_of(value))


def types_of(value: dict[str, Any]) -> list[str]:
    """The types of a node, as a list of texts."""
    return [each for each in listed(value.get("type")) if isinstance(each, str)]


def listed(value: Any) -> list[Any]:
    """One value or a list of them, as a list; nothing for what is absent."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _kind(value: Any) -> str:
    kinds = (
        [ENVELOPES[each] for each in types_of(value) if each in ENVELOPES] if isinstance(value, dict) else []
    )
    if len(kinds) != 1:
        raise Malformed(
            "verifiableCredential", "a token presents enveloped documents only", clause="VC-JOSE §3.1.2"
        )
    return kinds[0]
