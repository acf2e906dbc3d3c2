"""A key in a hardware module, by PKCS #11; the private key never leaves it.

Named as in RFC 7512, the verification method after a ``?``:
``pkcs11:token=school;object=diploma?module-path=/usr/lib/…so&method=did:web:school.example%23key-1``
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote

from testamur.errors import Malformed, OperatorError
from testamur.keys.ecdsa import P256, P384, P521, Ecdsa
from testamur.keys.public_key import PublicKey

_CURVES = {  # DER of the named curve's object identifier, as CKA_EC_PARAMS holds it
    bytes.fromhex("06082a8648ce3d030107"): P256,
    bytes.fromhex("06052b81040022"): P384,
    bytes.fromhex("06052b81040023"): P521,
}
_ED25519 = (bytes.fromhex("06032b6570"), b"\x13\x0cedwards25519")


@dataclass(frozen=True, slots=True)
class TokenSigner:
    """A signer whose private key is in a hardware module, in an open session."""

    public_key: PublicKey
    verification_method: str
    key: Any  # the module's handle of the private key

    def sign(self, data: bytes) -> bytes:
        """The signature over these bytes; for ECDSA the module signs their hash and gives raw r‖s."""
        import pkcs11

        curve = next((each for each in _CURVES.values() if each.name == self.public_key.algorithm), None)
        try:
            if curve is None:
                return bytes(self.key.sign(data, mechanism=pkcs11.Mechanism.EDDSA))
            name = {32: "sha256", 48: "sha384", 66: "sha512"}[curve.size]
            return bytes(self.key.sign(hashlib.new(name, data).digest(), mechanism=pkcs11.Mechanism.ECDSA))
        except pkcs11.PKCS11Error as error:
            raise OperatorError(f"the hardware module did not sign: {type(error).__name__}") from None


def open_token(uri: str, ask: Callable[[str], str]) -> TokenSigner:
    """The signer that a PKCS #11 URI names; raises OperatorError when module, PIN or key are not right."""
    try:
        import pkcs11
    except ImportError:
        raise OperatorError("hardware keys need an extra", hint="pip install testamur[hsm]") from None
    path, query = _parse(uri)
    try:
        token = pkcs11.lib(query["module-path"]).get_token(token_label=path["token"])
        session = _log_in(token, ask(f"PIN of the token {path['token']}"))
        return _signer(session, path["object"], query["method"])
    except KeyError as error:
        raise OperatorError(f"the signer's URI lacks {error.args[0]}", hint="see RFC 7512") from None
    except (pkcs11.PKCS11Error, RuntimeError, OSError) as error:
        raise OperatorError(f"the hardware module refused: {type(error).__name__}") from None


def _log_in(token: Any, pin: str) -> Any:
    from pkcs11.exceptions import UserAlreadyLoggedIn

    try:
        return token.open(user_pin=pin)
    except UserAlreadyLoggedIn:  # once for a process and token, whatever the session
        return token.open()


def _signer(session: Any, label: str, method: str) -> TokenSigner:
    from pkcs11 import Attribute, ObjectClass

    public = session.get_key(object_class=ObjectClass.PUBLIC_KEY, label=label)
    private = session.get_key(object_class=ObjectClass.PRIVATE_KEY, label=label)
    key = _public_key(bytes(public[Attribute.EC_PARAMS]), _octets(bytes(public[Attribute.EC_POINT])))
    return TokenSigner(key, method, private)


def _public_key(parameters: bytes, point: bytes) -> PublicKey:
    if parameters in _ED25519:
        return PublicKey("Ed25519", point)
    curve: Ecdsa | None = _CURVES.get(parameters)
    if curve is None or point[:1] != b"\x04":
        raise OperatorError("the key in the hardware module is of a kind that is not supported")
    size = curve.size
    return PublicKey(curve.name, curve.from_coordinates(point[1 : size + 1], point[size + 1 :]))


def _octets(value: bytes) -> bytes:
    """The content of a DER octet string; some modules give the content without its wrapping."""
    if value[:1] != b"\x04" or len(value) in (65, 97, 133):
        return value
    return value[3:] if value[1] == 0x81 else value[2:]


def _parse(uri: str) -> tuple[dict[str, str], dict[str, str]]:
    path, _, query = uri.partition("?")
    parts = dict(each.partition("=")[::2] for each in path.split(";"))
    if len(uri) > 2000:
        raise Malformed("", "the signer's URI is too long")
    return {name: unquote(value) for name, value in parts.items()}, dict(parse_qsl(query))
