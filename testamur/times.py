"""Instants as the standards write them: XSD dateTimeStamp, always with a zone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

from testamur.errors import Malformed

_STAMP = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,18}))?(Z|[+-]\d\d:\d\d)", re.ASCII)


def parse_instant(text: object, path: str = "") -> datetime:
    """The aware instant of a dateTimeStamp such as ``2026-07-01T00:00:00Z``; raises Malformed.

    Fractions finer than a microsecond are cut; ``24:00:00`` and leap seconds are not accepted.
    """
    if not isinstance(text, str):
        raise Malformed(path, f"{text!r:.60} is not a date and time with a zone", clause="VCDM §4.9")
    return _parse(text, path)


@lru_cache(maxsize=1024)  # a record is asked for its few dates by every check, and a cohort has the same ones
def _parse(text: str, path: str) -> datetime:
    match = _STAMP.fullmatch(text)
    if match is None:
        raise Malformed(path, f"{text!r:.60} is not a date and time with a zone", clause="VCDM §4.9")
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    try:
        if zone == "Z":
            offset: timezone = UTC
        else:
            sign = -1 if zone[0] == "-" else 1
            hours, minutes = int(zone[1:3]), int(zone[4:6])
            if minutes > 59 or hours > 14:
                raise ValueError
            offset = timezone(sign * timedelta(hours=hours, minutes=minutes))
        micro = int((fraction or "0")[:6].ljust(6, "0"))
        moment = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second), micro, offset)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Malformed(path, f"{text!r:.60} is not a real date and time", clause="VCDM §4.9") from None


@lru_cache(maxsize=64)  # the records of a batch are all signed at one instant
def write_instant(moment: datetime) -> str:
    """The instant in UTC to the second: ``2026-07-01T00:00:00Z``."""
    return moment.astimezone(UTC).replace(microsecond=0).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")


def from_epoch(seconds: object, path: str = "") -> datetime:
    """The instant of a JWT NumericDate; raises Malformed outside the years 1970 to 9999."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds < 253402300800:
        raise Malformed(path, f"{seconds!r:.40} is not a time in seconds", clause="RFC 7519 §2")
    return datetime.fromtimestamp(seconds, UTC)


def to_epoch(moment: datetime) -> int:
    """Whole seconds since 1970, as JWT claims have them."""
    return int(moment.timestamp())
