"""A school that hands out its records over OpenID4VCI, a learner's wallet, and the line between them, in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest

from testamur.credentials import RECORD_KINDS, kind_metadata
from testamur.did import Resolver
from testamur.errors import EvidenceUnusable
from testamur.fetch import Answered, Fetched
from testamur.forming import Making
from testamur.issuing import Issuer as RecordIssuer
from testamur.jsontext import write_json
from testamur.keys import DecryptionKey, Named, PrivateKey
from testamur.openid4vci import (
    ENDPOINTS,
    Asked,
    Binder,
    CredentialIssuer,
    Line,
    MadeOffer,
    Nonces,
    Rules,
    issuer_metadata,
    make_offer,
    open_offer,
    respond,
    server_metadata,
)
from testamur.status import sign_list_token, token_url
from testamur.store import Ledger, Record
from testamur.store.claims import Claims, OfferEntry, offers
from tests.postgres import postgres_cluster
from tests.town import NOW, Town

HOST = "https://desk.valdoria.example"
ISSUER = f"{HOST}/claims/valdoria"


@dataclass
class Loop:
    """Carries requests to the issuer, and everything else to the web of the town."""

    world: World
    sent: list[tuple[str, bytes, Mapping[str, str]]] = field(default_factory=list)

    def get(self, url: str, *, accept: str = "*/*", max_bytes: int = 4_000_000) -> Fetched:
        issuer = self.world.issuer
        pages = {
            f"{HOST}/.well-known/openid-credential-issuer/claims/valdoria": issuer_metadata,
            f"{HOST}/.well-known/oauth-authorization-server/claims/valdoria": server_metadata,
        }
        if url in pages:
            return Fetched(url, write_json(pages[url](issuer)).encode(), "application/json", NOW)
        if url.startswith(f"{ISSUER}/offers/"):
            link, _, grant = url.rpartition("/")[2].partition("?grant=")
            entry = self.world.entry(link)
            offer = open_offer(issuer, entry, self.world.now, by_code=grant == "authorization_code")
            return Fetched(url, write_json(offer.document).encode(), "application/json", NOW)
        return self.world.town.web.get(url, accept=accept, max_bytes=max_bytes)

    def post(
        self,
        url: str,
        body: bytes,
        content_type: str,
        *,
        headers: Mapping[str, str] | None = None,
        accept: str = "application/json",
        max_bytes: int = 4_000_000,
    ) -> Answered:
        self.sent.append((url, body, headers or {}))
        name = urlsplit(url).path.rpartition("/")[2]
        if not url.startswith(ISSUER) or name not in ENDPOINTS:
            raise EvidenceUnusable(f"{url} could not be reached")
        named = {key.lower(): value for key, value in (headers or {}).items()}
        asked = Asked("POST", url, named | {"content-type": content_type}, body, self.world.now)
        reply = respond(self.world.issuer, name, asked)
        said = {key.lower(): value for key, value in reply.headers.items()}
        return Answered(url, reply.status, said, reply.body, reply.media_type, self.world.now)


class World:
    """One school with one record in its ledger, and whoever takes it."""

    def __init__(self, url: str, rules: Rules | None = None) -> None:
        self.now = NOW
        self.numbers = 6
        self.town = Town()
        self.ledger, self.claims = Ledger.open(url), Claims.open(url)
        school = self.town.school
        self.records = RecordIssuer(school.key, self.ledger, school.did, f"https://{school.host}/status")
        self.issuer = self.make_issuer(rules or Rules())
        self.loop = Loop(self)
        self.publish()

    def publish(self) -> None:
        """What wallets and verifiers look up of the school: the list as a token, and its types."""
        school = self.town.school
        url = token_url(school.list_url, "jwt")
        self.town.web.pages[url] = sign_list_token(
            url, {}, Named(school.status_key, "status-1"), at=NOW
        ).encode()
        for kind in RECORD_KINDS:
            vct = f"https://{school.host}/types/{kind}.json"
            self.town.web.pages[vct] = write_json(kind_metadata(kind, vct)).encode()

    def make_issuer(self, rules: Rules) -> CredentialIssuer:
        school = self.town.school

        def making(record: Record, at: datetime) -> Making:
            return Making(signer=school.key, at=at, url=f"https://{school.host}", kind="diploma")

        return CredentialIssuer(
            identifier=ISSUER,
            organisation=school.did,
            ledger=self.ledger,
            claims=self.claims,
            nonces=Nonces(self.claims.secret("nonces")),
            resolver=Resolver(self.town.web),
            kind_of=lambda record: "diploma",
            vct=lambda kind: f"https://{school.host}/types/{kind}.json",
            display=({"name": school.name, "locale": "en"},),
            signing=("EdDSA",),
            sign=Binder(making),
            metadata_signer=school.key,
            request_key=DecryptionKey.generate(),
            rules=rules,
        )

    def follow(self, **rules: object) -> None:
        """Other rules from now on."""
        self.issuer = replace(self.issuer, rules=replace(self.issuer.rules, **rules))  # type: ignore[arg-type]

    def record(self, **changes: object) -> Record:
        self.numbers += 1
        document = self.town.school.diploma(index=self.numbers, **changes)  # type: ignore[arg-type]
        return self.records.issue(_open(document), at=NOW)

    def offer(self, record: Record | None = None, *, code: bool = False) -> MadeOffer:
        record = record or self.record()
        with self.claims.writing() as connection:
            return make_offer(connection, record.id, with_code=code, at=self.now)

    def entry(self, link: str) -> OfferEntry:
        with self.claims.reading() as connection:
            found = offers.by_link(connection, link)
        assert found is not None
        return found

    def line(self, **members: object) -> Line:
        return Line(self.loop, **members)  # type: ignore[arg-type]

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)

    def close(self) -> None:
        self.ledger.close()
        self.claims.close()


def _open(document: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in document.items() if name != "credentialStatus"}


def link_of(made: MadeOffer, *, by_code: bool = False) -> str:
    grant = "?grant=authorization_code" if by_code else ""
    return f"openid-credential-offer://?credential_offer_uri={HOST}/claims/valdoria/offers/{made.link}{grant}"


def a_key(algorithm: str = "P-256") -> PrivateKey:
    return PrivateKey.generate(algorithm)


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def school(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One school for the tests of a file, on each database."""
    if request.param == "sqlite":
        made = World(f"sqlite:///{tmp_path_factory.mktemp('claims') / 'ledger.sqlite'}")
        yield made
        made.close()
        return
    url = postgres_cluster().database()
    made = World(url)
    yield made
    made.close()
    postgres_cluster().drop(url)


@pytest.fixture
def world(school: World) -> World:
    """The school with its first rules; every test has records and offers of its own."""
    school.issuer = school.make_issuer(Rules())
    school.loop.sent.clear()
    school.now = max(school.now, NOW)
    return school
