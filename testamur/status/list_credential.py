"""The credential that carries a status list (BSL §2.2), unsecured: the school signs it like any other."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from testamur.jsontext import Json
from testamur.status.bitstring import LIST_SIZE, encode_list
from testamur.times import write_instant

VALID_FOR = timedelta(days=90)
KEEP_FOR = timedelta(minutes=15)


def list_credential(
    url: str,
    issuer: str,
    set_bits: Iterable[int] | bytearray,
    *,
    purpose: str = "revocation",
    at: datetime,
    size: int = LIST_SIZE,
    valid_for: timedelta = VALID_FOR,
    keep_for: timedelta = KEEP_FOR,
) -> Json:
    """Return the list as of ``at``, good until ``valid_for`` later; ``keep_for`` is its ``ttl``."""
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": write_instant(at),
        "validUntil": write_instant(at + valid_for),
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": encode_list(set_bits, size),
            "ttl": int(keep_for.total_seconds() * 1000),
        },
    }
