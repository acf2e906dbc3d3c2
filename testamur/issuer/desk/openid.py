"""Signing in at an identity provider that the operator names: OpenID Connect, code flow with PKCE.

The addresses are the operator's (``[[openid]]`` in desk.toml) and those that the provider's own metadata
gives at the same time; they are opened within the guards of ``fetch``.
"""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Any
from urllib.parse import quote, urlencode

from testamur.errors import OperatorError, TestamurError
from testamur.fetch import Fetch
from testamur.issuer.desk.office import Office
from testamur.jsontext import Json, parse_object
from testamur.store.desk import Person, credentials, members, waiting

_GOOD_FOR = timedelta(minutes=10)
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "Ed25519", "EdDSA"]
_MAX = 200_000
_LEEWAY = 60
_KIND = "openid"


class NotSignedIn(TestamurError):
    """The provider's answer does not sign anybody in here."""


@dataclass(frozen=True, slots=True)
class Provider:
    """An identity provider as the operator has it in desk.toml."""

    name: str
    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    scope: str = "openid email"
    proves_twice: bool = False  # the operator says that it asks everybody for a second factor
    private: bool = False  # its host may have a private address

    @property
    def fetch(self) -> Fetch:
        """Opens addresses of this provider."""
        return Fetch(allow=(self.issuer,) if self.private else ())

    def metadata(self) -> Json:
        """What it says of itself; raises EvidenceUnusable, and NotSignedIn where it says that it is another."""
        address = f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
        found = parse_object(self.fetch.get(address, accept="application/json", max_bytes=_MAX).body)
        if found.get("issuer") != self.issuer:  # OIDC Discovery §4.3
            raise NotSignedIn("the identity provider says that it is another one")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not isinstance(found.get(name), str):
                raise NotSignedIn(f"the identity provider names no {name}")
        return found


def providers(office: Office) -> list[Provider]:
    """Those of the settings; raises OperatorError where one cannot be used."""
    tables = (office.settings.sections or {}).get("openid", [])
    found = []
    for table in tables if isinstance(tables, list) else [tables]:
        try:
            found.append(Provider(**table))
        except TypeError as error:
            raise OperatorError(f"[[openid]] in desk.toml: {error}") from None
    return found


def begin(office: Office, number: int, callback: str) -> tuple[str, str]:
    """The address to which the browser goes, and what it keeps meanwhile so that nobody slips in an answer."""
    from authlib.oauth2.rfc7636 import create_s256_code_challenge

    provider = providers(office)[number]
    kept, nonce, verifier = token_urlsafe(32), token_urlsafe(24), token_urlsafe(48)
    value = json.dumps({"number": number, "nonce": nonce, "verifier": verifier, "kept": kept})
    endpoint = str(provider.metadata()["authorization_endpoint"])
    with office.people.writing() as connection:
        state = waiting.put(connection, _KIND, value, office.now(), _GOOD_FOR)
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": callback,
        "scope": provider.scope,
        "state": state,
        "nonce": nonce,
        "code_challenge": create_s256_code_challenge(verifier),
        "code_challenge_method": "S256",
    }
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked, quote_via=quote)}", kept


def finish(
    office: Office, *, code: str, state: str, issuer: str, kept: str, callback: str
) -> tuple[Person, bool]:
    """Who came back, and whether the provider asked for a second factor; raises NotSignedIn, EvidenceUnusable."""
    with office.people.writing() as connection:
        value = waiting.take(connection, _KIND, state, office.now())
    begun = json.loads(value) if value else {}
    if not code or not begun or not hmac.compare_digest(str(begun["kept"]), kept):
        raise NotSignedIn("this answer was not asked for from here, or it came too late")
    provider = providers(office)[begun["number"]]
    if issuer and issuer != provider.issuer:  # RFC 9207
        raise NotSignedIn("the answer is of another identity provider")
    metadata = provider.metadata()
    claims = _claims(provider, metadata, code, begun, callback, office.now())
    return _person(office, provider, claims), provider.proves_twice


def _claims(provider: Provider, metadata: Json, code: str, begun: Json, callback: str, at: datetime) -> Json:
    """What the ID token says, once it is proved to be for us, of this provider, and of this moment."""
    from authlib.oidc.core import CodeIDToken
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    token = _token(provider, metadata, code, str(begun["verifier"]), callback)
    keys: Any = parse_object(provider.fetch.get(str(metadata["jwks_uri"]), max_bytes=_MAX).body)
    try:
        read = jwt.decode(str(token.get("id_token", "")), KeySet.import_key_set(keys), algorithms=_ALGORITHMS)
        claims = CodeIDToken(
            read.claims,
            read.header,
            options={"iss": {"essential": True, "value": provider.issuer}},
            params={
                "nonce": begun["nonce"],
                "client_id": provider.client_id,
                "access_token": token.get("access_token"),
            },
        )
        claims.validate(now=int(at.timestamp()), leeway=_LEEWAY)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise NotSignedIn(f"the identity provider's answer does not hold ({type(error).__name__})") from None
    except Exception as error:
        if type(error).__module__.startswith("authlib."):
            raise NotSignedIn(
                f"the identity provider's answer does not hold ({type(error).__name__})"
            ) from None
        raise
    return dict(claims)


def _token(provider: Provider, metadata: Json, code: str, verifier: str, callback: str) -> Json:
    from base64 import b64encode

    fields = {
        "grant_type": "authorization_code",
        "code": code[:2000],
        "redirect_uri": callback,
        "code_verifier": verifier,
        "client_id": provider.client_id,
    }
    headers = {}
    if provider.client_secret:
        pair = f"{quote(provider.client_id, safe='')}:{quote(provider.client_secret, safe='')}"
        headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
    body = urlencode(fields).encode()
    address = str(metadata["token_endpoint"])
    answer = provider.fetch.post(
        address, body, "application/x-www-form-urlencoded", headers=headers, max_bytes=_MAX
    )
    if answer.status != 200:
        raise NotSignedIn("the identity provider did not take its own code")
    return parse_object(answer.body)


def _person(office: Office, provider: Provider, claims: Json) -> Person:
    """Whom the provider means: known by its own name for them, else by an address that it has verified."""
    subject = str(claims["sub"])
    with office.people.writing() as connection:
        number = credentials.identity(connection, provider.issuer, subject)
        person = members.find(connection, number) if number else None
        if number is None and claims.get("email_verified") is True:
            person = members.find_email(connection, str(claims.get("email", "")))
            if person is not None and person.is_active:
                credentials.add_identity(connection, provider.issuer, subject, person.id, office.now())
    if person is None or not person.is_active:
        raise NotSignedIn("nobody of this name was invited here")
    return person
