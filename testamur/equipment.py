"""What a verifier at a terminal works with: trust files, a cache, the network or none."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from testamur.errors import Malformed, OperatorError

if TYPE_CHECKING:
    from testamur.fetch import Fetching
    from testamur.home import Home
    from testamur.trust import TrustSource
    from testamur.verifying import Verifier

TRUST_FILE = "trusted.toml"
_AGE = re.compile(r"(\d{1,5})\s*([hdw])", re.ASCII)
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


@dataclass(frozen=True, slots=True)
class Equipment:
    """A verifier, and what opens the addresses a person names."""

    verifier: Verifier
    fetch: Fetching


def equip(
    *,
    home: str | None,
    trust: Sequence[Path],
    offline: bool,
    max_age: timedelta,
    allow: Sequence[str] = (),
    mirrors: Sequence[Path] = (),
    domain: str = "",
    challenge: str = "",
) -> Equipment:
    """The verifier of these options; raises OperatorError for a trust file or home that cannot be used."""
    from testamur.checks import Audience, Policy
    from testamur.did import Resolver
    from testamur.fetch import Cached, Fetch, NoNetwork
    from testamur.trust import all_pins
    from testamur.verifying import Verifier

    place = find_home(home)
    network: Fetching = NoNetwork() if offline else Fetch(allow)
    kept = Cached(network, cache_folder(place), max_age, offline=offline)
    fetch = mirrored(kept, mirrors, max_age)
    listed = trust_sources(place, trust)
    resolver = Resolver(fetch, pins=all_pins(listed), offline=offline)
    audience = Audience(domain, challenge) if domain or challenge else None
    policy = Policy(max_age=max_age, audience=audience)
    return Equipment(Verifier(resolver, fetch, listed, policy), network)


def mirrored(fetch: Fetching, folders: Sequence[Path], max_age: timedelta = timedelta.max) -> Fetching:
    """The network with published folders standing for their sites; raises OperatorError for any other folder."""
    from testamur.fetch import Mirror

    for folder in folders:
        fetch = Mirror(folder, fetch, max_age=max_age)
    return fetch


def find_home(given: str | None) -> Home | None:
    """The school's home where there is one; raises OperatorError where the one given is none."""
    from testamur.home import Home

    if given or os.environ.get("TESTAMUR_HOME"):
        return Home.find(given)
    try:
        return Home.find(None)
    except OperatorError:
        return None


def trust_sources(home: Home | None, files: Sequence[Path]) -> list[TrustSource]:
    """The trust files named, then those of the home, which trusts its own issuers."""
    from testamur.trust import load_pinned

    listed: list[TrustSource] = [load_pinned(path) for path in files]
    if home is not None:
        own = home.folder / TRUST_FILE
        listed += [home.trust(), *([load_pinned(own)] if own.is_file() else [])]
    return listed


def cache_folder(home: Home | None) -> Path:
    """Where fetched lists are kept: in the home, else in the person's cache."""
    if home is not None:
        return home.cache_folder
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "testamur"


def parse_age(text: str) -> timedelta:
    """The time of "30d", "12h" or "2w"; raises OperatorError."""
    match = _AGE.fullmatch(text.strip())
    if match is None:
        raise OperatorError(f"{text!r:.40} is no age", hint="write it as 12h, 30d or 2w")
    return int(match[1]) * _UNITS[match[2]]


def parse_moment(text: str | None) -> datetime:
    """The beginning of a day ("2031-01-01"), an instant, or now; raises OperatorError."""
    from testamur.times import parse_instant

    if text is None:
        return datetime.now(UTC)
    try:
        return parse_instant(f"{text}T00:00:00Z" if _DAY.fullmatch(text) else text)
    except Malformed:
        raise OperatorError(f"{text!r:.40} is no day", hint="write it as 2031-01-01") from None
