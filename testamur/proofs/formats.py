"""The table of formats. A smaller table is an allow-list, a larger one an extension."""

from __future__ import annotations

from collections.abc import Mapping

from testamur.errors import Unsupported
from testamur.proofs.data_integrity import DataIntegrity
from testamur.proofs.older_jwt import JWT_VC_JSON, JWT_VP_JSON, OB_JWT
from testamur.proofs.sd_jwt_vc import SdJwtVc
from testamur.proofs.values import FindKey, Format, Opened, SecuredDocument
from testamur.proofs.vc_cose import VcCose, VpCose
from testamur.proofs.vc_jwt import VcJwt, VpJwt
from testamur.proofs.vc_sd_jwt import VcSdJwt, VpSdJwt

FORMATS: dict[str, Format] = {
    "ldp_vc": DataIntegrity(),
    "ldp_vp": DataIntegrity(purpose="authentication"),
    "vc+jwt": VcJwt(),
    "vp+jwt": VpJwt(),
    "vc+sd-jwt": VcSdJwt(),
    "vp+sd-jwt": VpSdJwt(),
    "dc+sd-jwt": SdJwtVc(),
    "vc+cose": VcCose(),
    "vp+cose": VpCose(),
    "ob_jwt": OB_JWT,
    "jwt_vc_json": JWT_VC_JSON,
    "jwt_vp_json": JWT_VP_JSON,
}


def open_document(
    document: SecuredDocument, find_key: FindKey, formats: Mapping[str, Format] = FORMATS
) -> Opened:
    """What the document says and how its signatures stand; raises Unsupported for a format not in the table."""
    try:
        opening = formats[document.format]
    except KeyError:
        raise Unsupported(f"the format {document.format!r:.60} is not supported") from None
    return opening.open(document, find_key)
