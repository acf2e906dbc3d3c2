"""Encrypted JSON for one reader (JWE, RFC 7516): ECDH-ES with an ephemeral key, and nothing else.

What OpenID4VCI (§10) and OpenID4VP (§8.3) encrypt requests and responses with. A reader's key only
agrees on secrets: it is of a kind of its own and never one that signs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NoReturn

from testamur.canonical import jcs
from testamur.encoding import decode_base64url, encode_base64url
from testamur.errors import Malformed, ProofInvalid, Unsupported
from testamur.jsontext import Json, parse_object, write_json

if TYPE_CHECKING:
    from jwcrypto.jwk import JWK

ALG = "ECDH-ES"
ENCS = ("A128GCM", "A256GCM", "A128CBC-HS256")
"""The ciphers that are read; what one side writes is one that the other side named."""

CURVES = {"P-256": ("EC", ("x", "y")), "X25519": ("OKP", ("x",))}
MAX_PLAINTEXT = 4_000_000

_MAX_HEADER = 4096
_SIZE = 32  # bytes of a coordinate, a point of X25519 and a secret of either
_CLAUSE = "RFC 7516 §5.2"
_KNOWN_HEADER = frozenset({"alg", "enc", "epk", "kid", "typ", "cty", "apu", "apv"})


@dataclass(frozen=True, slots=True)
class ReaderKey:
    """The public key of somebody who can be written to, checked when it is read."""

    curve: str
    members: tuple[str, ...]  # x and y, or x
    kid: str = ""
    alg: str = ALG

    @classmethod
    def from_jwk(cls, jwk: object) -> ReaderKey:
        """The key of a public JWK; raises Malformed, Unsupported where it is for something else."""
        members = _object(jwk)
        if any(name in members for name in ("d", "k", "p", "q")):
            raise Malformed("jwk", "a public key must not hold private members", clause="RFC 7517 §9.2")
        curve = _curve(members)
        _check_use(members)
        key = cls(curve, tuple(_member(members, name) for name in CURVES[curve][1]), _kid(members))
        _handle(key._bare, "wrapKey")
        return key

    @property
    def jwk(self) -> Json:
        """The key as it is published: for ``ECDH-ES``, for encryption, with its ``kid``."""
        return {**self._bare, "kid": self.kid or self.thumbprint, "alg": self.alg, "use": "enc"}

    @property
    def thumbprint(self) -> str:
        """The JWK thumbprint (RFC 7638) as base64url."""
        return encode_base64url(sha256(jcs(self._bare)).digest())

    @property
    def _bare(self) -> Json:
        kty, names = CURVES[self.curve]
        return {"kty": kty, "crv": self.curve} | dict(zip(names, self.members, strict=True))

    def encrypt(
        self,
        plaintext: bytes,
        *,
        enc: str = "A256GCM",
        header: Mapping[str, str] | None = None,
    ) -> str:
        """The compact JWE of some bytes for this reader; ``header`` may add ``typ``, ``cty``, ``apu`` and ``apv``."""
        from jwcrypto.common import JWException
        from jwcrypto.jwe import JWE

        if enc not in ENCS:
            raise Unsupported(f"enc {enc!r:.40} is not one of {', '.join(ENCS)}")
        if len(plaintext) > MAX_PLAINTEXT:
            raise Malformed("", f"more than {MAX_PLAINTEXT} bytes are not encrypted at once")
        protected = {"alg": ALG, "enc": enc, **({"kid": self.kid} if self.kid else {}), **(header or {})}
        if not _KNOWN_HEADER.issuperset(protected):
            raise Unsupported("a header parameter is not one that is written")
        try:
            token = JWE(plaintext, protected=write_json(protected), algs=[ALG, enc])
            token.add_recipient(_load(self._bare))
            return str(token.serialize(compact=True))
        except (JWException, ValueError) as error:
            raise Unsupported(f"it could not be encrypted: {type(error).__name__}") from None


class DecryptionKey:
    """The key of a reader. Its secret is in no repr, no error and no pickle."""

    __slots__ = ("_jwk", "public")

    public: ReaderKey

    def __init__(self, jwk: Json) -> None:
        self.public = ReaderKey.from_jwk({name: value for name, value in jwk.items() if name != "d"})
        _member(jwk, "d")
        self._jwk = {**self.public._bare, "d": jwk["d"]}
        if _handle(self._jwk, "unwrapKey").public_key() != _handle(self.public._bare, "wrapKey"):
            raise Malformed("", "the private and the public half of the JWK do not belong together")

    @classmethod
    def generate(cls, curve: str = "P-256", *, kid: str = "") -> DecryptionKey:
        """A fresh key from the system's randomness; its ``kid`` is its thumbprint unless it is given one."""
        if curve not in CURVES:
            raise Unsupported(f"keys of the curve {curve!r:.40} are not made")
        from jwcrypto.jwk import JWK

        made = JWK.generate(kty=CURVES[curve][0], crv=curve).export(as_dict=True)
        bare = {name: made[name] for name in ("kty", "crv", *CURVES[curve][1], "d")}
        public = {name: value for name, value in bare.items() if name != "d"}
        return cls({**bare, "kid": kid or ReaderKey.from_jwk(public).thumbprint})

    @property
    def secret_jwk(self) -> Json:
        """The private JWK, to be encrypted and kept."""
        return {**self.public.jwk, "d": self._jwk["d"]}

    def decrypt(
        self, token: str, *, encs: Collection[str] = ENCS, max_bytes: int = MAX_PLAINTEXT
    ) -> Decrypted:
        """What a JWE for this key says; raises Malformed, Unsupported, ProofInvalid where it does not open."""
        from jwcrypto.common import JWException
        from jwcrypto.jwe import JWE

        header = read_header(token, encs=encs, max_bytes=max_bytes)
        reader = JWE(algs=[ALG, str(header["enc"])])
        try:
            reader.deserialize(token)
            reader.decrypt(_load(self._jwk))
        except (JWException, ValueError, TypeError):
            raise ProofInvalid("it does not open with this key, or it was changed", clause=_CLAUSE) from None
        return Decrypted(bytes(reader.payload), header)

    def __repr__(self) -> str:
        return f"<DecryptionKey {self.public.curve} {self.public.thumbprint}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a private key is not pickled")


@dataclass(frozen=True, slots=True)
class Decrypted:
    """What was in a JWE, and its header, which came with it and is bound to it."""

    plaintext: bytes
    header: Json


def read_header(token: str, *, encs: Collection[str] = ENCS, max_bytes: int = MAX_PLAINTEXT) -> Json:
    """The protected header of a compact JWE that is one of those read here; nothing is decrypted yet.

    Compressed content is refused: nobody here asks for it, and it can grow without bound.
    """
    if len(token) > max_bytes * 4 // 3 + 2 * _MAX_HEADER or token.count(".") != 4:
        raise Malformed(
            "", "a compact JWE is five parts with dots between, of a bearable length", clause=_CLAUSE
        )
    protected, encrypted_key, *rest = token.split(".")
    if len(protected) > _MAX_HEADER or encrypted_key:
        raise Malformed("", "a JWE with ECDH-ES has a short header and no encrypted key", clause=_CLAUSE)
    for part in rest:
        decode_base64url(part)
    header = parse_object(decode_base64url(protected), max_bytes=_MAX_HEADER, max_depth=4)
    if header.get("alg") != ALG:
        raise Unsupported(f"alg {header.get('alg')!r:.40} is not {ALG}")
    if header.get("enc") not in ENCS or header["enc"] not in encs:
        raise Unsupported(f"enc {header.get('enc')!r:.40} is not one of {', '.join(encs)}")
    if unknown := sorted(header.keys() - _KNOWN_HEADER):
        raise Unsupported(f"the JWE header has {unknown[0]!r:.40}, which is not read")
    return header


def key_for(token: str, keys: Iterable[DecryptionKey]) -> DecryptionKey:
    """The one among several keys that a JWE names (``kid``), or the only one; raises Malformed."""
    header = read_header(token)
    known = list(keys)
    named = [key for key in known if key.public.jwk["kid"] == header.get("kid")]
    if len(known) == 1 and "kid" not in header:
        return known[0]
    if not named:
        raise Malformed("kid", "it is encrypted for a key that is not one of ours")
    return named[0]


def _object(jwk: object) -> Json:
    if not isinstance(jwk, dict):
        raise Malformed("jwk", "a JWK is a JSON object", clause="RFC 7517 §4")
    return jwk


def _curve(jwk: Json) -> str:
    curve = jwk.get("crv")
    if not isinstance(curve, str) or curve not in CURVES or jwk.get("kty") != CURVES[curve][0]:
        raise Unsupported(f"keys of the curve {curve!r:.40} are not encrypted to")
    return curve


def _check_use(jwk: Json) -> None:
    if jwk.get("use", "enc") != "enc" or jwk.get("alg", ALG) != ALG:
        raise Unsupported("the JWK is not for ECDH-ES", clause="RFC 7517 §4.4")
    operations = jwk.get("key_ops", ["deriveKey"])
    if not isinstance(operations, list) or not {"deriveKey", "deriveBits"} & set(map(str, operations)):
        raise Unsupported("the JWK is not for agreeing on a key", clause="RFC 7517 §4.3")


def _member(jwk: Json, name: str) -> str:
    text = jwk.get(name)
    if not isinstance(text, str) or len(text) > 64 or len(decode_base64url(text)) != _SIZE:
        raise Malformed(
            name, f"this member of the JWK must be {_SIZE} bytes in base64url", clause="RFC 7518 §6.2"
        )
    return text


def _kid(jwk: Json) -> str:
    kid = jwk.get("kid", "")
    if not isinstance(kid, str) or len(kid) > 512:
        raise Malformed("kid", "the name of a key is a short text", clause="RFC 7517 §4.5")
    return kid


def _load(jwk: Json) -> JWK:
    from jwcrypto.jwk import JWK

    return JWK(**jwk)


def _handle(jwk: Json, operation: str) -> Any:
    """The key as the library uses it; raises Malformed where it is off its curve or its halves differ."""
    from jwcrypto.common import JWException

    try:
        return _load(jwk).get_op_key(operation)
    except (JWException, ValueError):
        raise Malformed("", f"this is no key of {jwk['crv']}", clause="RFC 7518 §6") from None
