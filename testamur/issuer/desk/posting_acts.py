"""What the worker looks after beside its jobs: letters that are due, and what is past the time it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from testamur.errors import TestamurError
from testamur.issuer.desk.office import Office
from testamur.issuer.mailing import MAIL, MailSettings, send_due
from testamur.issuer.retaining import tidy

_AT_A_TIME = 100
_DAILY = timedelta(days=1)
_ACCOUNT = "desk"


def send_letters(office: Office) -> None:
    """Send the letters that are due, of every organisation that has a mail server; what fails is noted on the letter."""
    for school in office.schools():
        if not (school.home.folder / MAIL).is_file():
            continue
        try:
            settings = MailSettings.load(school.home.folder)
            ledger = school.ledger.by(_ACCOUNT)
            send_due(school.home, ledger, office.box, settings, now=office.now, most=_AT_A_TIME)
        except TestamurError:
            continue  # settings that are wrong; `testamur mail send` says so


@dataclass
class LettingGo:
    """Once a day, and when the desk starts: what is past its time goes, as each organisation has decided."""

    last: datetime | None = None

    def __call__(self, office: Office) -> None:
        """Look whether a day is over."""
        at = office.now()
        if self.last is not None and at - self.last < _DAILY:
            return
        self.last = at
        for school in office.schools():
            tidy(school.home, school.ledger.by(_ACCOUNT), at=at)
