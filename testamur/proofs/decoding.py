"""From bytes to a secured document: its shape and format, and nothing of its truth."""

from __future__ import annotations

from typing import Any, NoReturn

from testamur.errors import Malformed, Unsupported
from testamur.jsontext import MAX_BYTES, Json, parse_object, write_json
from testamur.proofs.cose import parse_cose, read_base64, write_base64
from testamur.proofs.enveloped import enveloped_token, is_envelope, listed, types_of
from testamur.proofs.jws import Jws, parse_jws
from testamur.proofs.sd_jwt import is_sd_jwt_json, parse_sd_jwt
from testamur.proofs.token import media_name
from testamur.proofs.values import SecuredDocument

_BADGES = frozenset(("OpenBadgeCredential", "AchievementCredential", "EndorsementCredential"))
_MEDIA_TYPES = {
    "ldp_vc": "application/vc",
    "ldp_vp": "application/vp",
    "vc+jwt": "application/vc+jwt",
    "vp+jwt": "application/vp+jwt",
    "vc+sd-jwt": "application/vc+sd-jwt",
    "vp+sd-jwt": "application/vp+sd-jwt",
    "dc+sd-jwt": "application/dc+sd-jwt",
    "vc+cose": "application/vc+cose",
    "vp+cose": "application/vp+cose",
    "ob_jwt": "text/plain",
    "jwt_vc_json": "application/jwt",
    "jwt_vp_json": "application/jwt",
}
_PROMISES = {
    media_type: name
    for name, media_type in _MEDIA_TYPES.items()
    if name[2:] in ("p_vc", "p_vp") or name[2:3] == "+"
}
_COSE = b"\xd2\x84"  # a tagged COSE_Sign1
_MAX_PRESENTED = 64


def decode(raw: bytes | str, *, media_type: str | None = None) -> SecuredDocument:
    """The secured document in a JSON text, a compact JWS, an SD-JWT or a COSE_Sign1 (bytes, or their base64).

    Raises Malformed for anything else.

    An enveloped credential or presentation is unwrapped, once. ``media_type`` is what the sender
    called it: one that names a format is held against what is there.
    """
    if len(raw) > MAX_BYTES:
        raise Malformed("", f"it is longer than {MAX_BYTES} bytes")
    document = _decode(_text(raw))
    promised = _PROMISES.get((media_type or "").partition(";")[0].strip().lower())
    if promised and promised != document.format:
        raise Malformed("", f"it was sent as {media_type!r:.60} and is {document.format}")
    return document


def presented(presentation: Json) -> tuple[SecuredDocument, ...]:
    """The credentials in a presentation: embedded, enveloped or as tokens; raises Malformed."""
    held = listed(presentation.get("verifiableCredential"))
    if len(held) > _MAX_PRESENTED:
        raise Malformed("verifiableCredential", f"{len(held)} credentials are more than {_MAX_PRESENTED}")
    return tuple(map(embedded, held))


def embedded(held: Any) -> SecuredDocument:
    """The credential that stands in another document, from its own members; raises Malformed."""
    document = decode(held if isinstance(held, str) else write_json(held))
    if document.is_presentation:
        raise Malformed("verifiableCredential", "a presentation stands where a credential should")
    return document


def _text(raw: bytes | str) -> str:
    if isinstance(raw, str):
        return raw.removeprefix("\ufeff").strip()
    if raw.startswith(_COSE):
        return write_base64(raw)
    try:
        return raw.decode("utf-8").removeprefix("\ufeff").strip()
    except UnicodeDecodeError as error:
        raise Malformed("", f"byte {error.start} is not valid UTF-8") from None


def _decode(text: str) -> SecuredDocument:
    if not text.startswith("{"):
        return _decode_token(text)
    document = parse_object(text)
    if is_envelope(document):
        return _decode_envelope(document)
    if is_sd_jwt_json(document):
        return _decode_sd_jwt(text)
    name = {"VerifiableCredential": "ldp_vc", "VerifiablePresentation": "ldp_vp"}.get(_kind(document))
    if name is None:
        return _not_secured()
    return SecuredDocument(text, _MEDIA_TYPES[name], name, document, read_from=text)


def _decode_envelope(envelope: Json) -> SecuredDocument:
    media_type, token = enveloped_token(envelope)
    if _PROMISES.get(media_type, "ldp")[2:3] != "+":
        raise Unsupported(f"enveloped {media_type!r:.60} is not supported")
    document = _decode_token(token)
    if document.media_type != media_type:
        raise Malformed("id", f"it was enveloped as {media_type} and is {document.format}")
    return document


def _decode_token(text: str) -> SecuredDocument:
    if "~" in text:
        return _decode_sd_jwt(text)
    if "." not in text and text.startswith("0o"):  # base64 of a tagged COSE_Sign1
        return _decode_cose(text)
    if text.count(".") != 2 or not text.isascii():
        return _not_secured()
    jws = parse_jws(text)
    claims = parse_object(jws.payload)
    name = _token_format(jws, claims)
    return SecuredDocument(text, _MEDIA_TYPES[name], name, claims, read_from=text, jws=jws)


def _decode_sd_jwt(text: str) -> SecuredDocument:
    """What is shown is put together when the signature is looked at; until then the claims are those signed."""
    jws = parse_jws(parse_sd_jwt(text).token)
    claims = parse_object(jws.payload)
    name = media_name(jws.header, "typ")
    if name not in ("vc+sd-jwt", "vp+sd-jwt", "dc+sd-jwt"):
        raise Malformed("typ", f"{name!r:.60} is no kind of credential known here", clause="VC-JOSE §3.2")
    return SecuredDocument(text, _MEDIA_TYPES[name], name, claims, read_from=text, jws=jws)


def _decode_cose(text: str) -> SecuredDocument:
    jws, _ = parse_cose(read_base64(text))
    claims = parse_object(jws.payload)
    kind = {"VerifiableCredential": "vc+cose", "VerifiablePresentation": "vp+cose"}.get(_kind(claims), "")
    name = media_name(jws.header, "typ") or kind
    if name not in ("vc+cose", "vp+cose"):
        raise Malformed("typ", f"{name!r:.60} is no kind of credential known here", clause="VC-JOSE §3.3")
    return SecuredDocument(text, _MEDIA_TYPES[name], name, claims, jws=jws)


def _token_format(jws: Jws, claims: Json) -> str:
    kind = media_name(jws.header, "typ")
    if kind in ("vc+jwt", "vp+jwt"):
        return kind
    if kind not in ("jwt", ""):
        raise Malformed("typ", f"{kind!r:.60} is no kind of credential known here", clause="VC-JOSE §3.1")
    if isinstance(claims.get("vp"), dict):
        return "jwt_vp_json"
    inner = claims.get("vc", claims)
    types = types_of(inner) if isinstance(inner, dict) else []
    if _BADGES.intersection(types):
        return "ob_jwt"
    if inner is not claims and types:
        return "jwt_vc_json"
    found = {"VerifiableCredential": "vc+jwt", "VerifiablePresentation": "vp+jwt"}.get(_kind(claims))
    return found or _not_secured()


def _kind(document: Json) -> str:
    kinds = [
        each for each in types_of(document) if each in ("VerifiableCredential", "VerifiablePresentation")
    ]
    return kinds[0] if len(kinds) == 1 else ""


def _not_secured() -> NoReturn:
    raise Malformed("", "this is no credential and no presentation")
