"""A key file: the public half readable, the secret under a passphrase (argon2id, XChaCha20-Poly1305).

The file is one JSON object. Everything but ``secret`` is the header, and its JCS bytes are the
associated data of the encryption, so that a header somebody changed does not open.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from secrets import token_bytes
from typing import Any

from testamur.canonical import jcs
from testamur.encoding import decode_base64url, encode_base64url
from testamur.errors import Malformed, OperatorError, TestamurError
from testamur.files import read_bounded, write_whole
from testamur.jsontext import Json, parse_object
from testamur.keys.passphrase import stretch
from testamur.keys.private_key import PrivateKey
from testamur.keys.public_key import PublicKey
from testamur.keys.signer import LocalSigner

_KIND = "testamur key 1"
_MAX_FILE = 16_384
_PASSES, _MEMORY = 3, 64 * 2**20  # RFC 9106 §4, the second recommendation
_MAX_PASSES, _MAX_MEMORY = 16, 2**30
_SALT, _NONCE = 16, 24


@dataclass(frozen=True, slots=True)
class KeyFile:
    """What a key file says without its passphrase; only ``unlock`` proves any of it."""

    path: Path
    public_key: PublicKey
    verification_method: str
    header: Json
    sealed: bytes

    def unlock(self, passphrase: str) -> LocalSigner:
        """The signer in the file; raises OperatorError when the passphrase is not the right one."""
        kdf, nonce = self.header["kdf"], decode_base64url(self.header["cipher"]["nonce"])
        key = stretch(passphrase, decode_base64url(kdf["salt"]), kdf["passes"], kdf["memory"])
        private_key = PrivateKey(self.public_key.algorithm, self._decrypt(nonce, key))
        if private_key.public_key != self.public_key:
            raise OperatorError(f"{self.path}: the two halves of the key do not belong together")
        return LocalSigner(private_key, self.verification_method)

    def _decrypt(self, nonce: bytes, key: bytes) -> bytes:
        from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt as decrypt
        from nacl.exceptions import CryptoError

        try:
            return bytes(decrypt(self.sealed, jcs(self.header), nonce, key))
        except CryptoError:
            raise OperatorError(
                f"{self.path}: wrong passphrase, or the file was changed", hint="try the passphrase again"
            ) from None


def write_key_file(
    path: Path | str,
    private_key: PrivateKey,
    passphrase: str,
    *,
    verification_method: str,
    replace: bool = False,
) -> None:
    """Write the key for its owner only, whole or not at all; raises OperatorError where a file is already."""
    target = Path(path)
    if target.exists() and not replace:
        raise OperatorError(f"{target} exists already", hint="choose another name; keys are not overwritten")
    header = {
        "type": _KIND,
        "algorithm": private_key.algorithm,
        "publicKeyMultibase": private_key.public_key.multikey,
        "verificationMethod": verification_method,
        "kdf": {
            "name": "argon2id",
            "passes": _PASSES,
            "memory": _MEMORY,
            "salt": encode_base64url(token_bytes(_SALT)),
        },
        "cipher": {"name": "xchacha20-poly1305", "nonce": encode_base64url(token_bytes(_NONCE))},
    }
    secret = encode_base64url(_encrypt(header, private_key.secret, passphrase))
    write_whole(target, jcs(header | {"secret": secret}) + b"\n", mode=0o600)


def read_key_file(path: Path | str) -> KeyFile:
    """The public half of a key file; raises OperatorError where it is missing or not a key file."""
    source = Path(path)
    content = read_bounded(source, _MAX_FILE)
    try:
        return _parse(source, parse_object(content, max_bytes=_MAX_FILE, max_depth=3))
    except TestamurError as error:
        raise OperatorError(f"{source} is not a key file: {error}") from None


def _parse(path: Path, members: Json) -> KeyFile:
    header = {name: value for name, value in members.items() if name != "secret"}
    if header.get("type") != _KIND or not isinstance(header.get("verificationMethod"), str):
        raise Malformed("type", f"it must say {_KIND!r}")
    public_key = PublicKey.from_multikey(header.get("publicKeyMultibase"))
    if header.get("algorithm") != public_key.algorithm:
        raise Malformed("algorithm", f"the public key is a {public_key.algorithm} key")
    kdf, cipher = _object(header, "kdf", "argon2id"), _object(header, "cipher", "xchacha20-poly1305")
    _bounded(kdf, "passes", 1, _MAX_PASSES)
    _bounded(kdf, "memory", 8192, _MAX_MEMORY)
    _sized(kdf, "salt", _SALT)
    _sized(cipher, "nonce", _NONCE)
    sealed = _sized(members, "secret", None)
    return KeyFile(path, public_key, header["verificationMethod"], header, sealed)


def _object(members: Json, name: str, expected: str) -> Json:
    value = members.get(name)
    if not isinstance(value, dict) or value.get("name") != expected:
        raise Malformed(name, f"only {expected} is known")
    return value


def _bounded(members: Json, name: str, low: int, high: int) -> None:
    value: Any = members.get(name)
    if type(value) is not int or not low <= value <= high:
        raise Malformed(name, f"it must be a whole number from {low} to {high}")


def _sized(members: Json, name: str, size: int | None) -> bytes:
    text = members.get(name)
    data = decode_base64url(text) if isinstance(text, str) else b""
    if not data or (size is not None and len(data) != size):
        raise Malformed(name, "it has not the right length")
    return data


def _encrypt(header: Json, secret: bytes, passphrase: str) -> bytes:
    from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_encrypt as encrypt

    kdf, nonce = header["kdf"], decode_base64url(header["cipher"]["nonce"])
    key = stretch(passphrase, decode_base64url(kdf["salt"]), kdf["passes"], kdf["memory"])
    return bytes(encrypt(secret, jcs(header), nonce, key))
