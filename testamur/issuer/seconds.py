"""Moments that are written in whole seconds, kept apart."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


def in_a_later_second(moment: datetime) -> datetime:
    """Wait, where it has to be, until the second of a moment is over; returns what time it is then."""
    begun = moment.replace(microsecond=0)
    while datetime.now(UTC) < begun + timedelta(seconds=1):
        time.sleep(0.05)
    return datetime.now(UTC)
