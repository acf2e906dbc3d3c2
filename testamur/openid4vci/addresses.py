"""Where an issuer's metadata lies (OID4VCI §12.2.2, RFC 8414 §3.1): the well-known part stands before the path."""

from __future__ import annotations

from urllib.parse import urlsplit

from testamur.errors import Malformed

ISSUER = "openid-credential-issuer"
SERVER = "oauth-authorization-server"


def well_known(identifier: str, name: str) -> str:
    """The address of a kind of metadata for an identifier; raises Malformed where that is none."""
    try:
        parts = urlsplit(identifier)
        host = parts.netloc
    except ValueError:
        raise Malformed("credential_issuer", "this is no address", clause="OID4VCI §12.2.1") from None
    if parts.scheme not in ("https", "http") or not host or parts.query or parts.fragment or "@" in host:
        raise Malformed(
            "credential_issuer",
            "an issuer is named by an https address without query and fragment",
            clause="OID4VCI §12.2.1",
        )
    return f"{parts.scheme}://{host}/.well-known/{name}{parts.path.rstrip('/')}"
