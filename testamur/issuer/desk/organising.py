"""Founding organisations, and helping people in again who lost what they sign in with."""

from __future__ import annotations

import re
from datetime import timedelta

from testamur.errors import OperatorError
from testamur.issuer.desk.office import Office
from testamur.issuer.desk.school import School
from testamur.issuer.founding import found
from testamur.store.desk import credentials, members, sessions, waiting

RENEWING = timedelta(hours=24)
RENEWAL = "renewal"
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def found_organisation(office: Office, slug: str, *, name: str, url: str, method: str) -> School:
    """A new organisation with keys of its own; raises OperatorError where it cannot be."""
    if office.is_single:
        raise OperatorError("this desk is of one school", hint="make one for many: testamur desk init DIR")
    if not _SLUG.fullmatch(slug):
        raise OperatorError("its name in addresses has small letters, digits and hyphens only")
    store = office.settings.store
    if store.startswith("sqlite:///") and not store.startswith("sqlite:////"):
        store = f"sqlite:///../{store.removeprefix('sqlite:///')}"
    found(
        office.folder / slug, name=name, url=url, method=method, store=store, paper_host=None,
        passphrase=office.passphrase, at=office.now(),
    )  # fmt: skip
    school = office.school(slug)
    if school is None:
        raise OperatorError(f"{slug} could not be founded")
    return school


def reset_person(office: Office, email: str) -> str:
    """The token of a link for a new password; factors and sessions of the person are gone."""
    at = office.now()
    with office.people.writing() as connection:
        person = members.find_email(connection, email)
        if person is None:
            raise OperatorError("nobody of this address works here")
        credentials.drop_totp(connection, person.id)
        for key in credentials.keys_of(connection, person.id):
            credentials.drop_key(connection, person.id, key.id)
        sessions.end_all(connection, person.id)
        return waiting.put(connection, RENEWAL, str(person.id), at, RENEWING)
