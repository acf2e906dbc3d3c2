"""Parts of a document, and what lies beside it: keys and services by fragment, services by name (DID Resolution §5)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin, urlsplit

from testamur.did import INVALID_DID_URL, NOT_FOUND, RELATIONSHIPS
from testamur.errors import EvidenceUnusable, Malformed
from testamur.jsontext import Json
from testamur.verifier.resolution.asking import Asked


def expanded(document: Json) -> Json:
    """Return the document with its relative ids made absolute (``expandRelativeUrls``, DID Resolution §4.1)."""
    did = str(document.get("id"))

    def absolute(value: Any) -> Any:
        if isinstance(value, str) and value.startswith("#"):
            return did + value
        if isinstance(value, dict) and isinstance(value.get("id"), str):
            return value | {"id": absolute(value["id"])}
        return value

    lists = ("verificationMethod", "service", *RELATIONSHIPS)
    return {
        name: [absolute(each) for each in value] if name in lists and isinstance(value, list) else value
        for name, value in document.items()
    }


def part_of(document: Json, asked: Asked) -> Json:
    """Return the key or service that the fragment names; raises EvidenceUnusable where there is none."""
    url = f"{document.get('id')}#{asked.fragment}"
    whole = expanded(document)
    relationship = asked.options.get("verificationRelationship", "")
    listed = [relationship] if relationship else ["verificationMethod", *RELATIONSHIPS, "service"]
    for name in listed:
        for each in whole.get(name, []):
            if isinstance(each, dict) and each.get("id") == url:
                return each
    if relationship and url in whole.get(relationship, []):
        return part_of(document, Asked(asked.did, fragment=asked.fragment))
    raise EvidenceUnusable(
        f"{asked.did:.120} has nothing that is called #{asked.fragment:.80}", problem=NOT_FOUND
    )


def place_of(document: Json, asked: Asked) -> str:
    """Return the address of the service that is asked for; raises EvidenceUnusable, Malformed.

    A path of the DID URL is looked up under the service ``files`` (did:webvh, DID URL Resolution).
    """
    name, kind = asked.parameters.get("service", ""), asked.parameters.get("serviceType", "")
    reference = asked.parameters.get("relativeRef", "")
    if asked.path:
        name, reference = ("whois", "") if asked.path == "/whois" else ("files", asked.path.removeprefix("/"))
    for service in expanded(document).get("service", []):
        if isinstance(service, dict) and _is_asked(service, str(document.get("id")), name, kind):
            return _address(service.get("serviceEndpoint"), reference)
    raise EvidenceUnusable(f"{asked.did:.120} has no such service", problem=NOT_FOUND)


def _is_asked(service: Json, did: str, name: str, kind: str) -> bool:
    types = service.get("type")
    return (not name or service.get("id") == f"{did}#{name}") and (
        not kind or kind in (types if isinstance(types, list) else [types])
    )


def _address(endpoint: Any, reference: str) -> str:
    if not isinstance(endpoint, str) or not endpoint.startswith(("https://", "http://")):
        raise EvidenceUnusable("the service has no web address", problem=NOT_FOUND)
    address = urljoin(endpoint, reference) if reference else endpoint
    if urlsplit(address)[:2] != urlsplit(endpoint)[:2]:
        raise Malformed("", "the reference leads away from the service", problem=INVALID_DID_URL)
    if len(address) > 2048 or not address.isascii() or any(ord(each) <= 32 for each in address):
        raise Malformed("", "the address of the service is not usable", problem=INVALID_DID_URL)
    return address
