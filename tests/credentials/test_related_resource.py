"""The digests of related resources."""

import base64
from hashlib import sha384, sha512

import pytest

from testamur.credentials import check_digest
from testamur.encoding import digest_multibase
from testamur.errors import EvidenceUnusable, Malformed, Unsupported

BODY = "ዲፕሎማ".encode()
SRI = "sha384-" + base64.b64encode(sha384(BODY).digest()).decode()
WRONG = "sha384-" + base64.b64encode(sha384(b"other").digest()).decode()
URL = "https://school.example/terms"


@pytest.mark.parametrize(
    "digest",
    [
        {"digestSRI": SRI},
        {"digestSRI": SRI + "?ct=text/plain"},
        {"digestSRI": f"{WRONG} {SRI}"},
        {"digestSRI": f"sha256-AAAA {SRI}"},
        {"digestMultibase": digest_multibase(BODY)},
        {"digestMultibase": digest_multibase(BODY, "z")},
        {"digestSRI": SRI, "digestMultibase": digest_multibase(BODY)},
    ],
)
def test_the_right_bytes_pass(digest: dict) -> None:
    assert check_digest({"id": URL, **digest}, BODY) is None


@pytest.mark.parametrize(
    "digest",
    [
        {"digestSRI": WRONG},
        {"digestMultibase": digest_multibase(b"other")},
        {"digestSRI": SRI, "digestMultibase": digest_multibase(b"other")},
    ],
)
def test_other_bytes_are_not_evidence(digest: dict) -> None:
    with pytest.raises(EvidenceUnusable, match="is not what the credential says"):
        check_digest({"id": URL, **digest}, BODY)


def test_a_resource_without_a_digest_proves_nothing() -> None:
    with pytest.raises(Malformed):
        check_digest({"id": URL, "digestSRI": 3}, BODY)


@pytest.mark.parametrize("digest", ["", "x", "q123", "z0", "sha999-abc"])
def test_what_is_no_digest_is_malformed(digest: str) -> None:
    with pytest.raises((Malformed, EvidenceUnusable)):
        check_digest({"id": URL, "digestMultibase": digest}, BODY)


def test_sha_512_cannot_be_decided() -> None:
    digest = "sha512-" + base64.b64encode(sha512(BODY).digest()).decode()
    with pytest.raises(Unsupported):
        check_digest({"id": URL, "digestSRI": digest}, BODY)
