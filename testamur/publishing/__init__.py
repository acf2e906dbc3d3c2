"""What of the ledger is public, as a folder that any web host can serve."""

from testamur.publishing.checking import Difference, check_served
from testamur.publishing.publish import Published, publish
from testamur.publishing.site import GOOD_FOR, WARN_BEFORE, Site

__all__ = ["GOOD_FOR", "WARN_BEFORE", "Difference", "Published", "Site", "check_served", "publish"]
