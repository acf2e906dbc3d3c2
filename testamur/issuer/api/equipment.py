"""The key of an issuer instance, out of a school's home, a key file, a hardware module, or made at the start."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass

from testamur.errors import OperatorError
from testamur.home import Home
from testamur.issuer.api.settings import TEMPORARY, IssuerSettings
from testamur.issuer.signing import active_key
from testamur.keys import Signer
from testamur.store import Ledger
from testamur.vcalm import Server, signer_of


@dataclass(frozen=True, slots=True)
class Equipment:
    """A signer, where its records are kept if they are, and where its status lists are looked up."""

    signer: Signer
    ledger: Ledger | None
    status_url: str  # "/NUMBER" and the suffix follow
    status_suffix: str = ""

    @property
    def issuer_id(self) -> str:
        """The DID that signs."""
        return self.signer.verification_method.partition("#")[0]


def equip(settings: IssuerSettings, server: Server) -> Equipment:
    """What the instance works with; raises OperatorError where its key or ledger cannot be opened."""
    if settings.home:
        return _of_home(settings, server)
    signer = signer_of(settings.key, server)
    return Equipment(signer, _ledger(settings), f"{server.address(settings.name)}/status-lists")


def _of_home(settings: IssuerSettings, server: Server) -> Equipment:
    home = Home.find(settings.home)
    ledger = home.ledger(by="api")
    signer = home.signer(active_key(home, ledger, "assertion"), server.ask or _nobody)
    return Equipment(signer, ledger, home.status_url, ".json")


def _ledger(settings: IssuerSettings) -> Ledger | None:
    if settings.ledger == TEMPORARY:
        folder = tempfile.mkdtemp(prefix="testamur-")
        return Ledger.open(f"sqlite:///{folder}/ledger.sqlite", by="api")
    return Ledger.open(settings.ledger, by="api") if settings.ledger else None


def _nobody(question: str) -> str:
    raise OperatorError(f"{question}: there is nobody to ask", hint="set TESTAMUR_PASSPHRASE")
