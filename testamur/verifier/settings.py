"""What an operator sets for a verifying app, and the office that comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from secrets import token_bytes

from testamur.equipment import TRUST_FILE, equip, find_home
from testamur.files import read_bounded
from testamur.leaves import Leaves
from testamur.verifier.desk import Desk
from testamur.verifier.office import Office
from testamur.verifier.questions import Questions, passing_signer, sites_of
from testamur.verifier.receipts import Receipts, open_office_key
from testamur.verifier.slips import Seal
from testamur.verifying import Verifier

_MAX_TRUST = 4_000_000


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that is needed to make the app again in another process."""

    home: str | None = None
    trust: Sequence[Path] = ()
    max_age: timedelta = timedelta(days=30)
    allow: Sequence[str] = ()
    mirrors: Sequence[Path] = ()
    rate: int = 120
    name: str = ""
    receipt_key: Path | None = None
    passphrase: str = field(default="", repr=False)
    questions: str = ""  # the database in which questions to wallets wait; "" where none are asked
    url: str = ""  # under which wallets find this app; "" where that is as they were asked
    secret: bytes = field(default_factory=lambda: token_bytes(32), repr=False)  # seals slips

    def office(self) -> Office:
        """The office of these settings; raises OperatorError for what cannot be used."""
        tools = equip(
            home=self.home,
            trust=self.trust,
            offline=False,
            max_age=self.max_age,
            allow=self.allow,
            mirrors=self.mirrors,
        )
        desk = Desk(tools.verifier, tools.fetch)
        receipts = self._receipts()
        questions = self._questions(receipts, tools.verifier) if self.questions else None
        return Office(desk, Leaves("testamur.verifier", self.name), Seal(self.secret), receipts, questions)

    def _questions(self, receipts: Receipts | None, verifier: Verifier) -> Questions:
        """Questions signed with the key for receipts, or with one that lives as long as the app."""
        signer = receipts.signer if receipts else passing_signer(self.secret)
        sites = sites_of(verifier.trust)
        return Questions.open(
            self.questions, signer, self.secret, verifier, sites, name=self.name, url=self.url
        )

    def _receipts(self) -> Receipts | None:
        if self.receipt_key is None:
            return None
        signer = open_office_key(self.receipt_key, self.passphrase)
        return Receipts(signer, self.name, self._trust_digests())

    def _trust_digests(self) -> tuple[bytes, ...]:
        """The SHA-256 of each trust file, so that a receipt says against which lists of issuers."""
        home = find_home(self.home)
        own = [home.folder / TRUST_FILE] if home and (home.folder / TRUST_FILE).is_file() else []
        return tuple(sha256(read_bounded(path, _MAX_TRUST)).digest() for path in (*self.trust, *own))
