"""What a record says: VCDM 2.0 and 1.1, Open Badges 3.0, and its facts for people."""

from testamur.credentials.credential import Credential, Presentation
from testamur.credentials.facts import Facts, facts
from testamur.credentials.status_entry import StatusEntry

__all__ = ["Credential", "Facts", "Presentation", "StatusEntry", "facts"]
