"""An office with its schools and people, and a browser without a screen that keeps cookies and sends forms."""

from __future__ import annotations

import http.cookies
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

from testamur.issuer.desk.app import make_app
from testamur.issuer.desk.joining import GOOD_FOR, invite
from testamur.issuer.desk.office import Office
from testamur.issuer.desk.organising import found_organisation
from testamur.issuer.desk.school import School
from testamur.keys.passwords import hash_password
from testamur.store.desk import Invitation, Person, credentials, members
from tests.served import Answer, Served, form, serving

PASSPHRASE = "ማር እና ወተት"
PASSWORD = "a long walk by the sea"
AT = datetime(2026, 7, 1, 9, tzinfo=UTC)


def make_office(
    folder: Path, *slugs: str, store: str = "", settings: str = "", second_factor: bool = False
) -> Office:
    """An office over a folder with these schools."""
    folder.mkdir(exist_ok=True)
    place = f'store = "{store}"\n' if store else ""
    factor = "" if second_factor else 'second_factor = "optional"\n'
    (folder / "desk.toml").write_text(f'[desk]\nname = "Ministry of Learning"\n{factor}{place}{settings}')
    office = Office.open(folder, PASSPHRASE)
    for slug in slugs:
        url = f"https://{slug}.example"
        found_organisation(office, slug, name=f"{slug.title()} College", url=url, method="web")
    return office


def add_person(office: Office, email: str, school: School | None, *roles: str, operator: bool = False) -> int:
    """Somebody with a password and these roles."""
    hashed = hash_password(PASSWORD)
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
        given = http.cookies.SimpleCookie(answer.headers.get("set-cookie", ""))
        for name, morsel in given.items():
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
