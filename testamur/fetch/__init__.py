"""The one door to the network: addresses that stand in documents are opened here and nowhere else."""

from testamur.fetch.cached import Cached
from testamur.fetch.fetched import Fetched, Fetching, NoNetwork
from testamur.fetch.fetching import Fetch
from testamur.fetch.memory import Memory
from testamur.fetch.mirror import MAX_SITE, SITE, Mirror
from testamur.fetch.origins import Origin

__all__ = [
    "MAX_SITE",
    "SITE",
    "Cached",
    "Fetch",
    "Fetched",
    "Fetching",
    "Memory",
    "Mirror",
    "NoNetwork",
    "Origin",
]
