"""The credential issuers of an office: one for each organisation, made when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from threading import Lock

from starlette.requests import Request

from testamur.credentials import Template
from testamur.did import Resolver
from testamur.encoding import encode_base64url
from testamur.errors import OperatorError, TestamurError
from testamur.fetch import Fetch
from testamur.forming import Making, Terms
from testamur.issuer.claiming.settings import read_rules
from testamur.issuer.desk.office import Office
from testamur.issuer.desk.school import School
from testamur.issuer.signing import active_key
from testamur.jsontext import Json, write_json
from testamur.keys import DecryptionKey, PrivateKey, Signer
from testamur.keys.passphrase import stretch
from testamur.openid4vci import Binder, CredentialIssuer, Nonces, Rules, issuer_metadata
from testamur.store import Record
from testamur.store.claims import Claims
from testamur.ways import terms_of

SECRET = "claims"  # noqa: S105 - the name it is kept under
_SALT, _PASSES, _MEMORY = 16, 3, 64 * 2**20
_MOST = 1000
_NAMES = {"Ed25519": "EdDSA", "P-256": "ES256", "P-384": "ES384"}


@dataclass
class Counters:
    """Makes and keeps the issuers; all processes that serve a folder make the same ones."""

    office: Office
    _made: dict[tuple[str, str], tuple[School, CredentialIssuer]] = field(default_factory=dict)
    _claims: dict[str, Claims] = field(default_factory=dict)
    _told: dict[str, tuple[CredentialIssuer, bytes]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def base(self, request: Request) -> str:
        """Where the office is found: as it is set, else where this request came to."""
        return self.office.settings.url or f"{request.url.scheme}://{request.url.netloc}"

    def issuer(self, slug: str, base: str) -> CredentialIssuer | None:
        """The issuer of an organisation, None where there is none of that name."""
        school = self.office.school(slug)
        if school is None:
            return None
        with self._lock:
            known = self._made.get((slug, base))
            if known is None or known[0] is not school:
                if len(self._made) >= _MOST:  # a stranger's requests can name the desk as they like
                    self._made.clear()
                    self._told.clear()
                known = school, self._make(school, f"{base}/claims/{slug}")
                self._made[slug, base] = known
        return known[1]

    def metadata(self, issuer: CredentialIssuer) -> bytes:
        """The metadata of an issuer as they are sent, written once."""
        known = self._told.get(issuer.identifier)
        if known is None or known[0] is not issuer:
            known = issuer, write_json(issuer_metadata(issuer)).encode()
            self._told[issuer.identifier] = known
        return known[1]

    def school(self, slug: str) -> School | None:
        """The organisation of this name."""
        return self.office.school(slug)

    def nonces(self) -> Nonces:
        """What proves that something is of this installation."""
        return Nonces(self.office.people.kept_once(SECRET, 32))

    def claims(self, school: School) -> Claims:
        """What was offered and taken of an organisation's records."""
        url = school.home.store_url
        if url not in self._claims:
            self._claims[url] = Claims.open(url)
        return self._claims[url]

    def close(self) -> None:
        """Give the connections back."""
        for claims in self._claims.values():
            claims.close()

    def _make(self, school: School, identifier: str) -> CredentialIssuer:
        rules = _fitting(read_rules(self.office.folder, self.office.settings.section("wallets")), school)
        opened = _Opened(school)
        has_key = bool(school.passphrase)
        terms = _terms(school)

        def making(record: Record, at: datetime) -> Making:
            said = terms(record)
            return Making(
                signer=opened.signer(), at=at, url=said.url, kind=said.kind, type_name=said.type_name,
                always_shown=said.always_shown, x5c=rules.x5c,
            )  # fmt: skip

        return CredentialIssuer(
            identifier=identifier,
            organisation=school.did,
            ledger=school.ledger,
            claims=self.claims(school),
            nonces=self.nonces(),
            resolver=Resolver(Fetch()),
            kind_of=lambda record: terms(record).kind,
            vct=lambda kind: f"{school.home.url}/types/{kind}.json",
            display=({"name": school.name},),
            signing=_algorithms(school),
            sign=Binder(making) if has_key else None,
            metadata_signer=opened.signer() if has_key else None,
            request_key=self._request_key(school) if has_key else None,
            rules=rules,
        )

    def _request_key(self, school: School) -> DecryptionKey:
        """The key that requests are encrypted to: it follows from the passphrase, and is kept nowhere."""
        salt = self.office.people.kept_once("request-key", _SALT)
        return _decryption_key(school.passphrase, salt)


@lru_cache(maxsize=8)
def _decryption_key(passphrase: str, salt: bytes) -> DecryptionKey:
    secret = stretch(passphrase, salt, _PASSES, _MEMORY)
    public: Json = PrivateKey.from_secret("P-256", secret).public_key.jwk
    return DecryptionKey({**public, "d": encode_base64url(secret)})


class _Opened:
    """The active key of a school, opened once, and again when another one has taken its place."""

    def __init__(self, school: School) -> None:
        self._school = school
        self._lock = Lock()
        self._key = ""
        self._signer: Signer | None = None

    def signer(self) -> Signer:
        """Who signs now; raises OperatorError."""
        with self._lock:
            entry = active_key(self._school.home, self._school.ledger, "assertion")
            if self._signer is None or entry.id != self._key:
                self._signer = self._school.home.signer(entry, self._school.ask)
                self._key = entry.id
            return self._signer


def _fitting(rules: Rules, school: School) -> Rules:
    """The rules without forms that this school cannot give: a ``dc+sd-jwt`` has its status in a token list."""
    from dataclasses import replace

    if "jwt" in school.home.token_lists:
        return rules
    return replace(rules, formats=tuple(name for name in rules.formats if name != "dc+sd-jwt"))


def _algorithms(school: School) -> tuple[str, ...]:
    try:
        algorithm = active_key(school.home, school.ledger, "assertion").algorithm
    except OperatorError:
        return ()
    return (_NAMES[algorithm],) if algorithm in _NAMES else ()


def _terms(school: School) -> Callable[[Record], Terms]:
    """What the template of a record settles for its forms; where it is gone, what holds for any record."""
    known: dict[str, Terms] = {}

    def terms(record: Record) -> Terms:
        if record.template not in known:
            path = school.home.templates_folder / f"{record.template}.toml"
            try:
                known[record.template] = terms_of(Template.load(path), school.home.url)
            except (TestamurError, OSError):
                return Terms(url=school.home.url)
        return known[record.template]

    return terms
