"""A letter that came back: the delivery report (RFC 3464) says which one, and why."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass
from email.message import EmailMessage

from testamur.errors import Malformed

_OURS = re.compile(r"<([0-9a-f]{32})@[^>\s]+>")
_MAX = 5_000_000


@dataclass(frozen=True, slots=True)
class Bounce:
    """Which letter came back, by its token, and what the server said."""

    token: str
    reason: str


def read_bounce(data: bytes) -> Bounce:
    """The failure that a delivery report tells; raises Malformed for anything else, such as a mere delay."""
    if len(data) > _MAX:
        raise Malformed("", "the report is too long")
    message = email.message_from_bytes(data, policy=email.policy.default)
    status, original = "", ""
    for number, part in enumerate(message.walk()):
        if number > 100:
            raise Malformed("", "the report has too many parts")
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            status += "\n".join(str(inner) for inner in part.get_payload() if isinstance(inner, EmailMessage))
        elif kind in ("message/rfc822", "text/rfc822-headers"):
            original += str(part)
    if not re.search(r"^Action:\s*failed\s*$", status, re.IGNORECASE | re.MULTILINE):
        raise Malformed("", "this is no report that a letter could not be delivered")
    found = _OURS.search(original)
    if found is None:
        raise Malformed("", "the letter that came back was not sent from here")
    said = re.search(r"^Diagnostic-Code:\s*(.+)$", status, re.IGNORECASE | re.MULTILINE)
    code = re.search(r"^Status:\s*(\S+)", status, re.IGNORECASE | re.MULTILINE)
    words = (said[1] if said else code[1] if code else "it came back").split()
    return Bounce(found[1], " ".join("…" if "@" in word else word for word in words)[:300])
