"""Issue one badge and verify it, with the library alone: python examples/library.py."""

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from testamur.did import Resolver
from testamur.fetch import Mirror, NoNetwork
from testamur.issuing import Issuer
from testamur.keys import LocalSigner, PrivateKey
from testamur.proofs import decode
from testamur.publishing import Site, publish
from testamur.store import Ledger
from testamur.trust import PinnedTrust, entry_from_document
from testamur.verifying import Verifier

now = datetime.now(UTC)
key = PrivateKey.generate("Ed25519")
name = key.public_key.multikey
site = Site(
    "Night school of Valdoria", "https://nightschool.example", f"did:key:{name}", "nightschool.example"
)
signer = LocalSigner(key, f"{site.did}#{name}")

badge = {
    "@context": [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ],
    "id": "urn:uuid:6f3d9b0e-58c1-4b6a-9a53-2f1f5b1c7e10",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "issuer": {"id": site.did, "type": ["Profile"], "name": site.name},
    "validFrom": "2026-07-01T00:00:00Z",
    "name": "Welding, level 1",
    "credentialSubject": {
        "type": ["AchievementSubject"],
        "identifier": [
            {"type": "IdentityObject", "identityHash": "ሰላም በቀለ", "identityType": "name", "hashed": False}
        ],
        "achievement": {
            "id": "urn:uuid:0c0e2f0a-0b4e-4b52-8a34-6d3b7f4c5d21",
            "type": ["Achievement"],
            "name": "Welding, level 1",
            "description": "Joins mild steel in flat position.",
            "criteria": {"narrative": "Two test pieces passed visual inspection."},
        },
    },
}

with TemporaryDirectory() as folder:
    with Ledger.open(f"sqlite:///{folder}/ledger.sqlite") as ledger:
        issuer = Issuer(signer, ledger, site.did, site.at("status"))
        record = issuer.issue(badge, at=now)
        publish(site, ledger, signer, Path(folder, "public"), at=now)

    web = Mirror(Path(folder, "public"), NoNetwork())  # the published folder stands for the web
    resolver = Resolver(web)
    trusted = entry_from_document(resolver.resolve(site.did).document, site.name, now)
    verifier = Verifier(resolver, web, trust=(PinnedTrust.of([trusted]),))

    report = verifier.verify(decode(record.forms[0].text), at=now)
    print(report.headline, "–", report.facts.holder)
    for check in report.checks:
        print(f"{check.outcome:8} {check.name:7} {check.sentence}")
