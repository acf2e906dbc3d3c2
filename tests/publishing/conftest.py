"""A school that has issued, revoked and replaced, and what its public folder must not say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from testamur.issuing import Draft, Issuer
from testamur.keys import LocalSigner
from testamur.publishing import Site
from testamur.store import KeyEntry, Ledger, Record
from tests.town import CONTEXTS, key

AT = datetime(2026, 9, 1, 12, tzinfo=UTC)
NAMES = ("ሰላማዊት በቀለ", "فاطمة المنصوري", "ដារ៉ា ចាន់", "Анна Шевченко", "王志强", "Inés Quiroga Bravo")


@dataclass
class School:
    """A site, its ledger and its keys."""

    site: Site
    ledger: Ledger
    signer: LocalSigner
    status: LocalSigner

    def issue(
        self, number: int, *, at: datetime = AT, replaces: str = "", suspendable: bool = False
    ) -> Record:
        name = NAMES[number % len(NAMES)]
        issuer = Issuer(self.signer, self.ledger, self.site.did, f"{self.site.url}/status")
        return issuer.issue_batch(
            [
                Draft(
                    document=self._document(number, name),
                    at=at,
                    template="diploma",
                    row_key=f"2022-00{number}",
                    replaces=replaces,
                    suspendable=suspendable,
                )
            ]
        )[0]

    def _document(self, number: int, name: str) -> dict[str, object]:
        return {
            "@context": CONTEXTS,
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "issuer": {"id": self.site.did, "type": ["Profile"], "name": self.site.name},
            "validFrom": "2026-07-01T00:00:00Z",
            "name": "Licenciatura en Apicultura",
            "credentialSubject": {
                "type": ["AchievementSubject"],
                "identifier": [
                    {"type": "IdentityObject", "hashed": False, "identityHash": name, "identityType": "name"}
                ],
                "licenseNumber": f"SECRET-{number:04}",
                "achievement": {
                    "id": "https://diplomas.valdoria.example/achievements/bees",
                    "type": ["Achievement"],
                    "name": "Licenciatura en Apicultura",
                    "description": "Cuatro años de abejas.",
                    "criteria": {"narrative": "Todas las asignaturas aprobadas."},
                },
            },
        }


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    site = Site(
        "Universidad de Valdoria",
        "https://diplomas.valdoria.example",
        "did:web:diplomas.valdoria.example",
        "diplomas.valdoria.example",
    )
    with Ledger.open(f"sqlite:///{tmp_path}/ledger.sqlite") as ledger:
        signers = []
        for fragment, use in (("key-1", "assertion"), ("status-1", "status")):
            private = key(fragment)
            ledger.add_key(
                site.did,
                KeyEntry(
                    id=fragment,
                    multikey=private.public_key.multikey,
                    algorithm="Ed25519",
                    created=AT - timedelta(days=300),
                    use=use,
                ),
            )
            signers.append(LocalSigner(private, f"{site.did}#{fragment}"))
        yield School(site, ledger, *signers)
