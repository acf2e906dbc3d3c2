"""What one person prepares and another approves: issuing, correcting, revoking, undoing."""

from testamur.issuer.drafts.carrying_out import carry_out, resume
from testamur.issuer.drafts.preparing import (
    box_of,
    needs_two,
    prepare_correction,
    prepare_issue,
    prepare_revocation,
    prepare_undoing,
)

__all__ = [
    "box_of",
    "carry_out",
    "needs_two",
    "prepare_correction",
    "prepare_issue",
    "prepare_revocation",
    "prepare_undoing",
    "resume",
]
