"""A school whose records are claimed: a home on the disk, three graduates, and the desk that answers over HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from testamur.cli import run
from testamur.fetch import Fetch
from testamur.home import Home
from testamur.issuer.desk.app import make_app
from testamur.issuer.desk.office import Office
from testamur.openid4vci import MadeOffer, Offer, make_offer, read_offer
from testamur.store import Record
from testamur.store.claims import Claims
from tests.issuer.conftest import ISSUE, SHEET
from tests.served import Served, serving

PASSPHRASE = "ማር"


@dataclass
class Claimed:
    """The office of one school, served; ``now`` is what its clock says."""

    office: Office
    served: Served
    claims: Claims
    records: list[Record]
    moved: timedelta = field(default_factory=timedelta)

    @property
    def url(self) -> str:
        return self.served.url

    @property
    def fetch(self) -> Fetch:
        return Fetch(allow=(self.url,))

    def now(self) -> datetime:
        return datetime.now(UTC) + self.moved

    def offer(self, number: int = 0, *, code: bool = True, **how: timedelta) -> MadeOffer:
        with self.claims.writing() as connection:
            return make_offer(connection, self.records[number].id, with_code=code, at=self.now(), **how)

    def page(self, made: MadeOffer) -> str:
        return f"/claim/valdoria/{made.link}"

    def reference(self, made: MadeOffer, *, by_code: bool = False) -> str:
        where = f"{self.url}/claims/valdoria/offers/{made.link}"
        grant = "?grant=authorization_code" if by_code else ""
        return f"openid-credential-offer://?credential_offer_uri={where}{grant}"

    def opened(self, made: MadeOffer, *, by_code: bool = False) -> Offer:
        return read_offer(self.reference(made, by_code=by_code), self.fetch)


def make_home(folder: Path, *, store: str = "") -> Home:
    """A home with three records and nothing published."""
    home = folder / "valdoria"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TESTAMUR_HOME", str(home))
        patch.setenv("TESTAMUR_PASSPHRASE", PASSPHRASE)
        made = ["init", "--name", "Universidad de Valdoria", "--url", "https://valdoria.example"]
        assert run([*made, *(["--store", store] if store else [])]) == 0
        settings = home / "testamur.toml"
        listed = re.sub(r"token_lists = .*", 'token_lists = ["jwt"]', settings.read_text())
        settings.write_text(listed)
        assert run(["template", "new", "diploma"]) == 0
        (folder / "graduates.csv").write_text(SHEET, "utf-8")
        patch.chdir(folder)
        assert run([*ISSUE, "--out", str(folder / "out")]) == 0
        assert run(["publish", str(folder / "site")]) == 0
    return Home.load(home)


@contextmanager
def claimed_school(
    folder: Path, *, passphrase: str = PASSPHRASE, settings: str = "", store: str = ""
) -> Iterator[Claimed]:
    """The school, answering until the block ends."""
    home = make_home(folder, store=store)
    (home.folder / "desk.toml").write_text(f'[desk]\nname = "Valdoria"\n{settings}')
    office = Office.open(home.folder, passphrase)
    with home.ledger() as ledger, Claims.open(home.store_url) as claims:
        records = list(ledger.each(home.did, with_forms=True))
        with serving(make_app(office)) as served:
            made = Claimed(office, served, claims, records)
            office.now = made.now
            yield made
    office.close()


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Claimed]:
    with claimed_school(tmp_path_factory.mktemp("school")) as made:
        yield made
