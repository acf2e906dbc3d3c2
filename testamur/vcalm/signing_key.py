"""The key that an instance signs with: a signer by its URI, or a did:key made at the start."""

from __future__ import annotations

from testamur.keys import LocalSigner, PrivateKey, Signer, open_signer
from testamur.vcalm.server import Server

NEW = "new:"


def signer_of(uri: str, server: Server) -> Signer:
    """The signer of ``file:…``, ``pkcs11:…`` or ``new:ALGORITHM``; raises OperatorError where there is none."""
    if uri.startswith(NEW):
        return new_did_key(uri.removeprefix(NEW))
    return open_signer(uri, ask=server.ask)


def new_did_key(algorithm: str) -> LocalSigner:
    """A fresh key that signs as the did:key of itself; it is gone when the server stops."""
    private = PrivateKey.generate(algorithm)
    multikey = private.public_key.multikey
    return LocalSigner(private, f"did:key:{multikey}#{multikey}")
