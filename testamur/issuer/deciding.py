"""What an organisation decides for itself: the settings there are, and what each may say."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from testamur.errors import OperatorError
from testamur.issuer.drafts.preparing import checked_kinds
from testamur.issuer.retaining import (
    KEEP_CONTACTS,
    KEEP_DRAFTS,
    KEEP_LETTERS,
    KEEP_RECORDS,
    USUAL,
    checked_number,
)
from testamur.store.drafts import TWO_PERSONS

SETTINGS = {
    TWO_PERSONS: "what needs two persons, one who prepares and one who approves: issue, correct, revoke, undo",
    KEEP_DRAFTS: "days until a draft that nobody approved is withdrawn; 0 for ever [90]",
    KEEP_LETTERS: "days that the log of a letter is kept after its end; 0 for ever [400]",
    KEEP_CONTACTS: "days after issuing that a learner's address is kept; 0 for ever [400]",
    KEEP_RECORDS: "years after issuing until a record's personal data are erased; 0 for ever [0]",
}
"""The settings by name, each with what it means."""

_CHECKS: dict[str, Callable[[str], str]] = {
    TWO_PERSONS: checked_kinds,
    **{name: partial(checked_number, name) for name in USUAL},
}


def checked_setting(name: str, value: str) -> str:
    """The value as it is kept; raises OperatorError on an unknown setting or a value that it cannot have."""
    if name not in SETTINGS:
        raise OperatorError(f"there is no setting {name!r:.60}", hint=f"there is {', '.join(SETTINGS)}")
    return _CHECKS[name](value) if value.strip() else ""
