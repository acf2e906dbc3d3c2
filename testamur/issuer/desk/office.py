"""The installation: a folder of homes that share their people, one passphrase and, by default, one database."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from testamur.errors import OperatorError
from testamur.home import SETTINGS, Home
from testamur.issuer.desk.school import School
from testamur.issuer.desk.settings import Settings
from testamur.keys.box import SALT_BYTES, Box
from testamur.leaves import Leaves
from testamur.store import Ledger
from testamur.store.desk import People

if TYPE_CHECKING:
    from testamur.issuer.desk.looking import Looking

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_OTHER = re.compile(r"[^a-z0-9]+")


def _clock() -> datetime:
    return datetime.now(UTC)


@dataclass
class Office:
    """Everything that one desk has; processes that serve the same folder share it through the database."""

    folder: Path
    settings: Settings
    passphrase: str = field(default="", repr=False)
    now: Callable[[], datetime] = _clock
    _ledgers: dict[str, Ledger] = field(default_factory=dict, repr=False)
    _schools: dict[str, tuple[int, School]] = field(default_factory=dict, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    @classmethod
    def open(cls, folder: Path, passphrase: str = "", *, now: Callable[[], datetime] = _clock) -> Office:
        """The office of a folder of homes, or of a single home; raises OperatorError where it is neither."""
        folder = folder.expanduser().resolve()
        if not folder.is_dir():
            raise OperatorError(f"there is no folder {folder}", hint="make one: testamur desk init DIR")
        return cls(folder, Settings.load(folder), passphrase, now)

    @property
    def is_single(self) -> bool:
        """Whether the folder is one school's home."""
        return (self.folder / SETTINGS).is_file()

    @property
    def store_url(self) -> str:
        """The database that holds the people."""
        if self.is_single:
            return Home.load(self.folder).store_url
        name = self.settings.store.removeprefix("sqlite:///")
        if self.settings.store.startswith("sqlite:///") and not name.startswith("/"):
            return f"sqlite:///{self.folder / name}"
        return self.settings.store

    @cached_property
    def people(self) -> People:
        """Who works here."""
        return People.open(self.store_url)

    @cached_property
    def leaves(self) -> Leaves:
        """Makes the pages."""
        return Leaves("testamur.issuer.desk", self.settings.name)

    @cached_property
    def looking(self) -> Looking:
        """Looks at sheets."""
        from testamur.issuer.desk.looking import Looking

        return Looking()

    @cached_property
    def box(self) -> Box:
        """Seals what lies in the database; its key comes of the passphrase."""
        if not self.passphrase:
            raise OperatorError(
                "the desk needs the passphrase of its installation",
                hint="set TESTAMUR_PASSPHRASE or give --passphrase-file",
            )
        return Box.of(self.passphrase, self.people.kept_once("salt", SALT_BYTES))

    @property
    def slugs(self) -> list[str]:
        """The names of the organisations in addresses, sorted."""
        if self.is_single:
            return [slug_of(self.folder)]
        found = (path.parent.name for path in self.folder.glob(f"*/{SETTINGS}"))
        return sorted(slug for slug in found if _SLUG.fullmatch(slug))

    def schools(self) -> list[School]:
        """Every organisation."""
        return [school for slug in self.slugs if (school := self.school(slug)) is not None]

    def school(self, slug: str) -> School | None:
        """The organisation of this name in addresses, None where there is none."""
        if not _SLUG.fullmatch(slug):
            return None
        if self.is_single and slug != slug_of(self.folder):
            return None
        folder = self.folder if self.is_single else self.folder / slug
        try:
            changed = (folder / SETTINGS).stat().st_mtime_ns
        except OSError:
            return None
        with self._lock:
            known = self._schools.get(slug)
            if known is None or known[0] != changed:
                home = Home.load(folder)
                known = changed, School(slug, home, self._ledger(home.store_url), self.passphrase)
                self._schools[slug] = known
        return known[1]

    def school_of(self, did: str) -> School | None:
        """The organisation of this name in the ledger."""
        return next((school for school in self.schools() if school.did == did), None)

    def ledgers(self) -> list[Ledger]:
        """Every ledger that an organisation has."""
        return list({id(school.ledger): school.ledger for school in self.schools()}.values())

    def _ledger(self, url: str) -> Ledger:
        if url not in self._ledgers:
            self._ledgers[url] = Ledger.open(url)
        return self._ledgers[url]

    @property
    def is_https(self) -> bool:
        """Whether browsers come over https, so that cookies go nowhere else."""
        return urlsplit(self.settings.url).scheme == "https"

    def close(self) -> None:
        """Give the connections back."""
        for ledger in self._ledgers.values():
            ledger.close()
        if "people" in self.__dict__:
            self.people.close()


def slug_of(folder: Path) -> str:
    """What a single home is called in addresses."""
    return _OTHER.sub("-", folder.name.lower()).strip("-")[:63].strip("-") or "school"
