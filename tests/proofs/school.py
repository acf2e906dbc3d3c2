"""A school with a key of each kind, a finder of its keys and a diploma of the kind it signs."""

import json
from datetime import UTC, datetime

from testamur.errors import EvidenceUnusable, KeyNotAuthorized
from testamur.keys import LocalSigner, PrivateKey, VerificationMethod

AT = datetime(2026, 7, 1, 9, 30, tzinfo=UTC)
DID = "did:web:school.example"
SIZES = {"Ed25519": 32, "P-256": 32, "P-384": 48, "P-521": 66}
KEYS = {name: PrivateKey.from_secret(name, b"\0" + b"\x2a" * (size - 1)) for name, size in SIZES.items()}
SIGNERS = {name: LocalSigner(key, f"{DID}#{name}") for name, key in KEYS.items()}
SIGNER = SIGNERS["Ed25519"]
METHODS = {
    each.verification_method: VerificationMethod(each.verification_method, DID, each.public_key)
    for each in SIGNERS.values()
}

DIPLOMA = {
    "@context": [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ],
    "id": "urn:uuid:7f3e8c1a-2b6d-4a55-9f01-3f2f6d5a8b11",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "issuer": {"id": DID, "type": ["Profile"], "name": "Universidad de Valdoria"},
    "validFrom": "2026-06-30T00:00:00Z",
    "name": "ዲፕሎማ",
    "credentialSubject": {
        "id": "did:key:z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi",
        "type": ["AchievementSubject"],
        "identifier": [
            {"type": "IdentityObject", "identityHash": "ሰላማዊት ኃይሌ", "identityType": "name", "hashed": False},
            {
                "type": "IdentityObject",
                "identityHash": "محمد الأمين",
                "identityType": "name",
                "hashed": False,
            },
        ],
        "achievement": {
            "id": "urn:uuid:11111111-2b6d-4a55-9f01-3f2f6d5a8b11",
            "type": ["Achievement"],
            "name": "भौतिकी में स्नातक",
            "description": "បរិញ្ញាបត្រ",
            "criteria": {"narrative": "240 credits"},
        },
    },
}
TEXT = json.dumps(DIPLOMA, ensure_ascii=False)


def find_key(url, purpose, at):
    """The school's keys, which may assert and authenticate."""
    if not url.startswith(DID):
        raise EvidenceUnusable(f"{url} cannot be reached")
    if url not in METHODS:
        raise KeyNotAuthorized(f"{url} is not a key of the school")
    return METHODS[url]
