"""What the W3C's conformance suites send, as far as it is the same in all of them."""

import copy
from uuid import uuid4

V1 = "https://www.w3.org/2018/credentials/v1"
V2 = "https://www.w3.org/ns/credentials/v2"

ISSUERS = {
    "eddsa-rdfc-2022": "eddsa-rdfc-2022",
    "eddsa-jcs-2022": "eddsa-jcs-2022",
    "ecdsa-rdfc-2019-p256": "ecdsa-rdfc-2019",
    "ecdsa-rdfc-2019-p384": "ecdsa-rdfc-2019",
    "ecdsa-jcs-2019-p256": "ecdsa-jcs-2019",
    "ecdsa-jcs-2019-p384": "ecdsa-jcs-2019",
    "Ed25519Signature2020": "Ed25519Signature2020",
}
"""The instances that sign with a proof, and the cryptosuite that must be named in it."""

SELECTIVE = {"ecdsa-sd-2023": "P-256", "bbs-2023": "BLS12-381"}
"""The instances whose holders derive copies, and the curve of their keys."""

REFUSED = (400, 422)


def credential(issuer="", version=2):
    """The small credential the suites issue, under an id of its own."""
    document = {
        "@context": [V2 if version == 2 else V1],
        "id": f"urn:uuid:{uuid4()}",
        "type": ["VerifiableCredential"],
        "credentialSubject": {"id": "did:key:z6MktKwz7Ge1Yxzr4JHavN33wiwa8y81QdcMRLXQsrH9T53b"},
    }
    if version == 1:
        document["issuanceDate"] = "2020-03-16T22:37:26Z"
    return document | ({"issuer": issuer} if issuer else {})


def changed(document, *path, to=...):
    """A copy with one member deep inside replaced or, without ``to``, removed."""
    copied = copy.deepcopy(document)
    *way, last = path
    place = copied
    for step in way:
        place = place[step]
    if to is ...:
        del place[last]
    else:
        place[last] = to
    return copied


def issued(server, instance, version=2):
    """What an instance issues of the small credential."""
    answer = server.issue(instance, credential(server.id_of(instance), version))
    assert answer.status == 201, answer.body
    return answer.json["verifiableCredential"]
