"""What is measured: the diplomas of one school, its keys, and an employer who trusts it. All of it is invented."""

from __future__ import annotations

from hashlib import sha512

from testamur.did import Resolver
from testamur.jsontext import Json, write_json
from testamur.keys import LocalSigner, PrivateKey, VerificationMethod
from testamur.trust import PinnedTrust, all_pins
from testamur.verifying import Verifier
from tests.credentials.samples import PLACES, diploma
from tests.town import School, Web

COUNT = 100
_SECRETS = {"Ed25519": 32, "P-256": 32, "P-384": 48}


def cohort(count: int = COUNT) -> list[Json]:
    """The diplomas of one year at one school: one form of words, many names and scripts."""
    return [_graduate(number) for number in range(count)]


def _graduate(number: int) -> Json:
    document = diploma(number * len(PLACES))
    place = PLACES[number % len(PLACES)]
    document["validFrom"] = "2025-06-30T08:00:00Z"  # some peers look at the clock
    names = document["credentialSubject"]["identifier"]
    names[0]["identityHash"] = place.holder
    if place.latin:
        names.insert(1, names[0] | {"identityHash": place.latin})
    return document


def of_size(size: int) -> Json:
    """A badge of about so many bytes: the more, the more results it tells."""
    document = diploma()
    for name in ("description", "evidence"):
        del document[name]
    subject, achievement = document["credentialSubject"], document["credentialSubject"]["achievement"]
    document["issuer"] = {"id": document["issuer"]["id"], "type": ["Profile"]}
    achievement["resultDescription"], subject["result"] = [], []
    kept = ("id", "type", "name", "description", "criteria", "resultDescription")
    subject["achievement"] = {name: achievement[name] for name in kept}
    for name in ("narrative", "role", "term", "activityStartDate", "activityEndDate", "creditsEarned"):
        del subject[name]
    number = 0
    while len(write_json(document).encode()) < size:
        number += 1
        described = f"urn:uuid:00000000-0000-4000-8000-{number:012d}"
        subject["achievement"]["resultDescription"].append(
            {
                "id": described,
                "type": ["ResultDescription"],
                "name": f"Course {number}",
                "resultType": "Percent",
            }
        )
        subject["result"].append(
            {"type": ["Result"], "resultDescription": described, "value": str(40 + number * 7 % 60)}
        )
    if not number:
        del subject["achievement"]["resultDescription"], subject["result"]
    return document


class World:
    """The school with a key of each kind, its status list on a web in memory, and an employer."""

    def __init__(self) -> None:
        self.web = Web()
        self.school = School(self.web, "valdoria.example", "University of Valdoria")
        self.signers = {kind: self._signer(kind) for kind in _SECRETS}
        self.school.publish()
        sources = [PinnedTrust.of([self.school.trusted()])]
        self.resolver = Resolver(self.web, pins=all_pins(sources))
        self.employer = Verifier(self.resolver, self.web, sources)
        self.documents = cohort()
        self.texts = [write_json(document) for document in self.documents]

    def _signer(self, kind: str) -> LocalSigner:
        key = PrivateKey.from_secret(kind, b"\0" + sha512(kind.encode()).digest()[: _SECRETS[kind] - 1])
        url = f"{self.school.did}#{kind}"
        self.school.methods[url] = VerificationMethod(url, self.school.did, key.public_key)
        return LocalSigner(key, url)
