"""Reading trust files: one schema, as TOML and as JSON (docs/trust-file.md)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from testamur.did import RELATIONSHIPS, is_controller
from testamur.errors import Malformed, TestamurError
from testamur.jsontext import Json, parse_object
from testamur.keys import PublicKey, VerificationMethod, read_certificate
from testamur.times import parse_instant
from testamur.trust.authorities import TrustedAuthority
from testamur.trust.entries import TrustedIssuer, TrustedMethod

MAX_TEXT = 4_000_000
_MAX_ISSUERS = 20_000
_MAX_METHODS = 1000
_MAX_AUTHORITIES = 1000
_MAX_CERTIFICATE = 20_000
_ISSUER = {"id", "name", "fetched", "url", "digests", "from", "until", "types", "method"}
_AUTHORITY = {"name", "certificate", "from", "until", "types", "hosts"}
_METHOD = {"id", "multikey", "purposes", "use", "expires", "revoked"}

# A dotted key of many parts takes the parser quadratic time, so such keys are looked for first. Strings and
# comments are tokens of their own; one that does not end runs to the end, where the parser will stop too.
_KEY = r"""(?:[A-Za-z0-9_-]++|"(?:[^"\\\n]|\\[^\n])*+"?|'[^'\n]*+'?)"""
_DOT = r"[ \t]*+\.[ \t]*+"
_TOKEN = re.compile(
    rf"""\"{{3}}(?:[^"\\]|\\.|"(?!""))*+(?:\"{{3}})?|'{{3}}(?:[^']|'(?!''))*+(?:'{{3}})?|\#[^\n]*+"""
    rf"|{_KEY}(?:{_DOT}{_KEY}){{0,3}}(?P<deep>{_DOT})?",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class TrustFile:
    """What one trust file says: issuers somebody looked at, and authorities whose certificates are taken."""

    issuers: tuple[TrustedIssuer, ...] = ()
    authorities: tuple[TrustedAuthority, ...] = ()


def read_toml(text: str) -> TrustFile:
    """Return what a TOML trust file says; raises Malformed with the place of the mistake."""
    if len(text) > MAX_TEXT:
        raise Malformed("", f"a trust file has at most {MAX_TEXT} characters")
    _check_keys(text)
    try:
        return read_members(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Malformed("", f"not usable as TOML: {error}") from None


def _check_keys(text: str) -> None:
    if any(token["deep"] for token in _TOKEN.finditer(text)):
        raise Malformed("", "not usable as TOML: a key has more than four parts")


def read_json(text: str) -> TrustFile:
    """Return what a JSON trust file says; raises Malformed with the place of the mistake."""
    return read_members(parse_object(text, max_bytes=MAX_TEXT))


def read_members(members: Json) -> TrustFile:
    """Return what a trust file's members say; an issuer that is named twice is Malformed."""
    _only(members, {"issuer", "authority"}, "")
    listed = _items(members, "authority", "", _MAX_AUTHORITIES)
    authorities = tuple(_authority(item, f"authority[{place}]") for place, item in enumerate(listed))
    issuers = tuple(
        _issuer(item, f"issuer[{place}]")
        for place, item in enumerate(_items(members, "issuer", "", _MAX_ISSUERS))
    )
    seen: set[str] = set()
    for place, issuer in enumerate(issuers):
        if issuer.id in seen:
            raise Malformed(f"issuer[{place}].id", f"{issuer.id:.80} is in the file twice")
        seen.add(issuer.id)
    return TrustFile(issuers, authorities)


def _authority(item: Any, path: str) -> TrustedAuthority:
    _only(item, _AUTHORITY, path)
    try:
        certificate = read_certificate(_text(item, "certificate", path, limit=_MAX_CERTIFICATE))
    except TestamurError as error:
        raise Malformed(f"{path}.certificate", str(error)) from None
    return TrustedAuthority(
        name=_text(item, "name", path),
        certificate=certificate,
        since=_instant(item, "from", path),
        until=_instant(item, "until", path),
        types=_texts(item, "types", path),
        hosts=tuple(host.lower() for host in _texts(item, "hosts", path)),
    )


def _issuer(item: Any, path: str) -> TrustedIssuer:
    _only(item, _ISSUER, path)
    identifier = _text(item, "id", path)
    if not is_controller(identifier):
        raise Malformed(f"{path}.id", f"{identifier!r:.80} is neither a DID nor an https address")
    methods = _items(item, "method", path, _MAX_METHODS)
    issuer = TrustedIssuer(
        id=identifier,
        name=_text(item, "name", path),
        fetched=_instant(item, "fetched", path),
        url=_url(item, "url", path),
        digests=_url(item, "digests", path),
        since=_instant(item, "from", path),
        until=_instant(item, "until", path),
        types=_texts(item, "types", path),
        methods=tuple(_method(one, identifier, f"{path}.method[{n}]") for n, one in enumerate(methods)),
    )
    if len({pin.method.id for pin in issuer.methods}) != len(issuer.methods):
        raise Malformed(f"{path}.method", "two keys have the same id")
    return issuer


def _method(item: Any, controller: str, path: str) -> TrustedMethod:
    _only(item, _METHOD, path)
    identifier = _text(item, "id", path)
    if not identifier.startswith(f"{controller}#"):
        raise Malformed(f"{path}.id", f"{identifier!r:.80} is no key of this issuer")
    use = item.get("use", "")
    if use not in ("", "status"):
        raise Malformed(f"{path}.use", f"{use!r:.40} is no use; leave it out or write status")
    purposes = _texts(item, "purposes", path) or ("assertionMethod",)
    if not set(purposes) <= set(RELATIONSHIPS):
        raise Malformed(f"{path}.purposes", f"a purpose is one of {', '.join(RELATIONSHIPS)}")
    method = VerificationMethod(
        id=identifier,
        controller=controller,
        public_key=_key(item, path),
        expires=_instant(item, "expires", path),
        revoked=_instant(item, "revoked", path),
        use=use,
    )
    return TrustedMethod(method, purposes)


def _key(item: Json, path: str) -> PublicKey:
    try:
        return PublicKey.from_multikey(_text(item, "multikey", path))
    except TestamurError as error:
        raise Malformed(f"{path}.multikey", str(error)) from None


def _only(item: Any, known: set[str], path: str) -> None:
    """Refuse a member we do not know: it may be a limit, and a limit not understood is not kept."""
    if not isinstance(item, dict):
        raise Malformed(path, "this must be a table")
    for name in item:
        if name not in known:
            raise Malformed(path, f"{name!r:.40} is not known here; known are {', '.join(sorted(known))}")


def _items(item: Json, name: str, path: str, limit: int) -> list[Any]:
    items = item.get(name, [])
    where = f"{path}.{name}" if path else name
    if not isinstance(items, list):
        raise Malformed(where, f"write it as [[{where.split('[')[0]}]] in TOML, as a list in JSON")
    if len(items) > limit:
        raise Malformed(where, f"{len(items)} entries are more than {limit}")
    return items


def _text(item: Json, name: str, path: str, *, limit: int = 4096) -> str:
    text = item.get(name)
    if not isinstance(text, str) or not text.strip() or len(text) > limit:
        raise Malformed(f"{path}.{name}", "this must be a text that is not empty")
    return text


def _texts(item: Json, name: str, path: str) -> tuple[str, ...]:
    texts = item.get(name, [])
    if not isinstance(texts, list) or not all(isinstance(text, str) and text for text in texts):
        raise Malformed(f"{path}.{name}", "this must be a list of texts")
    return tuple(texts)


def _url(item: Json, name: str, path: str) -> str:
    if name not in item:
        return ""
    url = _text(item, name, path)
    if not url.startswith(("https://", "http://")):
        raise Malformed(f"{path}.{name}", f"{url!r:.80} is not a web address")
    return url


def _instant(item: Json, name: str, path: str) -> datetime | None:
    """Read an instant: TOML's own with a zone, a day (its beginning in UTC) or a text."""
    value = item.get(name)
    if value is None:
        return None
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise Malformed(f"{path}.{name}", "the time needs a zone, such as the Z in 2026-07-01T00:00:00Z")
        return value.astimezone(UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return parse_instant(value, f"{path}.{name}")


READERS: dict[str, Callable[[str], TrustFile]] = {
    "application/toml": read_toml,
    "application/json": read_json,
}
