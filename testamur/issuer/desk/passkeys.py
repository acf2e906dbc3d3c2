"""Passkeys (WebAuthn Level 3): made, and used in place of password and code. The device proves its user each time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from fastapi import Request
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from testamur.errors import Malformed, TestamurError
from testamur.issuer.desk.office import Office
from testamur.jsontext import Json, parse_object
from testamur.store.desk import Passkey, Person, credentials, members, waiting

_GOOD_FOR = timedelta(minutes=5)
_MAX_ANSWER = 20_000
MOST = 10
_WRONG = "the passkey could not be confirmed"


@dataclass(frozen=True, slots=True)
class Place:
    """Where passkeys of this desk are good: its host, and the address of its pages."""

    host: str
    origin: str

    @classmethod
    def of(cls, office: Office, request: Request) -> Place:
        """As the operator says it, else where the browser came to."""
        parts = urlsplit(office.settings.url or str(request.base_url))
        return cls(parts.hostname or "", f"{parts.scheme}://{parts.netloc}")


def ask_to_make(office: Office, place: Place, person: Person) -> Json:
    """What the browser is asked in order to make a passkey, with the token of the question."""
    at = office.now()
    with office.people.reading() as connection:
        known = credentials.keys_of(connection, person.id)
    if len(known) >= MOST:
        raise Malformed("passkey", "there are enough passkeys; take one away first")
    options = generate_registration_options(
        rp_id=place.host,
        rp_name=office.settings.name or "testamur",
        user_id=f"testamur-{person.id}".encode(),
        user_name=person.email,
        user_display_name=person.name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(key.id)) for key in known],
    )
    challenge = bytes_to_base64url(options.challenge)
    with office.people.writing() as connection:
        token = waiting.put(connection, f"make:{person.id}", challenge, at, _GOOD_FOR)
    return {"token": token, "options": parse_object(options_to_json(options))}


def keep_made(office: Office, place: Place, person: Person, token: str, answer: str, name: str) -> None:
    """Keep the passkey that a browser made; raises Malformed where it does not answer the question."""
    challenge = _challenge(office, f"make:{person.id}", token)
    try:
        made = verify_registration_response(
            credential=_parsed(answer),
            expected_challenge=challenge,
            expected_rp_id=place.host,
            expected_origin=place.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        raise Malformed("passkey", _WRONG) from None
    at = office.now()
    key = Passkey(
        bytes_to_base64url(made.credential_id), person.id, made.credential_public_key, made.sign_count,
        name[:100], at, at,
    )  # fmt: skip
    with office.people.writing() as connection:
        if credentials.find_key(connection, key.id) is not None:
            raise Malformed("passkey", "this passkey is known already")
        credentials.add_key(connection, key)


def ask_to_use(office: Office, place: Place) -> Json:
    """What the browser is asked in order to sign in with any passkey of this desk."""
    options = generate_authentication_options(
        rp_id=place.host, user_verification=UserVerificationRequirement.REQUIRED
    )
    with office.people.writing() as connection:
        challenge = bytes_to_base64url(options.challenge)
        token = waiting.put(connection, "use", challenge, office.now(), _GOOD_FOR)
    return {"token": token, "options": parse_object(options_to_json(options))}


def person_of(office: Office, place: Place, token: str, answer: str) -> Person:
    """Whose passkey answered; raises Malformed where none did."""
    challenge = _challenge(office, "use", token)
    credential = _parsed(answer)
    with office.people.reading() as connection:
        key = credentials.find_key(connection, str(credential.get("id", "")).rstrip("="))
        person = members.find(connection, key.person) if key else None
    if key is None or person is None or not person.is_active:
        raise Malformed("passkey", _WRONG)
    try:
        used = verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=place.host,
            expected_origin=place.origin,
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        raise Malformed("passkey", _WRONG) from None
    with office.people.writing() as connection:
        credentials.note_key(connection, key.id, used.new_sign_count, office.now())
    return person


def _challenge(office: Office, kind: str, token: str) -> bytes:
    with office.people.writing() as connection:
        kept = waiting.take(connection, kind, token, office.now())
    if kept is None:
        raise Malformed("passkey", "this took too long; begin again")
    return base64url_to_bytes(kept)


def _parsed(answer: str) -> Json:
    try:
        return parse_object(answer, max_bytes=_MAX_ANSWER, max_depth=8)
    except TestamurError:
        raise Malformed("passkey", _WRONG) from None
