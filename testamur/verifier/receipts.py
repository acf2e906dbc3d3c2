"""A signed receipt: what was checked, when, against which lists, and what was found; nothing the records say.

A Verifiable Credential by the office that checked. Its words are those of EARL, the W3C's language of test
reports (https://www.w3.org/TR/EARL10-Schema/), and of Dublin Core; they are defined in the receipt itself
and signed with it, so that it can be read for as long as there are readers of JSON-LD.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from testamur.encoding import encode_multibase
from testamur.errors import OperatorError
from testamur.jsontext import Json, write_json
from testamur.keys import PrivateKey, Signer, read_key_file, write_key_file
from testamur.proofs import DataIntegrity
from testamur.times import write_instant

TYPE = "VerificationReceipt"
_EARL = "http://www.w3.org/ns/earl#"
_DUBLIN = "http://purl.org/dc/terms/"
_TIME = "http://www.w3.org/2001/XMLSchema#dateTime"
_CONTEXT: Json = {
    TYPE: "urn:uuid:1d3c1b5e-7a0f-4c39-9d7e-5c1f0c9a6e11",
    "Assertion": _EARL + "Assertion",
    "TestSubject": _EARL + "TestSubject",
    "TestResult": _EARL + "TestResult",
    "subject": _EARL + "subject",
    "result": _EARL + "result",
    "outcome": {"@id": _EARL + "outcome", "@type": "@vocab"},
    "passed": _EARL + "passed",
    "failed": _EARL + "failed",
    "cantTell": _EARL + "cantTell",
    "untested": _EARL + "untested",
    "info": _EARL + "info",
    "isPartOf": _DUBLIN + "isPartOf",
    "creator": {"@id": _DUBLIN + "creator", "@type": "@id"},
    "source": _DUBLIN + "source",
    "date": {"@id": _DUBLIN + "date", "@type": _TIME},
    "modified": {"@id": _DUBLIN + "modified", "@type": _TIME},
}
_OUTCOMES = {"accepted": "passed", "rejected": "failed", "undecided": "cantTell"}
_SUITES = {"Ed25519": "eddsa-jcs-2022", "P-256": "ecdsa-jcs-2019", "P-384": "ecdsa-jcs-2019"}


@dataclass(frozen=True, slots=True)
class Receipts:
    """Writes receipts with the key of an office; ``trust`` holds the SHA-256 of each list of issuers."""

    signer: Signer
    name: str = ""
    trust: tuple[bytes, ...] = ()

    @property
    def issuer(self) -> str:
        """The DID of the office."""
        return self.signer.verification_method.partition("#")[0]

    def write(self, slips: Sequence[Json], at: datetime) -> str:
        """The receipt for what these slips hold, as the text of a secured credential."""
        about = [entry for slip in slips for entry in _assertions(slip)]
        counts = Counter(entry["result"]["info"].replace("_", " ") for entry in about)
        told = ", ".join(f"{count} {words}" for words, count in counts.most_common())
        receipt: Json = {
            "@context": ["https://www.w3.org/ns/credentials/v2", _CONTEXT],
            "id": f"urn:uuid:{uuid4()}",
            "type": ["VerifiableCredential", TYPE],
            "name": f"Receipt: {told}",
            "issuer": {"id": self.issuer, "name": self.name} if self.name else self.issuer,
            "validFrom": write_instant(at),
            "credentialSubject": about,
        }
        if self.trust:
            receipt["source"] = [_digest(digest) for digest in self.trust]
        suite = _SUITES[self.signer.public_key.algorithm]
        return DataIntegrity(suite).secure(write_json(receipt), self.signer, at=at).text


def _assertions(slip: Json) -> list[Json]:
    """One assertion for each record of a file, or one that there was none."""
    file = {"isPartOf": _digest(bytes.fromhex(slip["file"]))} if slip["file"] else {}
    if not slip["found"]:
        result = {"type": "TestResult", "outcome": "untested", "info": "no_record", "date": slip["at"]}
        return [{"type": "Assertion", "subject": {"type": "TestSubject", **file}, "result": result}]
    return [_assertion(found, file, slip["at"]) for found in slip["found"]]


def _assertion(found: Json, file: Json, at: str) -> Json:
    subject: Json = {"type": "TestSubject", **_digest(bytes.fromhex(found["digest"])), **file}
    if found["issuer"]:
        subject["creator"] = found["issuer"]
    result = {
        "type": "TestResult",
        "outcome": _OUTCOMES[found["verdict"]],
        "info": found["headline"],
        "date": at,
    }
    assertion: Json = {"type": "Assertion", "subject": subject, "result": result}
    if found["lists"]:
        assertion["source"] = [{"id": url, "modified": found["as_of"]} for url in found["lists"]]
    return assertion


def _digest(digest: bytes) -> Json:
    """A SHA-256 as ``digestMultibase`` (CID §2.5), a term of the base context."""
    return {"digestMultibase": encode_multibase(b"\x12\x20" + digest, "u")}


def open_office_key(path: Path, passphrase: str) -> Signer:
    """The signer in the key file of an office; raises OperatorError."""
    signer = read_key_file(path).unlock(passphrase)
    if signer.public_key.algorithm not in _SUITES:
        raise OperatorError(f"{path}: a {signer.public_key.algorithm} key signs no receipts")
    return signer


def make_office_key(path: Path, passphrase: str) -> str:
    """Write a new key that names itself by a ``did:key``, and return that."""
    key = PrivateKey.generate("Ed25519")
    did = f"did:key:{key.public_key.multikey}"
    write_key_file(path, key, passphrase, verification_method=f"{did}#{key.public_key.multikey}")
    return did
