"""A slip: what was found in one file, sealed by this app, so that it need not be remembered here.

The reader's page carries it and hands it back for a spreadsheet or a receipt; one that was changed is refused.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from testamur.checks import Outcome, Report
from testamur.errors import Malformed
from testamur.jsontext import Json, parse_object, write_json
from testamur.times import write_instant
from testamur.verifier.desk import Looked
from testamur.verifier.output import row

MAX_SLIPS = 10_000
_MAX_SLIP = 16_000_000
_MAX_CELL = 500
_SEAL = sha256().digest_size


@dataclass(frozen=True, slots=True)
class Seal:
    """Seals slips with a secret that lives as long as the app."""

    secret: bytes

    def slip(self, looked: Looked, at: datetime) -> str:
        """What was found in a file, as base64url text."""
        body = write_json(_members(looked, at)).encode("utf-8", "replace")
        return base64.urlsafe_b64encode(self._seal(body) + body).decode("ascii").rstrip("=")

    def open(self, text: str) -> Json:
        """What a slip holds; raises Malformed for one that is not from here, or not as it was."""
        try:
            raw = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise Malformed("", "this is no slip of this page") from None
        seal, body = raw[:_SEAL], raw[_SEAL:]
        if not hmac.compare_digest(seal, self._seal(body)):
            raise Malformed("", "a slip was not made by this page, or by it before it was started again")
        return parse_object(body, max_bytes=_MAX_SLIP)

    def open_all(self, texts: Iterable[str]) -> list[Json]:
        """What several slips hold, in their order, each once; raises Malformed where there is none or too many."""
        slips = list(dict.fromkeys(text.strip() for text in texts if text.strip()))
        if not slips or len(slips) > MAX_SLIPS:
            raise Malformed(
                "", "there is nothing to write down" if not slips else "these are too many at once"
            )
        return [self.open(text) for text in slips]

    def _seal(self, body: bytes) -> bytes:
        return hmac.digest(self.secret, body, "sha256")


def _members(looked: Looked, at: datetime) -> Json:
    reports = [each for outer in looked.reports for each in (outer, *outer.inner)]
    members: dict[str, Any] = {
        "name": looked.name,
        "at": write_instant(at),
        "file": looked.digest,
        "error": looked.error,
        "rows": [[value[:_MAX_CELL] for value in row(report)] for report in reports],
        "found": [_found(report) for report in reports],
    }
    return members


def _found(report: Report) -> Json:
    """What a receipt tells of a record: digests, words of the answer and lists, nothing of what it says."""
    status = report.check("status")
    as_of = status.as_of if status else None
    return {
        "digest": report.digest,
        "headline": report.headline.value,
        "verdict": report.verdict.value,
        "checks": {check.name: check.outcome.value for check in report.checks},
        "issuer": report.facts.issuer if report.outcome("issuer") is Outcome.PASSED else "",
        "lists": _lists(report) if as_of else [],
        "as_of": write_instant(as_of) if as_of else "",
    }


def _lists(report: Report) -> list[str]:
    """The addresses of the status lists it names."""
    entries = report.claims.get("credentialStatus")
    listed = entries if isinstance(entries, list) else [entries]
    found = [entry.get("statusListCredential") for entry in listed if isinstance(entry, dict)]
    return sorted({url for url in found if isinstance(url, str)})
