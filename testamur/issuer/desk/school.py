"""One organisation at the desk: its home, its ledger, its keys, its templates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from testamur.credentials import Template
from testamur.errors import OperatorError
from testamur.files import read_bounded
from testamur.home import Home
from testamur.issuer.signing import IssuerOpener, active_key
from testamur.keys import Signer
from testamur.store import Ledger

_MAX_TEMPLATE = 1_000_000


@dataclass(frozen=True, slots=True)
class School:
    """An organisation whose diplomas are issued here."""

    slug: str
    home: Home
    ledger: Ledger = field(repr=False)  # open, and shared by those who use one database
    passphrase: str = field(default="", repr=False)

    @property
    def did(self) -> str:
        """The name of the organisation in the ledger."""
        return self.home.did

    @property
    def name(self) -> str:
        """The name people know it by."""
        return self.home.name

    @property
    def ask(self) -> Callable[[str], str]:
        """Answers the question for a passphrase; raises OperatorError where the desk was started without one."""
        return self._answer

    def _answer(self, _: str) -> str:
        if not self.passphrase:
            raise OperatorError(
                "the desk was started without the passphrase of its keys",
                hint="start it with TESTAMUR_PASSPHRASE or --passphrase-file",
            )
        return self.passphrase

    def signer(self, use: str = "assertion") -> Signer:
        """The active key for records (``assertion``) or lists (``status``), opened."""
        return self.home.signer(active_key(self.home, self.ledger, use), self.ask)

    def opener(self, template: Template) -> IssuerOpener:
        """What opens an issuer of this template with its keys, here and in other processes."""
        return IssuerOpener.of(self.home, self.ledger, template).asking(self.ask)

    def templates(self) -> Mapping[str, Path]:
        """The files of the templates by name."""
        found = sorted(self.home.templates_folder.glob("*.toml"))
        return {path.stem: path for path in found}

    def template(self, name: str) -> Template:
        """A template by its name; raises OperatorError where there is none, Malformed where it has mistakes."""
        path = self.templates().get(name)
        if path is None:
            raise OperatorError(f"there is no template {name!r:.60}")
        return Template.load(path)

    def template_text(self, name: str) -> str:
        """What a template's file says."""
        path = self.templates().get(name)
        if path is None:
            raise OperatorError(f"there is no template {name!r:.60}")
        return read_bounded(path, _MAX_TEMPLATE).decode("utf-8")
