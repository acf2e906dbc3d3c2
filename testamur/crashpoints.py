"""Named points of issuing at which the kill test stops the process; without its variable they do nothing."""

from __future__ import annotations

import os
import signal

VARIABLE = "TESTAMUR_CRASH_AT"
POINTS = (
    "checked",
    "reserved",
    "status_added",
    "signed",
    "paper_signed",
    "recording",
    "recorded",
    "rendered",
    "written_temp",
    "renamed",
)

FOUNDING_POINTS = ("keys_kept", "log_begun")
"""Where the founding of a school with a history is stopped."""

HISTORY_POINTS = ("update_key_kept", "log_continued")
"""Where the writing of an entry of its history is stopped."""

MOVING_POINTS = ("moved_in_history", "moved_in_ledger")
"""Where its move to another address is stopped."""

MAIL_POINTS = ("letter_taken", "letter_handing", "letter_handed")
"""Where the sending of a letter is stopped."""

_passed: dict[str, int] = {}


def reached(name: str) -> None:
    """Kill this process at once if the environment says ``TESTAMUR_CRASH_AT=name:n`` and this is the nth time."""
    wanted = os.environ.get(VARIABLE)
    if not wanted or wanted.partition(":")[0] != name:
        return
    _passed[name] = _passed.get(name, 0) + 1
    if str(_passed[name]) == (wanted.partition(":")[2] or "1"):
        os.kill(os.getpid(), signal.SIGKILL)
