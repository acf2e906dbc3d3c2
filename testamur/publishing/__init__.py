"""What of the ledger is public, as a folder that any web host can serve."""

from testamur.publishing.checking import Difference, check_served
from testamur.publishing.histories import HistoryFiles, history_files, open_history
from testamur.publishing.publish import Published, publish
from testamur.publishing.site import DIGESTS_URL, GOOD_FOR, TRUST_URL, WARN_BEFORE, Site
from testamur.publishing.verifier_page import PAGE

__all__ = [
    "DIGESTS_URL",
    "GOOD_FOR",
    "PAGE",
    "TRUST_URL",
    "WARN_BEFORE",
    "Difference",
    "HistoryFiles",
    "Published",
    "Site",
    "check_served",
    "history_files",
    "open_history",
    "publish",
]
