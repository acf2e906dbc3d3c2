"""A signer by its URI: ``file:registrar.key``, ``pkcs11:token=school;object=diploma``."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from testamur.errors import OperatorError
from testamur.keys.keyfile import read_key_file
from testamur.keys.signer import Signer

Ask = Callable[[str], str]
"""Asks the person for a passphrase or PIN; the argument is the prompt."""

OpenSigner = Callable[[str, Ask], Signer]
"""Opens what stands after the scheme."""


def open_file(path: str, ask: Ask) -> Signer:
    """The signer in a key file; the passphrase is asked for only when the file is one."""
    return read_key_file(path).unlock(ask(f"Passphrase for {path}"))


def open_pkcs11(uri: str, ask: Ask) -> Signer:
    """The signer in a hardware module, named as in RFC 7512."""
    from testamur.keys.pkcs11 import open_token

    return open_token(uri, ask)


SIGNERS: dict[str, OpenSigner] = {
    "file": open_file,
    "pkcs11": open_pkcs11,
}


def open_signer(uri: str, *, ask: Ask | None = None, signers: Mapping[str, OpenSigner] = SIGNERS) -> Signer:
    """The signer at a URI; raises OperatorError when the scheme is unknown or the key does not open."""
    scheme, colon, rest = uri.partition(":")
    if not colon or scheme not in signers:
        raise OperatorError(
            f"{uri!r:.200} names no signer", hint=f"begin with {', '.join(signers)} and a colon"
        )
    return signers[scheme](rest, ask or _nobody_to_ask)


def _nobody_to_ask(prompt: str) -> str:
    raise OperatorError(
        f"{prompt}: there is nobody to ask", hint="set TESTAMUR_PASSPHRASE or --passphrase-file"
    )
