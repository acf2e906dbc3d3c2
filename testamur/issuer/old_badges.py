"""Reading Open Badges 2.0: from JSON, a signed token or a baked picture, with what lies at the addresses it names."""

from __future__ import annotations

from pathlib import Path

from testamur.credentials import linked
from testamur.encoding import decode_base64url
from testamur.errors import Malformed, OperatorError
from testamur.fetch import Fetch, Fetching, NoNetwork
from testamur.files import read_bounded
from testamur.jsontext import Json, parse_object

_MAX_FILE = 4_000_000
_MAX_PART = 500_000
_MAX_DEPTH = 16


def read_assertion(source: Path, *, offline: bool = False, fetch: Fetching | None = None) -> Json:
    """The assertion with its badge class and issuer in it; raises OperatorError, Malformed, EvidenceUnusable.

    What only its address names is fetched; nothing is checked, for it is history.
    """
    network: Fetching = fetch or (NoNetwork() if offline else Fetch())
    assertion = _assertion(read_bounded(source, _MAX_FILE), source)
    for _ in range(2):  # the badge class, then its issuer
        for address in linked(assertion):
            part = parse_object(
                network.get(address, accept="application/json", max_bytes=_MAX_PART).body,
                max_depth=_MAX_DEPTH,
            )
            badge = assertion.get("badge")
            assertion["badge"] = part if isinstance(badge, str) else {**(badge or {}), "issuer": part}
    return assertion


def _assertion(data: bytes, source: Path) -> Json:
    """The JSON of an assertion, of the payload of a token, or of what is baked into a PNG."""
    if data.startswith(b"\x89PNG"):
        from testamur.render import unbake_old_png

        baked = unbake_old_png(data)
        if baked is None:
            raise OperatorError(f"{source} is a picture without a badge of Open Badges 2.0 in it")
        data = baked.encode("utf-8")
    text = data.decode("utf-8", "replace").strip()
    if text.count(".") == 2 and text.startswith("eyJ"):
        return parse_object(decode_base64url(text.split(".")[1]), max_depth=_MAX_DEPTH)
    try:
        return parse_object(text, max_depth=_MAX_DEPTH)
    except Malformed as error:
        raise OperatorError(f"{source} is no Open Badges 2.0 assertion: {error}") from None
