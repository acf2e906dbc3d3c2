"""The second factor: codes from an app (TOTP, RFC 6238), and recovery codes for the day the phone is gone."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from hashlib import sha256
from secrets import choice

from testamur.issuer.desk.office import Office
from testamur.issuer.desk.signing_in import check_tries, factor_names, forget_tries, note_tries
from testamur.store.desk import Person, credentials

_STEP = 30
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
RECOVERY_CODES = 8


@dataclass(frozen=True, slots=True)
class NewTotp:
    """A secret that was just made, and the text of the QR code that brings it into an app."""

    secret: str
    uri: str


def new_totp(office: Office, person: Person) -> NewTotp:
    """A fresh secret, kept sealed until a code confirms it; raises OperatorError where one was confirmed."""
    import pyotp

    secret = pyotp.random_base32()
    sealed = office.box.seal(secret.encode("ascii"), _place(person))
    with office.people.writing() as connection:
        credentials.set_totp(connection, person.id, sealed)
    return _told(office, person, secret)


def waiting_totp(office: Office, person: Person) -> NewTotp | None:
    """The secret that still waits for its first code."""
    with office.people.reading() as connection:
        kept = credentials.totp(connection, person.id)
    if kept is None or kept.confirmed:
        return None
    return _told(office, person, office.box.open(kept.secret, _place(person)).decode("ascii"))


def is_code(office: Office, person: Person, code: str, address: str) -> bool:
    """Whether this is the code of now, half a minute ago or in half a minute; each counts once.

    Raises TooOften after many wrong ones.
    """
    at, names = office.now(), factor_names(person, address)
    check_tries(office, names, at)
    step = _step_of(office, person, "".join(code.split()))
    if step:
        with office.people.writing() as connection:
            taken = credentials.take_step(connection, person.id, step)
        if taken:
            forget_tries(office, names)
            return True
    note_tries(office, names, at)
    return False


def is_recovery(office: Office, person: Person, code: str, address: str) -> bool:
    """Whether this is one of the recovery codes, which is used up with it; raises TooOften."""
    at, names = office.now(), factor_names(person, address)
    check_tries(office, names, at)
    with office.people.writing() as connection:
        taken = credentials.take_recovery(connection, person.id, _digest(code))
    if taken:
        forget_tries(office, names)
    else:
        note_tries(office, names, at)
    return taken


def new_recovery(office: Office, person: Person) -> list[str]:
    """Fresh recovery codes in place of older ones, told once."""
    codes = ["".join(choice(_LETTERS) for _ in range(12)) for _ in range(RECOVERY_CODES)]
    with office.people.writing() as connection:
        credentials.set_recovery(connection, person.id, map(_digest, codes))
    return [f"{code[:4]}-{code[4:8]}-{code[8:]}" for code in codes]


def _step_of(office: Office, person: Person, code: str) -> int:
    """The step of time whose code this is, 0 where there is none."""
    import pyotp

    with office.people.reading() as connection:
        kept = credentials.totp(connection, person.id)
    if kept is None or len(code) != 6 or not code.isdecimal():
        return 0
    totp = pyotp.TOTP(office.box.open(kept.secret, _place(person)).decode("ascii"))
    now = int(office.now().timestamp()) // _STEP
    plain = "".join(str(int(digit)) for digit in code)  # an app may write other digits than 0 to 9
    found = [step for step in (now - 1, now, now + 1) if hmac.compare_digest(totp.at(step * _STEP), plain)]
    return max(found, default=0)


def _told(office: Office, person: Person, secret: str) -> NewTotp:
    import pyotp

    name = office.settings.name or "testamur"
    return NewTotp(secret, pyotp.TOTP(secret, name=person.email, issuer=name).provisioning_uri())


def _place(person: Person) -> str:
    return f"totp:{person.id}"


def _digest(code: str) -> bytes:
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return sha256(plain.encode("utf-8", "replace")).digest()
