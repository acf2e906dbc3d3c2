"""A verifying app over the simulated town."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from testamur.keys import LocalSigner
from testamur.leaves import Leaves
from testamur.serving import Bounds
from testamur.verifier.app import make_app
from testamur.verifier.desk import Desk
from testamur.verifier.office import Office
from testamur.verifier.questions import Questions
from testamur.verifier.receipts import Receipts
from tests.served import Served, serving
from tests.town import NOW, Town, key


def office_of(
    town: Town, *, receipts: bool = False, name: str = "", questions: Path | None = None, **settings: Any
) -> Office:
    """The office of an employer in the town, at noon of the first of September."""
    desk = Desk(town.employer(**settings), town.web, now=lambda: NOW)
    office_key = key("the office")
    did = f"did:key:{office_key.public_key.multikey}"
    signer = LocalSigner(office_key, f"{did}#{office_key.public_key.multikey}")
    trust = sha256(b"the trust file").digest()
    given = Receipts(signer, name, (trust,)) if receipts else None
    asks = None
    if questions is not None:
        sites = [f"https://{town.school.host}"]
        asks = Questions.open(f"sqlite:///{questions}", signer, bytes(32), desk.verifier, sites, name=name)
    return Office(desk, Leaves("testamur.verifier", name), receipts=given, questions=asks)


@contextmanager
def verifying_app(
    town: Town, *, rate: int = 0, bounds: Bounds | None = None, **settings: Any
) -> Iterator[Served]:
    """Its app, running until the block ends."""
    with serving(make_app(office_of(town, **settings), rate=rate, bounds=bounds or Bounds())) as served:
        yield served
