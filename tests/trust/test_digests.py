from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testamur.encoding import encode_base64url
from testamur.errors import EvidenceUnusable, KeyNotAuthorized, Malformed
from testamur.jsontext import write_json
from testamur.keys import LocalSigner, PrivateKey, VerificationMethod
from testamur.proofs import sign_jws
from testamur.times import to_epoch
from testamur.trust import DIGESTS_TYPE, DigestList, digests_location, open_digest_list, sign_digest_list

SCHOOL = "did:web:diplomas.example.edu"
URL = "https://diplomas.example.edu/digests.bin"
DAY = datetime(2026, 7, 1, tzinfo=UTC)
KEY = PrivateKey.generate("P-256")
SIGNER = LocalSigner(KEY, f"{SCHOOL}#key-2")
METHOD = VerificationMethod(SIGNER.verification_method, SCHOOL, KEY.public_key)


def find(url: str, purpose: str, at: datetime | None) -> VerificationMethod:
    if (url, purpose) != (METHOD.id, "assertionMethod"):
        raise KeyNotAuthorized(f"{url} is not listed")
    return METHOD


def compromised(url: str, purpose: str, at: datetime | None) -> VerificationMethod:
    return replace(METHOD, revoked=DAY + timedelta(days=1))


def signed(digests: list[bytes]) -> tuple[str, bytes]:
    return sign_digest_list(digests, SCHOOL, URL, SIGNER, at=DAY)


def opened(token: str, raw: bytes, at: datetime = DAY) -> DigestList:
    return open_digest_list(token, raw, find, issuer=SCHOOL, at=at)


DIGESTS = st.lists(st.binary(min_size=32, max_size=32), max_size=20)


@given(DIGESTS, st.binary(min_size=32, max_size=32))
def test_the_list_contains_what_was_put_in_and_nothing_else(digests: list[bytes], other: bytes) -> None:
    listed = opened(*signed(digests))
    assert all(map(listed.contains, digests))
    assert listed.contains(other) == (other in digests)
    assert len(listed) == len(set(digests))


def test_a_form_is_found_by_the_digest_of_its_exact_text() -> None:
    form = '{"name":"Nguyễn Thị Hương"}'.encode()
    listed = opened(*signed([sha256(form).digest()]))
    assert listed.contains(sha256(form).digest())
    assert not listed.contains(sha256(form + b"\n").digest())
    assert not listed.contains(b"")
    assert listed.issued == DAY


def test_a_list_says_where_it_lies() -> None:
    token, _ = signed([])
    assert digests_location(token, find, issuer=SCHOOL, at=DAY) == URL


def test_a_digest_of_another_length_is_not_listed() -> None:
    with pytest.raises(Malformed):
        signed([b"short"])


@given(DIGESTS.filter(bool), st.data())
def test_a_changed_list_is_no_evidence(digests: list[bytes], data: st.DataObject) -> None:
    token, raw = signed(digests)
    place = data.draw(st.integers(0, len(raw) - 1))
    wrong = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
    for changed in (wrong, raw[:-1], raw[:-32], raw + bytes(32), b""):
        with pytest.raises(EvidenceUnusable):
            opened(token, changed)


@pytest.mark.parametrize("raw", [b"\2" * 32 + b"\1" * 32, b"\1" * 64], ids=["unsorted", "twice"])
def test_a_list_that_is_not_sorted_is_no_evidence_even_if_signed(raw: bytes) -> None:
    claims = {
        "iss": SCHOOL, "iat": to_epoch(DAY), "exp": to_epoch(DAY) + 9, "url": URL,
        "count": 2, "sha256": encode_base64url(sha256(raw).digest()),
    }  # fmt: skip
    with pytest.raises(EvidenceUnusable, match="sorted"):
        opened(sign_jws({"typ": DIGESTS_TYPE}, write_json(claims).encode(), SIGNER), raw)


def test_a_list_signed_with_a_compromised_key_proves_nothing() -> None:
    token, raw = signed([bytes(32)])
    assert opened(token, raw).contains(bytes(32))
    with pytest.raises(EvidenceUnusable, match="compromised"):
        open_digest_list(token, raw, compromised, issuer=SCHOOL, at=DAY)


def test_a_list_by_somebody_else_or_past_its_days_proves_nothing() -> None:
    token, raw = signed([bytes(32)])
    with pytest.raises(EvidenceUnusable):
        open_digest_list(token, raw, find, issuer="did:web:other.example", at=DAY)
    with pytest.raises(EvidenceUnusable, match="ended on"):
        opened(token, raw, DAY + timedelta(days=90))
    with pytest.raises(EvidenceUnusable):
        opened("x" * 20_000, raw)
