"""A key of one device under a short PIN: the PIN opens what lies on this device and nothing else."""

from __future__ import annotations

from secrets import token_bytes

from testamur.canonical import jcs
from testamur.encoding import decode_base64url, encode_base64url
from testamur.errors import Malformed
from testamur.jsontext import parse_object
from testamur.vault.unlocking import (
    KEY_BYTES,
    MEMORY,
    PASSES,
    Passphrase,
    RandomKey,
    decrypt,
    encrypt,
    read_kdf,
    wrong,
)

_KIND = "testamur device 1"
_NONCE = 24


def new_device() -> RandomKey:
    """The random key of a device, for a slot of the kind ``device``."""
    return RandomKey("device", token_bytes(KEY_BYTES))


def seal_device(device: RandomKey, pin: str, *, passes: int = PASSES, memory: int = MEMORY) -> bytes:
    """The device's key under a PIN, to be kept on that device only."""
    stretched = Passphrase(pin, passes, memory)
    kdf, nonce = stretched.parameters(), token_bytes(_NONCE)
    header = {"type": _KIND, "kdf": kdf, "nonce": encode_base64url(nonce)}
    sealed = encrypt(device.secret, jcs(header), nonce, stretched.key(kdf))
    return jcs(header | {"key": encode_base64url(sealed)})


def open_device(data: bytes, pin: str) -> RandomKey:
    """The device's key; raises OperatorError for another PIN, Malformed for what is no such key."""
    members = parse_object(data, max_bytes=4096, max_depth=3)
    header = {name: value for name, value in members.items() if name != "key"}
    nonce, sealed = header.get("nonce"), members.get("key")
    if header.get("type") != _KIND or not isinstance(nonce, str) or not isinstance(sealed, str):
        raise Malformed("", "this is no key of a device")
    kdf = read_kdf(header.get("kdf"), "argon2id")
    raw = decode_base64url(nonce)
    if len(raw) != _NONCE:
        raise Malformed("nonce", "it has not the right length")
    secret = decrypt(decode_base64url(sealed), jcs(header), raw, Passphrase(pin).key(kdf))
    if secret is None:
        raise wrong("PIN")
    return RandomKey("device", secret)
