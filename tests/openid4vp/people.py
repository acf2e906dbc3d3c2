"""Selam with her records, an employer who asks, and the web between them; nothing leaves the machine."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qsl, urlsplit

from testamur.fetch import Answered, Fetched
from testamur.jsontext import Json, write_json
from testamur.keys import LocalSigner
from testamur.openid4vp import (
    REQUEST_TYPE,
    Asker,
    Candidate,
    Checked,
    Known,
    ResponseRefused,
    Transaction,
    candidate,
    check_response,
    link,
    new_transaction,
    request_object,
    wallet_nonce_of,
)
from testamur.presenting import holder_signer
from testamur.proofs import DataIntegrity, VcJwt
from testamur.wallet.holder_keys import METHODS  # noqa: F401  # the wallet's names for keys
from tests.town import GRADUATION, NOW, Town, Web, key

OB = "https://purl.imsglobal.org/spec/vc/ob/vocab.html#OpenBadgeCredential"
SITE = "https://verify.employer.example"
HOLDER = holder_signer(key("selam", "P-256"))
THIEF = holder_signer(key("thief", "P-256"))
VCT = "https://diplomas.valdoria.example/types/diploma.json"


def dcql(*formats: str, **changes: object) -> Json:
    """A question for one record in any of these formats."""
    made = {
        "dc+sd-jwt": {"meta": {"vct_values": [VCT]}, "claims": [{"path": ["award"]}, {"path": ["results"]}]},
        "ldp_vc": {
            "meta": {"type_values": [[OB]]},
            "claims": [{"path": ["credentialSubject", "achievement", "name"]}],
        },
        "jwt_vc_json": {
            "meta": {"type_values": [[OB]]},
            "claims": [{"path": ["credentialSubject", "achievement", "name"]}],
        },
    }
    credentials = [{"id": f"q{n}", "format": name} | made[name] | changes for n, name in enumerate(formats)]
    return {"credentials": credentials}


@dataclass
class Employer:
    """A verifier on the web: it keeps one question, hands out its object and takes its answer once."""

    web: Net
    town: Town
    asker: Asker
    encrypt: bool = True
    now: datetime = NOW
    asked: Transaction | None = None
    answers: list[Checked | ResponseRefused] = field(default_factory=list)
    sent: list[dict[str, str]] = field(default_factory=list)
    used: bool = False

    def ask(self, question: Json, *, post: bool = True, **options: object) -> str:
        self.asked = new_transaction(
            question, f"{SITE}/response/{{id}}", at=self.now, encrypt=self.encrypt, **options
        )
        self.used = False
        uri = f"{SITE}/request/{self.asked.request_id}"
        self.web.objects[uri] = lambda form: request_object(
            self.asker, self.asked, at=self.now, wallet_nonce=wallet_nonce_of(form)
        )
        self.web.takers[self.asked.response_uri] = self.take
        return link(self.asker, self.asked, uri if self.asker.signer else "", post=post)

    def take(self, form: dict[str, str]) -> tuple[int, Json]:
        self.sent.append(form)
        try:
            if self.used:
                raise ResponseRefused("it was answered already")
            self.used = True
            checked = check_response(
                form, self.asked.expected(self.asker.client_id), self.town.employer(), at=self.now
            )
        except ResponseRefused as error:
            self.answers.append(error)
            return 400, {"error": "invalid_request", "error_description": str(error)}
        self.answers.append(checked)
        return 200, {"redirect_uri": f"{SITE}/done?response_code=abc"}


@dataclass
class Net(Web):
    """The web, on which things can be sent too."""

    objects: dict = field(default_factory=dict)
    takers: dict = field(default_factory=dict)
    posted: list[str] = field(default_factory=list)

    def get(self, url: str, *, accept: str = "*/*", max_bytes: int = 4_000_000) -> Fetched:
        if url in self.objects:
            return Fetched(url, self.objects[url]({}).encode(), REQUEST_TYPE, self.now)
        return super().get(url, accept=accept, max_bytes=max_bytes)

    def post(self, url, body, content_type, *, headers=None, accept="", max_bytes=4_000_000) -> Answered:
        self.posted.append(url)
        form = dict(parse_qsl(body.decode(), keep_blank_values=True))
        if url in self.objects:
            return Answered(url, 200, {}, self.objects[url](form).encode(), REQUEST_TYPE, self.now)
        if url not in self.takers:
            return Answered(url, 404, {}, b"", "text/plain", self.now)
        status, answer = self.takers[url](form)
        return Answered(url, status, {}, write_json(answer).encode(), "application/json", self.now)


class World:
    """A town with an employer who asks and Selam who answers."""

    def __init__(self) -> None:
        self.town = Town()
        self.net = Net(self.town.web.pages)
        self.town.web = self.town.school.web = self.net
        self.town.school.publish()
        did = "did:web:employer.example"
        signer = LocalSigner(key("employer", "P-256"), f"{did}#key-1")
        from testamur.did import web_document
        from testamur.keys import VerificationMethod

        method = VerificationMethod(signer.verification_method, did, signer.public_key)
        self.net.pages["https://employer.example/.well-known/did.json"] = write_json(
            web_document(did, [method])
        ).encode()
        self.employer = Employer(
            self.net, self.town, Asker(f"decentralized_identifier:{did}", signer, name="Hotel Mar")
        )

    def known(self, *, trusts: bool = False) -> Known:
        verifier = self.town.employer()
        if not trusts:
            return Known(verifier.resolver, verifier.trust, NOW)
        from testamur.trust import PinnedTrust, entry_from_document

        document = verifier.resolver.resolve("did:web:employer.example").document
        listed = PinnedTrust.of([entry_from_document(document, "Hotel Mar S.A.", NOW)])
        return Known(verifier.resolver, [*verifier.trust, listed], NOW)

    def records(self, signer=HOLDER) -> list[Candidate]:
        from testamur.vault import HolderKey
        from tests.wallet.people import sd_jwt_vc

        school = self.town.school
        holder = HolderKey("k", "P-256", key("selam", "P-256").secret, "", "", "")
        document = school.diploma(index=9)
        document["credentialSubject"]["id"] = signer.verification_method.partition("#")[0]
        older = dict(document) | {
            "@context": ["https://www.w3.org/2018/credentials/v1", *document["@context"][1:]]
        }
        older |= {"issuanceDate": older.pop("validFrom"), "id": document["id"] + "old"}
        return [
            candidate("sd", sd_jwt_vc(school, holder, vct=VCT), signer),
            candidate("ldp", DataIntegrity().secure(write_json(document), school.key, at=GRADUATION), signer),
            candidate("jwt", VcJwt().secure(write_json(document), school.key, at=GRADUATION), signer),
        ]


def query_of(text: str) -> dict[str, str]:
    """The parameters of a link."""
    return dict(parse_qsl(urlsplit(text).query))
