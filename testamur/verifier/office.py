"""Everything one verifying app has: the desk, its pages, the seal on its slips, and a key for receipts."""

from __future__ import annotations

from dataclasses import dataclass, field
from secrets import token_bytes

from testamur.leaves import Leaves
from testamur.verifier.desk import Desk
from testamur.verifier.questions import Questions
from testamur.verifier.receipts import Receipts
from testamur.verifier.slips import Seal


@dataclass(frozen=True, slots=True)
class Office:
    """One app; processes that answer at the same place share the seal."""

    desk: Desk
    leaves: Leaves = field(default_factory=lambda: Leaves("testamur.verifier"))
    seal: Seal = field(default_factory=lambda: Seal(token_bytes(32)))
    receipts: Receipts | None = None
    questions: Questions | None = None  # None: this app asks no wallets
