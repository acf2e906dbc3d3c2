"""Fetching evidence: over https, and no older than the policy allows."""

from __future__ import annotations

from testamur.checks.case import Case
from testamur.errors import EvidenceUnusable
from testamur.words import say


def fetch_evidence(case: Case, url: str, accept: str, max_bytes: int) -> bytes:
    """The bytes at an address that a document names; raises EvidenceUnusable."""
    if not url.startswith("https://"):
        raise EvidenceUnusable(say("{url} is not an https address", url=f"{url!r:.80}"))
    fetched = case.fetch.get(url, accept=accept, max_bytes=max_bytes)
    if case.at - fetched.at > case.policy.max_age:
        raise EvidenceUnusable(say("the copy at hand was fetched on {day}, too long ago", day=fetched.at))
    return fetched.body
