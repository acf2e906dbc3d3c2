"""A school with a key of each kind, an employer who trusts it, and records of three kinds to be signed."""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256, sha384

from testamur.checks import Audience, Policy
from testamur.credentials import StatusEntry
from testamur.jsontext import Json
from testamur.keys import LocalSigner, PrivateKey, VerificationMethod
from testamur.verifying import Verifier
from tests.credentials import samples
from tests.town import NOW, School, Town

ALGORITHMS = ("Ed25519", "P-256", "P-384", "BLS12-381", "ML-DSA-44")
ASKED = Audience("https://employer.example", "c-17")
V1 = "https://www.w3.org/2018/credentials/v1"
V2 = "https://www.w3.org/ns/credentials/v2"
INDEX = 7


@cache
def town() -> Town:
    """The town, everything published; nothing in it is changed by a test."""
    made = Town()
    made.school.publish()
    for algorithm in ALGORITHMS:
        signer(algorithm, made.school)
    made.school.publish(at=NOW)
    return made


@cache
def employer(*, asks: bool = False) -> Verifier:
    """An employer, who may have asked for a presentation."""
    return town().employer(policy=Policy(audience=ASKED) if asks else None)


@cache
def signer(algorithm: str, school: School | None = None) -> LocalSigner:
    """The school's key of a kind."""
    school = school or town().school
    private = _private(f"{school.host} {algorithm}", algorithm)
    url = f"{school.did}#{algorithm}"
    school.methods[url] = VerificationMethod(url, school.did, private.public_key)
    return LocalSigner(private, url)


@cache
def holder() -> LocalSigner:
    """The learner's key, whose DID is the key itself."""
    private = _private("मीरा शर्मा", "Ed25519")
    did = f"did:key:{private.public_key.multikey}"
    return LocalSigner(private, f"{did}#{private.public_key.multikey}")


def holder_did() -> str:
    return holder().verification_method.partition("#")[0]


def badge(number: int = 1) -> Json:
    """An Open Badge with two names, two results, numbers, and things that are described twice."""
    return _by_the_school(samples.diploma(number), number)


def plain(number: int = 0, *, words_of_its_own: bool = True) -> Json:
    """A record of no profile, with words in languages and two status entries.

    Its own words come from a context written out in it, which suites that sign statements do not take.
    """
    school = town().school
    document: Json = {
        "@context": [V2],
        "id": f"urn:uuid:00000000-0000-4000-8000-{number:012}",
        "type": ["VerifiableCredential"],
        "issuer": {"id": school.did, "name": [_said("Універсітэт", "be"), _said("University", "en")]},
        "validFrom": "2026-07-01T00:00:00Z",
        "validUntil": "2036-07-01T00:00:00+02:00",
        "name": _said("Дыплом", "be"),
        "credentialSubject": {"id": holder_did(), "name": "Łukasz Żółty"},
        "credentialStatus": [_status(school), _status(school, "suspension")],
        "termsOfUse": {"id": f"https://{school.host}/terms", "type": "JsonSchema"},
    }
    if words_of_its_own:
        document["@context"].append({"@vocab": "https://vocabulary.valdoria.example/"})
        document["type"].append("UniversityDegreeCredential")
        document["credentialSubject"] |= {
            "degree": {
                "type": "BachelorDegree",
                "name": "Бакалавр",
                "credits": 240,
                "mean": 8.25,
                "honours": True,
            },
            "languages": ["be", "pl", "en"],
        }
    return document


def old(number: int = 2) -> Json:
    """An Open Badge of VCDM 1.1."""
    document = _by_the_school(samples.old_diploma(number), number)
    document["@context"].append("https://www.w3.org/ns/credentials/status/v1")
    return document | {"expirationDate": "2036-07-01T00:00:00Z"}


def _by_the_school(document: Json, number: int) -> Json:
    """The sample as the school issues it, with the status entry of its list."""
    school = town().school
    text = json.dumps(document).replace(f"did:web:{samples.PLACES[number].host}", school.did)
    changed: Json = json.loads(text) | {"credentialStatus": _status(school)}
    changed["credentialSubject"]["licenseNumber"] = "VU-2026-0007"
    return changed


def _status(school: School, purpose: str = "revocation") -> Json:
    entry = school.status(INDEX, purpose)
    return {"id": f"{StatusEntry.parse(entry).list_url}#{INDEX}", **entry}


def _said(text: str, language: str) -> Json:
    return {"@value": text, "@language": language}


def _private(name: str, algorithm: str) -> PrivateKey:
    digest = sha384 if algorithm == "P-384" else sha256
    return PrivateKey.from_secret(algorithm, b"\0" + digest(name.encode()).digest()[1:])
