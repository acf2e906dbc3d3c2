"""The one door to the network: addresses that stand in documents are opened here and nowhere else."""

from testamur.fetch.cached import Cached
from testamur.fetch.fetched import Answered, Fetched, Fetching, NoNetwork, Posting
from testamur.fetch.fetching import Fetch
from testamur.fetch.memory import Memory
from testamur.fetch.mirror import MAX_SITE, SITE, Mirror
from testamur.fetch.origins import Origin

__all__ = [
    "MAX_SITE",
    "SITE",
    "Answered",
    "Cached",
    "Fetch",
    "Fetched",
    "Fetching",
    "Memory",
    "Mirror",
    "NoNetwork",
    "Origin",
    "Posting",
]
