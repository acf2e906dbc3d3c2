"""The home of a school: a folder with its settings, keys, templates and, by default, its ledger."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from testamur.errors import Malformed, OperatorError
from testamur.files import read_bounded, write_whole
from testamur.times import parse_instant, write_instant

if TYPE_CHECKING:
    from testamur.keys import Signer
    from testamur.publishing import Site
    from testamur.store import KeyEntry, Ledger
    from testamur.trust import TrustSource

SETTINGS = "testamur.toml"
LOG, WITNESSES = "did.jsonl", "did-witness.json"
_MAX_LOG = 8_000_000  # as did/ reads it
_PUBLISHED = "last-published"
_HEAD = "audit-head"

_TEXT = """\
# The settings of this school's home. Keys are in keys/, templates in templates/.

[school]
name = {name}
# The address of the folder that `testamur publish` fills; status lists are looked up here, for ever.
url = {url}
# The name that signs every diploma. It stands in each one: do not change it after the first.
did = {did}{formerly}

[store]
# The ledger: a file in this home, or "postgresql+psycopg://user@host/database".
url = {store}

[status]
# Lists as IETF tokens too, for wallets and for SD-JWT records: "jwt", "cwt", both, or neither.
token_lists = {token_lists}

[paper]
# The host whose page /Q opens when a phone scans the code on paper (the school's or a national verifier).
host = {host}
"""


@dataclass(frozen=True, slots=True)
class Home:
    """Where a school keeps what it needs to issue."""

    folder: Path
    name: str
    url: str  # without a slash at the end
    did: str
    store: str  # SQLAlchemy URL; relative SQLite paths are under the folder
    paper_host: str
    token_lists: tuple[str, ...] = ()  # of "jwt" and "cwt"
    formerly: tuple[tuple[str, str], ...] = ()  # DID and address before each move, the first one first

    @classmethod
    def find(cls, given: str | os.PathLike[str] | None = None) -> Home:
        """The home given, or of TESTAMUR_HOME, or the current folder; raises OperatorError where there is none."""
        folder = Path(given or os.environ.get("TESTAMUR_HOME") or ".").expanduser()
        if not (folder / SETTINGS).is_file():
            raise OperatorError(
                f"there is no {SETTINGS} in {folder}",
                hint="run `testamur init` first, or say where the home is with --home DIR or TESTAMUR_HOME",
            )
        return cls.load(folder)

    @classmethod
    def load(cls, folder: Path) -> Home:
        """The settings of this folder; raises OperatorError naming the setting that is missing or wrong."""
        path = folder / SETTINGS
        try:
            settings = tomllib.loads(read_bounded(path, 100_000).decode("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise OperatorError(f"{path} cannot be read: {error}") from None

        def text(section: str, name: str) -> str:
            value = settings.get(section, {}).get(name) if isinstance(settings.get(section), dict) else None
            if not isinstance(value, str) or not value:
                raise OperatorError(f"{path} lacks {name} in [{section}]")
            return value

        url = checked_url(text("school", "url"))
        return cls(
            folder,
            text("school", "name"),
            url,
            text("school", "did"),
            text("store", "url"),
            text("paper", "host"),
            _token_lists(path, settings.get("status")),
            _formerly(path, settings["school"].get("formerly", [])),
        )

    def save(self) -> None:
        """Write the settings, commented."""
        values = {
            "name": self.name,
            "url": self.url,
            "did": self.did,
            "store": self.store,
            "host": self.paper_host,
        }
        quoted = {name: _toml_string(value) for name, value in values.items()}
        quoted["token_lists"] = f"[{', '.join(map(_toml_string, self.token_lists))}]"
        places = (f"{{ did = {_toml_string(did)}, url = {_toml_string(url)} }}" for did, url in self.formerly)
        quoted["formerly"] = f"\nformerly = [{', '.join(places)}]" if self.formerly else ""
        write_whole(self.folder / SETTINGS, _TEXT.format_map(quoted).encode("utf-8"))

    @property
    def keys_folder(self) -> Path:
        """Where the encrypted key files are."""
        return self.folder / "keys"

    @property
    def templates_folder(self) -> Path:
        """Where the templates are."""
        return self.folder / "templates"

    @property
    def crests_folder(self) -> Path:
        """Where the crests that looks name are kept, by digest."""
        return self.folder / "crests"

    @property
    def cache_folder(self) -> Path:
        """Where fetched lists are kept for offline checks."""
        return self.folder / "cache"

    @property
    def log_file(self) -> Path:
        """The history of a did:webvh: the log that `testamur publish` copies out."""
        return self.folder / LOG

    @property
    def witness_file(self) -> Path:
        """What witnesses said of the entries of the log."""
        return self.folder / WITNESSES

    @property
    def status_url(self) -> str:
        """The folder of the status lists on the web."""
        return f"{self.url}/status"

    @property
    def published(self) -> datetime | None:
        """When the public folder was last written from this home, None where it never was."""
        path = self.folder / _PUBLISHED
        return parse_instant(read_bounded(path, 100).decode("ascii", "replace")) if path.exists() else None

    def note_published(self, at: datetime) -> None:
        """Remember that the public folder was written."""
        write_whole(self.folder / _PUBLISHED, write_instant(at).encode("ascii"))

    @property
    def site(self) -> Site:
        """The public side of the school."""
        from testamur.publishing import Site

        if not self.did.startswith("did:webvh:"):
            return Site(self.name, self.url, self.did, self.paper_host, token_lists=self.token_lists)
        log = read_bounded(self.log_file, _MAX_LOG)
        said = read_bounded(self.witness_file, _MAX_LOG) if self.witness_file.exists() else b""
        return Site(
            self.name, self.url, self.did, self.paper_host, log, said, self.token_lists, self.formerly
        )

    def trust(self) -> TrustSource:
        """A source that vouches for this school alone, with the keys of its ledger."""
        from testamur.did import DidDocument, Resolver
        from testamur.fetch import NoNetwork
        from testamur.trust import PinnedTrust, entry_from_document

        if not self.did.startswith("did:key:"):
            with self.ledger() as ledger:
                document = DidDocument.parse(self.site.document(ledger.keys(self.did)))
        else:
            document = Resolver(NoNetwork()).resolve(self.did).document
        entry = entry_from_document(document, self.name, datetime.now(UTC))
        return PinnedTrust.of([entry], "this school's own home")

    @property
    def store_url(self) -> str:
        """The ledger's SQLAlchemy URL; a relative SQLite path is taken from the folder."""
        name = self.store.removeprefix("sqlite:///")
        if self.store.startswith("sqlite:///") and not name.startswith("/"):
            return f"sqlite:///{(self.folder / name).resolve()}"
        return self.store

    def ledger(self, *, by: str = "") -> Ledger:
        """The ledger, opened and brought up to date, for an account that its audit log will name.

        Without one it is the account at the terminal: TESTAMUR_BY, or who is logged in.
        """
        from testamur.store import Ledger

        return Ledger.open(self.store_url, by=by or f"terminal:{_account()}")

    @property
    def noted_head(self) -> str:
        """The head of the audit log as it was last noted here, outside the ledger; "" where it never was."""
        path = self.folder / _HEAD
        return read_bounded(path, 200).decode("ascii", "replace").strip() if path.exists() else ""

    def note_head(self, head: str) -> None:
        """Note the head of the audit log."""
        write_whole(self.folder / _HEAD, head.encode("ascii") + b"\n")

    def signer(self, entry: KeyEntry, ask: Callable[[str], str]) -> Signer:
        """The signer of a registered key; ``file:`` names are under the folder."""
        from testamur.keys import open_signer

        uri = entry.uri
        if uri.startswith("file:") and not uri.startswith("file:/"):
            uri = f"file:{(self.folder / uri.removeprefix('file:')).resolve()}"
        return open_signer(uri, ask=ask)


def _account() -> str:
    """Who is at the terminal, as an account."""
    import getpass

    try:
        return os.environ.get("TESTAMUR_BY", "").strip()[:100] or getpass.getuser()
    except (OSError, KeyError):  # an account without a name
        return str(os.getuid())


def checked_url(url: str) -> str:
    """An https address without query, fragment or final slash; raises Malformed otherwise."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise Malformed("url", f"{url!r} is not an https address such as https://diplomas.example.edu")
    return url.rstrip("/")


def _formerly(path: Path, places: object) -> tuple[tuple[str, str], ...]:
    """The names and addresses of a did:webvh before its moves; lists are still published under them."""
    listed = places if isinstance(places, list) else [places]
    found = [each for each in listed if isinstance(each, dict) and {"did", "url"} <= each.keys()]
    if len(found) != len(listed):
        raise OperatorError(f"{path}: formerly in [school] is a list of {{ did = …, url = … }}")
    return tuple((str(each["did"]), checked_url(str(each["url"]))) for each in found)


def _token_lists(path: Path, section: object) -> tuple[str, ...]:
    """The setting ``token_lists``, which homes of older versions lack."""
    forms = section.get("token_lists", []) if isinstance(section, dict) else []
    if not isinstance(forms, list) or not all(form in ("jwt", "cwt") for form in forms):
        raise OperatorError(f'{path}: token_lists in [status] is a list of "jwt" and "cwt"')
    return tuple(dict.fromkeys(forms))


def _toml_string(value: str) -> str:
    import json

    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
