"""A school's published site on this machine, as any web host would serve it, and papers in every state."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from testamur.issuing import Draft, Issuer
from testamur.jsontext import Json, write_json
from testamur.keys import LocalSigner
from testamur.papercode import encode
from testamur.proofs import VcJwt
from testamur.publishing import Site, publish
from testamur.store import KeyEntry, Ledger, Record
from testamur.trust import TrustedIssuer
from tests.town import CONTEXTS, key

NAMES = {
    "am": ("ሰላም ተስፋዬ", "Selam Tesfaye", "የነርሲንግ የመጀመሪያ ዲግሪ"),
    "ar": ("فاطمة المنصوري", "Fatima Al Mansouri", "بكالوريوس الهندسة المدنية"),
    "hi": ("अनन्या राघवेन्द्र मिश्र", "Ananya Raghavendra Mishra", "वाणिज्य स्नातक"),
    "km": ("ដារ៉ា ចាន់", "Dara Chan", "បរិញ្ញាបត្រគ្រប់គ្រង"),
    "es": ("Inés Quiroga Bravo", "", "Licenciatura en Enfermería"),
}


class _Handler(SimpleHTTPRequestHandler):
    extensions_map = {
        **SimpleHTTPRequestHandler.extensions_map,
        ".js": "text/javascript",
        ".wasm": "application/wasm",
        ".jwt": "application/jwt",
    }

    def end_headers(self) -> None:
        self.send_header("Access-Control-Allow-Origin", "*")  # lists are for everybody
        super().end_headers()

    def log_message(self, *_: object) -> None:
        self.server.asked.append(self.path)  # type: ignore[attr-defined]


@dataclass
class Served:
    """A folder behind a port; ``stop`` is the host that goes away."""

    folder: Path
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._server = self._open(0)
        self.port = self._server.server_port

    def _open(self, port: int) -> ThreadingHTTPServer:
        class Handler(_Handler):
            def __init__(handler, *args: object) -> None:
                super().__init__(*args, directory=str(self.folder))  # type: ignore[arg-type]

        server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        server.asked = self.asked  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def start(self) -> None:
        self._server = self._open(self.port)


@dataclass
class Papers:
    """A school that has issued, and what it publishes."""

    served: Served
    site: Site
    ledger: Ledger
    signer: LocalSigner
    status: LocalSigner
    now: datetime

    def issue(self, language: str = "am", *, replaces: str = "", suspendable: bool = False) -> Record:
        issuer = Issuer(self.signer, self.ledger, self.site.did, f"{self.site.url}/status")
        at = self.now - timedelta(days=2)
        document = self.document(language)
        draft = Draft(document=document, paper=dict, at=at, replaces=replaces, suspendable=suspendable)
        return issuer.issue_batch([draft])[0]

    def code(self, record: Record) -> str:
        """What the code on the paper of a record says."""
        token = next(form.text for form in record.forms if form.format == "vc+jwt")
        return encode(token, self.site.paper_host)

    def sign(
        self, signer: LocalSigner | None = None, *, at: datetime | None = None, **changes: object
    ) -> str:
        """The code of a record that no ledger knows."""
        document = {"id": "urn:uuid:0b34f9ec-93b5-4f0e-8a14-61bb1b6b4f4c"} | self.document("am") | changes
        secured = VcJwt(extract=True).secure(write_json(document), signer or self.signer, at=at or self.now)
        return encode(secured.text, self.site.paper_host)

    def document(self, language: str) -> Json:
        native, latin, award = NAMES[language]
        return {
            "@context": CONTEXTS,
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "issuer": {"id": self.site.did, "type": ["Profile"], "name": self.site.name},
            "validFrom": "2026-07-01T00:00:00Z",
            "awardedDate": "2026-07-01T00:00:00Z",
            "credentialSubject": {
                "type": ["AchievementSubject"],
                "identifier": [_identity(name) for name in (native, latin) if name],
                "licenseNumber": "VU-2026-00417",
                "achievement": {
                    "id": "urn:uuid:0b34f9ec-93b5-5f0e-8a14-61bb1b6b4f4c",
                    "type": ["Achievement"],
                    "name": award,
                    "description": "Four years of study.",
                    "criteria": {"narrative": "All examinations passed."},
                },
            },
        }

    def publish(self, *, at: datetime | None = None, trust: Sequence[TrustedIssuer] = ()) -> None:
        publish(self.site, self.ledger, self.status, self.served.folder, at=at or self.now, trust=trust)


def _identity(name: str) -> Json:
    return {"type": "IdentityObject", "hashed": False, "identityHash": name, "identityType": "name"}


@contextmanager
def open_site(folder: Path) -> Iterator[Papers]:
    """A school with two keys whose site lies at a port of this machine."""
    served = Served(folder / "public")
    did = f"did:web:localhost%3A{served.port}"
    site = Site("Universidad de Valdoria", served.url, did, f"localhost:{served.port}")
    now = datetime.now(UTC).replace(microsecond=0)
    with Ledger.open(f"sqlite:///{folder}/ledger.sqlite") as ledger:
        signers = []
        for fragment, use in (("key-1", "assertion"), ("status-1", "status")):
            private = key(fragment)
            multikey = private.public_key.multikey
            created = now - timedelta(days=300)
            ledger.add_key(
                did, KeyEntry(id=fragment, multikey=multikey, algorithm="Ed25519", created=created, use=use)
            )
            signers.append(LocalSigner(private, f"{did}#{fragment}"))
        try:
            yield Papers(served, site, ledger, *signers, now)
        finally:
            served.stop()
