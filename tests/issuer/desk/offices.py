"""An office with its schools and people, and a browser without a screen that keeps cookies and sends forms."""

from __future__ import annotations

import atexit
import http.cookies
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

from testamur.credentials import shipped_template
from testamur.issuer.desk.app import make_app
from testamur.issuer.desk.joining import GOOD_FOR, invite
from testamur.issuer.desk.office import Office
from testamur.issuer.desk.organising import found_organisation
from testamur.issuer.desk.school import School
from testamur.issuer.desk.works import worker_of
from testamur.keys.passwords import hash_password
from testamur.store.desk import Invitation, Person, credentials, members
from tests.served import Answer, Served, form, serving

PASSPHRASE = "ማር እና ወተት"
PASSWORD = "a long walk by the sea"
AT = datetime(2026, 7, 1, 9, tzinfo=UTC)


def make_office(
    folder: Path,
    *slugs: str,
    store: str = "",
    settings: str = "",
    second_factor: bool = False,
    templates: Sequence[str] = (),
) -> Office:
    """An office over a folder with these schools, each with these templates."""
    if not store:
        shutil.copytree(_founded(slugs, tuple(templates)), folder)
        return _settled(folder, settings, second_factor)
    folder.mkdir(exist_ok=True)
    place = f'store = "{store}"\n' if store else ""
    office = _settled(folder, place + settings, second_factor)
    _found(office, slugs, templates)
    return office


def _settled(folder: Path, settings: str, second_factor: bool) -> Office:
    factor = "" if second_factor else 'second_factor = "optional"\n'
    (folder / "desk.toml").write_text(f'[desk]\nname = "Ministry of Learning"\n{factor}{settings}')
    return Office.open(folder, PASSPHRASE)


@cache
def _founded(slugs: tuple[str, ...], templates: tuple[str, ...]) -> Path:
    """An office that is founded once and copied: keys take long to seal."""
    folder = Path(tempfile.mkdtemp(prefix="testamur-office-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    office = _settled(folder, "", False)
    _found(office, slugs, templates)
    office.people.close()
    office.close()
    return folder


def _found(office: Office, slugs: Sequence[str], templates: Sequence[str]) -> None:
    for slug in slugs:
        url = f"https://{slug}.example"
        school = found_organisation(office, slug, name=f"{slug.title()} College", url=url, method="web")
        for kind in templates:
            (school.home.templates_folder / f"{kind}.toml").write_text(shipped_template(kind), "utf-8")


@cache
def _hashed() -> str:
    return hash_password(PASSWORD)


def add_person(office: Office, email: str, school: School | None, *roles: str, operator: bool = False) -> int:
    """Somebody with a password and these roles."""
    hashed = _hashed()
    with office.people.writing() as connection:
        person = Person(0, email, email.partition("@")[0].title(), is_operator=operator)
        number = members.add(connection, person, office.now())
        credentials.set_password(connection, number, hashed, office.now())
        if school is not None:
            members.give_roles(connection, number, school.did, roles)
    return number


def invitation(office: Office, email: str, school: School, *roles: str) -> str:
    """The path of an invitation's link."""
    at = office.now()
    token = invite(office, Invitation(email, school.did, roles, False, None, at, at + GOOD_FOR))
    return f"/join/{token}"


@dataclass
class Browser:
    """Keeps cookies and the mark of the session's forms; follows where a form leads."""

    served: Served
    cookies: dict[str, str] = field(default_factory=dict)
    csrf: str = ""
    language: str = "en"

    def get(self, path: str, **headers: str) -> Answer:
        answer = self.served.ask("GET", path, headers=self._headers() | headers)
        return self._noted(answer)

    def post(
        self, path: str, fields: dict[str, str] | Sequence[tuple[str, str]] = (), **headers: str
    ) -> Answer:
        pairs = list(fields.items() if isinstance(fields, dict) else fields)
        if self.csrf and not any(name == "csrf" for name, _ in pairs):
            pairs.append(("csrf", self.csrf))
        named = self._headers() | {
            "content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin"
        } | headers  # fmt: skip
        return self._noted(self.served.ask("POST", path, urlencode(pairs).encode(), named))

    def send(self, path: str, parts: Sequence[tuple[str, str, bytes]]) -> Answer:
        """A form with files."""
        kind, body = form([*parts, ("csrf", "", self.csrf.encode())])
        named = self._headers() | {"content-type": kind, "sec-fetch-site": "same-origin"}
        return self._noted(self.served.ask("POST", path, body, named))

    def sign_in(self, email: str, password: str = PASSWORD) -> Answer:
        answer = self.post("/sign-in", {"email": email, "password": password})
        if answer.status == 303:
            self.csrf = ""
            self.follow(answer)
        return answer

    def follow(self, answer: Answer) -> Answer:
        """The page a form led to."""
        while answer.status == 303:
            answer = self.get(answer.headers["location"])
        return answer

    def _headers(self) -> dict[str, str]:
        pairs = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        named = {"accept": "text/html", "accept-language": self.language}
        return named | ({"cookie": pairs} if pairs else {})

    def _noted(self, answer: Answer) -> Answer:
        for line in answer.headers.get("set-cookie", "").splitlines():
            for name, morsel in http.cookies.SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        if "text/html" in answer.headers.get("content-type", ""):
            found = re.search(r'name="csrf" value="([^"]+)"', answer.text)
            self.csrf = unescape(found[1]) if found else self.csrf
        return answer


@contextmanager
def desk_of(office: Office, **how: int) -> Iterator[Served]:
    """The desk, answering until the block ends."""
    with serving(make_app(office, **how)) as served:
        yield served
    office.close()


def let_work(office: Office) -> None:
    """Let the worker do everything that waits."""
    worker = worker_of(office)
    worker.go_round()
    while worker.work_once():
        pass


def issue_sheet(office: Office, browser: Browser, slug: str, template: str, sheet: str, batch: str) -> None:
    """A sheet given, handed over, approved and signed by one person."""
    parts = [
        ("template", "", template.encode()), ("batch", "", batch.encode()), ("file", "sheet.csv", sheet.encode())
    ]  # fmt: skip
    place = browser.send(f"/schools/{slug}/sheets/new", parts).headers["location"]
    draft = browser.post(f"{place}/hand-over").headers["location"]
    assert browser.post(f"{draft}/approve").status == 303
    let_work(office)
