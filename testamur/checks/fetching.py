"""Fetching evidence: over https, and no older than the policy allows."""

from __future__ import annotations

from testamur.checks.case import Case
from testamur.errors import EvidenceUnusable


def fetch_evidence(case: Case, url: str, accept: str, max_bytes: int) -> bytes:
    """The bytes at an address that a document names; raises EvidenceUnusable."""
    if not url.startswith("https://"):
        raise EvidenceUnusable(f"{url!r:.80} is not an https address")
    fetched = case.fetch.get(url, accept=accept, max_bytes=max_bytes)
    if case.at - fetched.at > case.policy.max_age:
        raise EvidenceUnusable(f"the copy at hand was fetched on {fetched.at:%Y-%m-%d}, too long ago")
    return fetched.body
