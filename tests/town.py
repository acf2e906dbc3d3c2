"""A small world in memory: a school, an employer and the web between them. Nothing leaves the machine."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from testamur.checks import Policy
from testamur.credentials import StatusEntry
from testamur.did import Resolver, issuer_metadata, web_document
from testamur.errors import EvidenceUnusable
from testamur.fetch import Fetched
from testamur.jsontext import Json, write_json
from testamur.keys import LocalSigner, PrivateKey, VerificationMethod
from testamur.proofs import DataIntegrity, SecuredDocument, VcJwt
from testamur.status import Notice, list_credential, notices_url, sign_notices
from testamur.trust import PinnedTrust, TrustedIssuer, all_pins, entry_from_document, sign_digest_list
from testamur.verifying import Verifier

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
GRADUATION = datetime(2026, 7, 1, tzinfo=UTC)
CONTEXTS = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]
CLR_CONTEXT = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"


@dataclass
class Web:
    """The web: what lies at each address, and everything that was asked for."""

    pages: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    now: datetime = NOW

    def get(self, url: str, *, accept: str = "*/*", max_bytes: int = 4_000_000) -> Fetched:
        self.asked.append(url)
        if url not in self.pages:
            raise EvidenceUnusable(f"{url} could not be reached")
        if len(self.pages[url]) > max_bytes:
            raise EvidenceUnusable(f"{url} is longer than {max_bytes} bytes")
        return Fetched(url, self.pages[url], "application/json", self.now)


def key(name: str, algorithm: str = "Ed25519") -> PrivateKey:
    """The same key for the same name, every time."""
    secret = sha256(name.encode()).digest()
    return PrivateKey.from_secret(algorithm, bytes(1) + secret[1:] if algorithm == "BLS12-381" else secret)


class School:
    """A university with a site, keys and a status list; what it publishes lies on the web."""

    def __init__(
        self, web: Web, host: str = "diplomas.valdoria.example", name: str = "Universidad de Valdoria"
    ) -> None:
        self.web, self.host, self.name = web, host, name
        self.did = f"did:web:{host}"
        self.list_url = f"https://{host}/status/1.json"
        self.digests_url = f"https://{host}/digests.jwt"
        self.methods: dict[str, VerificationMethod] = {}
        self.set_bits: dict[str, dict[int, str]] = {"revocation": {}, "suspension": {}}
        self.key = self.add_key("key-1")
        self.status_key = self.add_key("status-1", use="status")
        self.publish()

    def add_key(self, name: str, *, use: str = "", algorithm: str = "Ed25519") -> LocalSigner:
        private = key(f"{self.host} {name}", algorithm)
        url = f"{self.did}#{name}"
        self.methods[url] = VerificationMethod(url, self.did, private.public_key, use=use)
        return LocalSigner(private, url)

    def end_key(self, signer: LocalSigner, **windows: datetime) -> None:
        url = signer.verification_method
        self.methods[url] = replace(self.methods[url], **windows)
        self.publish()

    def publish(
        self, *, at: datetime = NOW, valid_for: timedelta = timedelta(days=90), digests: bool = True
    ) -> None:
        """Everything the school shows: its keys, its status lists, and why bits are set."""
        where = self.digests_url if digests else ""
        document = web_document(self.did, self.methods.values(), digests=where)
        self.web.pages[f"https://{self.host}/.well-known/did.json"] = write_json(document).encode()
        metadata = issuer_metadata(f"https://{self.host}", self.methods.values())
        self.web.pages[f"https://{self.host}/.well-known/jwt-vc-issuer"] = write_json(metadata).encode()
        for purpose, url in (
            ("revocation", self.list_url),
            ("suspension", self.list_url.replace("1.json", "2.json")),
        ):
            bits = self.set_bits[purpose]
            listed = list_credential(url, self.did, bits, purpose=purpose, at=at, valid_for=valid_for)
            secured = DataIntegrity().secure(write_json(listed), self.status_key, at=at)
            self.web.pages[url] = secured.text.encode()
            token = VcJwt().secure(write_json(listed), self.status_key, at=at).text
            self.web.pages[url.replace(".json", ".jwt")] = token.encode()
            notices = {index: Notice(reason, at) for index, reason in bits.items() if reason}
            token = sign_notices(url, self.did, notices, self.status_key, at=at, valid_for=valid_for)
            self.web.pages[notices_url(url)] = token.encode()

    def publish_digests(self, *forms: SecuredDocument, at: datetime = NOW) -> None:
        place = f"https://{self.host}/digests.bin"
        rows = [sha256(form.text.encode()).digest() for form in forms]
        token, raw = sign_digest_list(rows, self.did, place, self.status_key, at=at)
        self.web.pages |= {self.digests_url: token.encode(), place: raw}

    def status(self, index: int, purpose: str = "revocation") -> Json:
        url = self.list_url if purpose == "revocation" else self.list_url.replace("1.json", "2.json")
        return StatusEntry("BitstringStatusListEntry", purpose, index, url).document

    def diploma(
        self, name: str = "ሰላም ተስፋዬ", *, index: int = 7, latin: str = "Selam Tesfaye", **changes: object
    ) -> Json:
        """An unsecured diploma; a change of None takes a member out."""
        names = [_identity(name), *([_identity(latin)] if latin else [])]
        record = f"https://{self.host}/records/{index}"
        members: Json = {
            "@context": CONTEXTS,
            "id": record,
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "issuer": {"id": self.did, "type": ["Profile"], "name": self.name},
            "validFrom": "2026-07-01T00:00:00Z",
            "awardedDate": "2026-07-01T00:00:00Z",
            "name": "Bachelor of Science",
            "credentialSubject": {
                "type": ["AchievementSubject"],
                "identifier": names,
                "licenseNumber": f"VU-2026-{index:04}",
                "achievement": {
                    "id": f"https://{self.host}/achievements/bsc",
                    "type": ["Achievement"],
                    "achievementType": "BachelorDegree",
                    "name": "Bachelor of Science",
                    "description": "Four years of study of biology.",
                    "criteria": {"narrative": "All examinations passed."},
                },
                "result": [{"type": ["Result"], "value": "17.5 of 20"}],
            },
            "credentialStatus": self.status(index),
        }
        return {name: value for name, value in (members | changes).items() if value is not None}

    def course(self, number: int, grade: str = "A", **changes: object) -> Json:
        """An unsecured course of a transcript, the school's own word."""
        base = f"https://{self.host}"
        members = self.diploma(
            id=f"{base}/transcripts/1#{number}",
            issuer=self.did,
            name=f"Biology {number}",
            credentialStatus=None,
        )
        subject = {
            name: value for name, value in members["credentialSubject"].items() if name != "licenseNumber"
        }
        subject["achievement"] = subject["achievement"] | {
            "id": f"{base}/courses/{number}",
            "achievementType": "Course",
            "name": f"Biology {number}",
        }
        subject |= {"creditsEarned": 5 + number % 3, "result": [{"type": ["Result"], "value": grade}]}
        return members | {"credentialSubject": subject} | changes

    def clr(self, held: list[Json], *, index: int = 99, **changes: object) -> Json:
        """An unsecured learner record that holds these credentials."""
        return {
            "@context": [CONTEXTS[0], CLR_CONTEXT, CONTEXTS[1]],
            "id": f"https://{self.host}/transcripts/{index}",
            "type": ["VerifiableCredential", "ClrCredential"],
            "issuer": {"id": self.did, "type": ["Profile"], "name": self.name},
            "validFrom": "2026-07-01T00:00:00Z",
            "awardedDate": "2026-07-01T00:00:00Z",
            "name": "Transcript of records",
            "credentialSubject": {
                "type": ["ClrSubject"],
                "identifier": [_identity("ሰላም ተስፋዬ"), _identity("Selam Tesfaye")],
                "verifiableCredential": held,
            },
            "credentialStatus": self.status(index),
        } | changes

    def issue(
        self, document: Json | None = None, *, at: datetime = GRADUATION, signer: LocalSigner | None = None
    ) -> SecuredDocument:
        """The full form: Data Integrity."""
        return DataIntegrity().secure(write_json(document or self.diploma()), signer or self.key, at=at)

    def issue_paper(self, document: Json | None = None, *, at: datetime = GRADUATION) -> SecuredDocument:
        """The paper form: an extract as a token."""
        members = dict(document or self.diploma())
        subject = {k: v for k, v in members["credentialSubject"].items() if k != "result"}
        return VcJwt(extract=True).secure(
            write_json(members | {"credentialSubject": subject}), self.key, at=at
        )

    def trusted(self) -> TrustedIssuer:
        """The entry an employer has for this school, its keys pinned today."""
        return entry_from_document(Resolver(self.web).resolve(self.did).document, self.name, NOW)


class Town:
    """A web with one school, and an employer who trusts it."""

    def __init__(self) -> None:
        self.web = Web()
        self.school = School(self.web)

    def employer(
        self, *, policy: Policy | None = None, trusts: bool = True, offline: bool = False
    ) -> Verifier:
        sources = [PinnedTrust.of([self.school.trusted()])] if trusts else []
        resolver = Resolver(self.web, pins=all_pins(sources), offline=offline)
        return Verifier(resolver, self.web, sources, policy or Policy())


def _identity(name: str) -> Json:
    return {"type": "IdentityObject", "hashed": False, "identityHash": name, "identityType": "name"}
