"""Keys and signers: Ed25519, P-256, P-384, P-521, ML-DSA-44, and RSA to verify only; Multikey, JWK and key files."""

from testamur.keys.certificates import (
    Certified,
    authority_key_ids,
    check_chain,
    fingerprint,
    leaf_of,
    read_certificate,
)
from testamur.keys.jwe import DecryptionKey, ReaderKey
from testamur.keys.keyfile import KeyFile, read_key_file, write_key_file
from testamur.keys.messages import prove_messages, verify_messages, verify_shown_messages
from testamur.keys.method import VerificationMethod
from testamur.keys.opening import SIGNERS, open_signer
from testamur.keys.passphrase import stretch
from testamur.keys.private_key import PrivateKey
from testamur.keys.public_key import PublicKey
from testamur.keys.signer import LocalSigner, MessageSigner, Named, Signer

__all__ = [
    "SIGNERS",
    "Certified",
    "DecryptionKey",
    "KeyFile",
    "LocalSigner",
    "MessageSigner",
    "Named",
    "PrivateKey",
    "PublicKey",
    "ReaderKey",
    "Signer",
    "VerificationMethod",
    "authority_key_ids",
    "check_chain",
    "fingerprint",
    "leaf_of",
    "open_signer",
    "prove_messages",
    "read_certificate",
    "read_key_file",
    "stretch",
    "verify_messages",
    "verify_shown_messages",
    "write_key_file",
]
