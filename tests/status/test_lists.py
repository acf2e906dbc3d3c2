import gzip
import json
import zlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from testamur.credentials import StatusEntry
from testamur.encoding import encode_base64url
from testamur.errors import EvidenceUnusable, Malformed, Unsupported
from testamur.jsontext import Json, write_json
from testamur.keys import LocalSigner, PrivateKey, VerificationMethod
from testamur.proofs import DataIntegrity, Format, VcJwt, decode, open_document
from testamur.status import (
    LIST_SIZE,
    STATUS_METHODS,
    decode_list,
    encode_list,
    list_credential,
    look_up,
    value_at,
)
from tests.vectors_home import vectors

URL = "https://diplomas.example.edu/status/1.json"
SCHOOL = "did:web:diplomas.example.edu"
DAY = datetime(2026, 7, 1, tzinfo=UTC)


def entry(index: int = 23, **members: object) -> StatusEntry:
    written = {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(index),
        "statusListCredential": URL,
    }
    return StatusEntry.parse(written | members)


def listing(*set_bits: int, **options: object) -> Json:
    return list_credential(URL, SCHOOL, set_bits, at=DAY, **options)  # type: ignore[arg-type]


def changed(document: Json, **members: object) -> Json:
    return document | {"credentialSubject": document["credentialSubject"] | members}


@given(st.sets(st.integers(0, LIST_SIZE - 1), max_size=40))
@settings(max_examples=30)
def test_the_bits_that_were_set_are_the_bits_that_are_read(positions: set[int]) -> None:
    bits = decode_list(encode_list(positions))
    assert len(bits) * 8 == LIST_SIZE
    assert sum(byte.bit_count() for byte in bits) == len(positions)
    assert all(value_at(bits, position) == 1 for position in positions)
    assert encode_list(bytearray(bits)) == encode_list(positions)


@given(st.integers(1, 8), st.data())
@settings(max_examples=30)
def test_entries_of_several_bits_are_read_as_numbers_from_the_left(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, LIST_SIZE - 1))
    value = data.draw(st.integers(0, 2**size - 1))
    whole = value << (LIST_SIZE * size - (index + 1) * size)
    assert value_at(whole.to_bytes(LIST_SIZE * size // 8, "big"), index, size) == value


def test_the_first_entry_is_the_most_significant_bit() -> None:
    assert decode_list(encode_list([0]))[0] == 0x80
    assert decode_list(encode_list([9]))[1] == 0x40


@pytest.mark.parametrize("positions", [[-1], [LIST_SIZE]])
def test_a_position_outside_the_list_cannot_be_set(positions: list[int]) -> None:
    with pytest.raises(Malformed):
        encode_list(positions)


@pytest.mark.parametrize("size", [0, 8, LIST_SIZE - 8, LIST_SIZE + 1, 2**40])
def test_a_list_too_short_to_hide_in_is_not_made(size: int) -> None:
    with pytest.raises(Malformed):
        encode_list([], size)


BITS = bytes(LIST_SIZE // 8)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "u",
        encode_base64url(gzip.compress(BITS, mtime=0)),
        "z" + encode_base64url(gzip.compress(BITS, mtime=0)),
        "u" + encode_base64url(zlib.compress(BITS)),
        "u" + encode_base64url(gzip.compress(BITS, mtime=0)[:-4]),
        "u" + encode_base64url(gzip.compress(BITS, mtime=0) + b"more"),
        "u" + encode_base64url(gzip.compress(BITS, mtime=0)) + "=",
        "u" + "A" * 9_000_000,
    ],
)
def test_what_is_not_one_gzip_of_bits_is_no_evidence(text: object) -> None:
    with pytest.raises(EvidenceUnusable) as unusable:
        decode_list(text)
    assert unusable.value.problem.endswith("#MALFORMED_VALUE_ERROR")


def test_a_bomb_is_not_unpacked() -> None:
    with pytest.raises(EvidenceUnusable) as unusable:
        decode_list("u" + encode_base64url(gzip.compress(bytes(100_000_000), 1)))
    assert unusable.value.problem.endswith("#STATUS_LIST_LENGTH_ERROR")


def test_a_list_that_is_too_short_is_no_evidence() -> None:
    with pytest.raises(EvidenceUnusable) as unusable:
        value_at(bytes(16_383), 0)
    assert unusable.value.problem.endswith("#STATUS_LIST_LENGTH_ERROR")
    with pytest.raises(EvidenceUnusable):
        value_at(BITS, 0, size=2)


def test_an_index_the_list_does_not_reach_is_undecided() -> None:
    with pytest.raises(EvidenceUnusable) as unusable:
        value_at(BITS, LIST_SIZE)
    assert unusable.value.problem.endswith("#RANGE_ERROR")


def test_a_record_that_is_not_listed_stands_as_of_the_day_of_the_list() -> None:
    value = look_up(entry(22), listing(23), DAY)
    assert not value.is_set
    assert value.as_of == DAY
    assert value.until == DAY + timedelta(days=90)


def test_a_record_that_is_listed_is_revoked() -> None:
    assert look_up(entry(23), listing(23), DAY).is_set


def test_an_expired_list_is_no_evidence_and_still_says_what_it_said() -> None:
    later = DAY + timedelta(days=90)
    with pytest.raises(EvidenceUnusable, match="the record was not revoked as of 2026-07-01"):
        look_up(entry(22), listing(23), later)
    with pytest.raises(EvidenceUnusable, match="the record was revoked as of 2026-07-01"):
        look_up(entry(23), listing(23), later)


def test_a_list_from_tomorrow_is_no_evidence() -> None:
    with pytest.raises(EvidenceUnusable, match="not come yet"):
        look_up(entry(), listing(), DAY - timedelta(days=1))


def test_a_list_kept_for_another_purpose_is_no_evidence() -> None:
    with pytest.raises(EvidenceUnusable, match="purpose"):
        look_up(entry(), listing(purpose="suspension"), DAY)
    both = changed(listing(23), statusPurpose=["suspension", "revocation"])
    assert look_up(entry(), both, DAY).purpose == "revocation"


def test_another_list_put_in_its_place_is_no_evidence() -> None:
    other = list_credential(URL.replace("1", "2"), SCHOOL, [], at=DAY)
    with pytest.raises(EvidenceUnusable, match="another list"):
        look_up(entry(), other, DAY)


@pytest.mark.parametrize(
    "broken",
    [
        {},
        listing() | {"type": ["VerifiableCredential"]},
        listing() | {"credentialSubject": []},
        listing() | {"validUntil": "soon"},
        listing() | {"validFrom": 5},
        changed(listing(), type="StatusList2021"),
        changed(listing(), encodedList=7),
        changed(listing(), statusPurpose=None),
    ],
)
def test_a_list_of_another_shape_is_no_evidence(broken: Json) -> None:
    with pytest.raises(EvidenceUnusable):
        look_up(entry(), broken, DAY)


def test_a_status_message_is_told() -> None:
    messages = [
        {"status": hex(value), "message": text} for value, text in enumerate(("ok", "late", "lost", "held"))
    ]
    bits = bytearray(LIST_SIZE // 4)
    bits[0] = 0b00_11_00_00
    document = changed(listing(), statusPurpose="message", encodedList=encode_list(bits))
    found = look_up(entry(1, statusPurpose="message", statusSize=2, statusMessage=messages), document, DAY)
    assert (found.value, found.message) == (3, "held")


def test_the_older_status_list_is_read() -> None:
    document = listing() | {"type": ["VerifiableCredential", "StatusList2021Credential"]}
    document = changed(document, type="StatusList2021", encodedList=encode_list([23])[1:])
    assert look_up(entry(type="StatusList2021Entry"), document, DAY).is_set
    with pytest.raises(EvidenceUnusable):
        look_up(entry(), document, DAY)


REVOKED: Json = {
    "id": "https://dc.example/revocations",
    "issuer": "https://dc.example/issuer",
    "revokedCredential": [
        {"id": "urn:a"},
        {"id": "urn:b", "revoked": True, "revocationReason": "በስህተት"},
        {"id": "urn:c", "revoked": False},
    ],
}


@pytest.mark.parametrize(("name", "value"), [("urn:a", 1), ("urn:b", 1), ("urn:c", 0), ("urn:d", 0)])
def test_the_1edtech_revocation_list_is_read(name: str, value: int) -> None:
    listed = StatusEntry.parse({"id": REVOKED["id"], "type": "1EdTechRevocationList"})
    assert look_up(listed, REVOKED, DAY, credential_id=name).value == value
    assert STATUS_METHODS[listed.type].open is not None  # it is no credential


@pytest.mark.parametrize(
    "broken", [{"revokedCredential": {}}, {"revokedCredential": [5]}, {"id": "https://x.example"}]
)
def test_a_broken_revocation_list_is_no_evidence(broken: Json) -> None:
    listed = StatusEntry.parse({"id": REVOKED["id"], "type": "1EdTechRevocationList"})
    with pytest.raises(EvidenceUnusable):
        look_up(listed, REVOKED | broken, DAY, credential_id="urn:a")


def test_a_status_nobody_knows_is_not_supported() -> None:
    with pytest.raises(Unsupported):
        look_up(StatusEntry.parse({"type": "TokenStatusList"}), {}, DAY)


@given(st.integers(0, 2**31), st.sampled_from(["revocation", "suspension"]))
def test_an_entry_goes_into_a_credential_and_comes_back(index: int, purpose: str) -> None:
    made = StatusEntry("BitstringStatusListEntry", purpose, index, URL, id=f"{URL}#{index}")
    assert StatusEntry.parse(made.document) == made


@pytest.mark.parametrize(
    "broken",
    [
        {"type": None},
        {"type": []},
        {"statusPurpose": ""},
        {"statusListIndex": "-1"},
        {"statusListIndex": "1.5"},
        {"statusListIndex": "٣"},
        {"statusListIndex": True},
        {"statusListIndex": "9" * 5000},
        {"statusListCredential": "status/1"},
        {"statusListCredential": "file:///etc/passwd"},
        {"statusSize": 0},
        {"statusSize": 64},
        {"statusSize": 2},
        {"statusMessage": [{"status": "0x0", "message": "a"}] * 2},
        {"statusMessage": "none"},
    ],
)
def test_a_broken_entry_is_malformed(broken: Json) -> None:
    with pytest.raises(Malformed):
        entry(**broken)


@pytest.mark.official
def test_the_sample_of_the_1edtech_validator_is_revoked() -> None:
    """Its list names itself by another address than the one it lies at, which alone would not do."""
    folder = vectors("open-badges-3.0") / "validator/ob30/bit-string-list"
    badge = json.loads((folder / "credential-status-revoked.json").read_text())
    document = json.loads((folder / "testlist").read_text())
    listed = StatusEntry.parse(badge["credentialStatus"])
    with pytest.raises(EvidenceUnusable, match="another list"):
        look_up(listed, document, DAY)
    document["id"] = listed.list_url
    assert look_up(listed, document, DAY).is_set
    bits = decode_list(document["credentialSubject"]["encodedList"])
    assert [index for index in range(LIST_SIZE) if value_at(bits, index)] == [23]


@pytest.mark.parametrize("secured_as", [DataIntegrity(), VcJwt()], ids=["ldp_vc", "vc+jwt"])
def test_a_list_can_be_signed_published_and_looked_up(secured_as: Format) -> None:
    key = PrivateKey.generate("Ed25519")
    method = VerificationMethod(f"{SCHOOL}#status", SCHOOL, key.public_key, use="status")
    signer = LocalSigner(key, method.id)
    signed = secured_as.secure(write_json(listing(23)), signer, at=DAY)
    shown = open_document(decode(signed.text), lambda url, purpose, at: method)
    assert [signature.error for signature in shown.signatures] == [None]
    assert look_up(entry(23), shown.claims, DAY).is_set
    assert not look_up(entry(24), shown.claims, DAY).is_set
