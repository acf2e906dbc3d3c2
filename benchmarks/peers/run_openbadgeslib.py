"""openbadgeslib: its Data Integrity functions, and its badge tokens."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from openbadgeslib.ob3 import OB3Signer, OB3Verifier, ldp
from openbadgeslib.ob3.credential import OpenBadgeCredential
from serving import Json, Offer, serve


def offers(material: Json) -> list[Offer]:
    key = material["keys"]["Ed25519"]
    private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(key["secret"]))
    secret = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    signer, verifier = OB3Signer(secret, "EdDSA"), OB3Verifier(public)
    return [
        Offer(
            "eddsa-rdfc-2022",
            lambda document: ldp.add_data_integrity_proof(document, secret, key["id"]),
            lambda secured: ldp.verify_data_integrity_proof(secured, public),
        ),
        Offer(
            "ob_jwt EdDSA",
            lambda document: signer.sign(OpenBadgeCredential.from_vc_document(document)),
            verifier.verify,
        ),
    ]


serve(offers)
