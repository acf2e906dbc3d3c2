"""What an organisation decides for itself: the settings there are, and what each may say."""

from __future__ import annotations

from testamur.errors import OperatorError
from testamur.issuer.drafts.preparing import checked_kinds
from testamur.store.drafts import TWO_PERSONS

SETTINGS = {
    TWO_PERSONS: "what needs two persons, one who prepares and one who approves: issue, correct, revoke, undo",
}
"""The settings by name, each with what it means."""

_CHECKS = {TWO_PERSONS: checked_kinds}


def checked_setting(name: str, value: str) -> str:
    """The value as it is kept; raises OperatorError on an unknown setting or a value that it cannot have."""
    if name not in SETTINGS:
        raise OperatorError(f"there is no setting {name!r:.60}", hint=f"there is {', '.join(SETTINGS)}")
    return _CHECKS[name](value) if value.strip() else ""
