"""A verification method: a public key, who controls it, and the days it is good for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from testamur.keys.public_key import PublicKey


@dataclass(frozen=True, slots=True)
class VerificationMethod:
    """A key as a controlled identifier document lists it (CID §2.2)."""

    id: str
    controller: str
    public_key: PublicKey
    expires: datetime | None = None  # retired: good for what it signed before
    revoked: datetime | None = None  # compromised: it can back-date
    use: str = ""  # "status": signs status, notice and digest lists only
    version: str = ""  # of a document with a history, the version it was found in: "2-Qm…"
    authority: str = ""  # fingerprint of the certificate authority that vouches for the key
