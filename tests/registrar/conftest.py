"""A registry office: a real home on either database, with templates, and a sheet of graduates in ten scripts."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from testamur.credentials import shipped_template
from testamur.home import Home
from testamur.issuer.drafts import box_of
from testamur.issuer.drafts.preparing import prepare_issue
from testamur.issuer.founding import found
from testamur.keys.box import Box
from testamur.rows import Checked, check_rows
from testamur.spreadsheets import read_rows
from testamur.store import Ledger
from tests.postgres import ledger_url, postgres_url
from tests.store.people import PEOPLE

__all__ = ["ledger_url", "postgres_url"]

AT = datetime(2026, 7, 1, 9, 30, tzinfo=UTC)
LATER = AT + timedelta(days=30)
PASSPHRASE = "ስንዴ እና ማር"


def ask(_: str) -> str:
    return PASSPHRASE


@dataclass
class Office:
    """A home, its ledger and what seals its drafts."""

    home: Home
    ledger: Ledger
    box: Box

    def by(self, who: str) -> Ledger:
        return self.ledger.by(who)

    def sheet(self, count: int, *, grades: dict[int, str] | None = None, name: str = "june") -> Checked:
        path = self.home.folder / f"{name}.csv"
        head = "student_number,name,programme,grade,credits,awarded,diploma_number"
        rows = [
            f"S-{n},{PEOPLE[n % len(PEOPLE)]},Nursing,{(grades or {}).get(n, 'Merit')},240,2026-06-30,D-{n}"
            for n in range(count)
        ]
        path.write_text("\n".join([head, *rows]) + "\n", "utf-8")
        return check_rows(read_rows(path), self.template, key="student_number")

    @property
    def template(self):
        from testamur.credentials import Template

        return Template.load(self.home.templates_folder / "diploma.toml")

    def prepare(self, who: str, checked: Checked, *, batch: str = "june", changed: bool = False) -> int:
        text = (self.home.templates_folder / "diploma.toml").read_text("utf-8")
        return prepare_issue(
            self.home, self.by(who), self.box, checked, template_name="diploma", template_text=text,
            batch=batch, at=AT, changed=changed,
        )  # fmt: skip

    def records(self, **filters: str):
        return list(self.ledger.each(self.home.did, with_forms=True, **filters))


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Box]:
    """A home that was founded once, to be copied: stretching passphrases takes long."""
    folder = tmp_path_factory.mktemp("founded") / "home"
    home = found(
        folder, name="ክፍለ ከተማ ትምህርት ቢሮ", url="https://diplomas.example.edu", method="web",
        store="sqlite:///ledger.sqlite", paper_host=None, passphrase=PASSPHRASE, at=AT - timedelta(days=300),
    )  # fmt: skip
    (home.templates_folder / "diploma.toml").write_text(shipped_template("diploma"), "utf-8")
    box = box_of(home, PASSPHRASE)
    with home.ledger(by="person:1") as ledger:
        ledger.backup(folder.parent / "backup")
    return folder, box


def _office(founded: tuple[Path, Box], folder: Path, url: str) -> Iterator[Office]:
    shutil.copytree(founded[0], folder, ignore=shutil.ignore_patterns("ledger.sqlite*"))
    home = replace(Home.load(folder), store=url)
    home.save()
    Ledger.restore(founded[0].parent / "backup", url).close()
    with home.ledger(by="person:1") as ledger:
        yield Office(home, ledger, founded[1])


@pytest.fixture
def office(tmp_path: Path, founded: tuple[Path, Box], ledger_url: str) -> Iterator[Office]:
    yield from _office(founded, tmp_path / "home", ledger_url)


@pytest.fixture
def small_office(tmp_path: Path, founded: tuple[Path, Box]) -> Iterator[Office]:
    """The same on SQLite only."""
    yield from _office(founded, tmp_path / "home", f"sqlite:///{tmp_path / 'ledger.sqlite'}")
