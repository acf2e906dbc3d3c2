import zlib
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from testamur.checks import Headline, Outcome
from testamur.credentials import StatusEntry
from testamur.encoding import encode_base64url
from testamur.errors import EvidenceUnusable, Malformed, Unsupported
from testamur.jsontext import Json, write_json
from testamur.keys import LocalSigner
from testamur.proofs import SecuredDocument, VcJwt, sign_jws
from testamur.status import (
    json_list,
    look_up,
    open_list_token,
    pack,
    packed_value,
    sign_list_cwt,
    sign_list_token,
    token_url,
)
from testamur.times import to_epoch
from tests.town import GRADUATION, NOW, Town, key


@pytest.fixture
def town() -> Town:
    return Town()


def url(town: Town) -> str:
    return token_url(town.school.list_url)


def diploma(town: Town, index: int = 7) -> SecuredDocument:
    """A diploma as a token, whose status is a claim of the token."""
    claim = {"status_list": {"idx": index, "uri": url(town)}}
    document = town.school.diploma(credentialStatus=None) | {"status": claim}
    return VcJwt().secure(write_json(document), town.school.key, at=GRADUATION)


def publish(town: Town, values: dict[int, int], signer: LocalSigner | None = None, **options: object) -> None:
    token = sign_list_token(
        url(town),
        values,
        signer or town.school.status_key,
        at=NOW,
        **options,  # type: ignore[arg-type]
    )
    town.web.pages[url(town)] = token.encode()


@pytest.mark.parametrize(
    ("value", "headline", "outcome"),
    [
        (0, Headline.GENUINE, Outcome.PASSED),
        (1, Headline.REVOKED, Outcome.FAILED),
        (2, Headline.SUSPENDED, Outcome.FAILED),
        (3, Headline.CANNOT_TELL, Outcome.UNKNOWN),
    ],
)
def test_a_status_of_a_token_is_looked_up(
    town: Town, value: int, headline: Headline, outcome: Outcome
) -> None:
    publish(town, {7: value, 6: 1})
    report = town.employer().verify(diploma(town), at=NOW)
    assert (report.outcome("form"), report.outcome("proof")) == (Outcome.PASSED, Outcome.PASSED)
    assert (report.headline, report.outcome("status")) == (headline, outcome)


def test_the_notice_list_says_why_a_token_is_revoked(town: Town) -> None:
    town.school.set_bits["revocation"][7] = "issued_in_error"
    town.school.publish()
    publish(town, {7: 1})
    report = town.employer().verify(diploma(town), at=NOW)
    assert "issued by mistake" in next(check.sentence for check in report.checks if check.name == "status")


def token(town: Town, header: Json | None = None, **changes: object) -> bytes:
    claims: Json = {
        "sub": url(town),
        "iat": to_epoch(NOW),
        "exp": to_epoch(NOW + timedelta(days=90)),
        "ttl": 900,
        "status_list": json_list(pack({}), 2),
    }
    members = {name: value for name, value in (claims | changes).items() if value is not None}
    kind = {"typ": "statuslist+jwt"} if header is None else header
    return sign_jws(kind, write_json(members).encode(), town.school.status_key).encode()


STREAM = zlib.compress(bytes(32768))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        (
            {"sub": "https://diplomas.valdoria.example/status/9.token.jwt"},
            "is not the address that was asked",
        ),
        ({"sub": None}, "is not the address"),
        ({"iat": None}, "iat"),
        ({"iat": to_epoch(NOW + timedelta(hours=1))}, "has not come yet"),
        ({"exp": to_epoch(NOW)}, "it ended on"),
        ({"exp": "soon"}, "exp"),
        ({"ttl": 0}, "ttl"),
        ({"ttl": True}, "ttl"),
        ({"status_list": None}, "no status_list"),
        ({"status_list": {"bits": 3, "lst": encode_base64url(STREAM)}}, "bits are 3"),
        ({"status_list": {"bits": True, "lst": encode_base64url(STREAM)}}, "bits are True"),
        ({"status_list": {"bits": 1}}, "missing or too long"),
        ({"status_list": {"bits": 1, "lst": encode_base64url(STREAM[:-2])}}, "cut off"),
        ({"status_list": {"bits": 1, "lst": encode_base64url(STREAM + b"x")}}, "more after its end"),
        ({"status_list": {"bits": 1, "lst": "!"}}, "not a zlib stream"),
        ({"status_list": {"bits": 1, "lst": encode_base64url(b"\x1f\x8b" + STREAM)}}, "not a zlib stream"),
        ({"status_list": {"bits": 8, "lst": encode_base64url(zlib.compress(b"1234567"))}}, "does not reach"),
        (
            {"status_list": {"bits": 1, "lst": encode_base64url(zlib.compress(bytes(50_000_000)))}},
            "unpacks to more than",
        ),
    ],
)
def test_a_list_that_cannot_be_used_is_unknown(town: Town, changes: Json, why: str) -> None:
    town.web.pages[url(town)] = token(town, **changes)
    report = town.employer().verify(diploma(town), at=NOW)
    assert report.headline is Headline.CANNOT_TELL
    check = next(check for check in report.checks if check.name == "status")
    assert check.outcome is Outcome.UNKNOWN
    assert why in check.sentence


@pytest.mark.parametrize(
    "header", [{}, {"typ": "JWT"}, {"typ": "vc+jwt"}, {"typ": "statuslist+jwt", "alg": "none"}]
)
def test_a_token_of_another_kind_is_no_list(town: Town, header: Json) -> None:
    town.web.pages[url(town)] = token(town, header)
    assert town.employer().verify(diploma(town), at=NOW).outcome("status") is Outcome.UNKNOWN


def test_a_list_signed_by_a_stranger_is_no_evidence(town: Town) -> None:
    private = key("a stranger")
    name = f"did:key:{private.public_key.multikey}#{private.public_key.multikey}"
    publish(town, {}, LocalSigner(private, name))
    assert town.employer().verify(diploma(town), at=NOW).outcome("status") is Outcome.UNKNOWN


def test_a_list_signed_with_a_compromised_key_is_no_evidence(town: Town) -> None:
    publish(town, {})
    town.school.end_key(town.school.status_key, revoked=NOW + timedelta(hours=1))
    assert town.employer().verify(diploma(town), at=NOW).outcome("status") is Outcome.UNKNOWN


def test_a_key_may_be_named_by_its_fragment(town: Town) -> None:
    short = LocalSigner(key(f"{town.school.host} status-1"), "status-1")
    publish(town, {7: 1}, short)
    assert town.employer().verify(diploma(town), at=NOW).headline is Headline.REVOKED


@pytest.mark.parametrize(
    ("value", "headline"), [(0, Headline.GENUINE), (1, Headline.REVOKED), (2, Headline.SUSPENDED)]
)
def test_a_list_is_read_as_cbor_too(town: Town, value: int, headline: Headline) -> None:
    body = sign_list_cwt(url(town), {7: value, 8: 1}, town.school.status_key, at=NOW)
    town.web.pages[url(town)] = body
    assert town.employer().verify(diploma(town), at=NOW).headline is headline


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_a_cbor_list_with_any_byte_changed_is_unknown(data: st.DataObject) -> None:
    town = Town()
    body = sign_list_cwt(url(town), {7: 1}, town.school.status_key, at=NOW, size=64)
    place = data.draw(st.integers(0, len(body) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != body[place]))
    town.web.pages[url(town)] = body[:place] + bytes([byte]) + body[place + 1 :]
    assert town.employer().verify(diploma(town), at=NOW).outcome("status") is Outcome.UNKNOWN


@pytest.mark.parametrize(
    "body", [b"\xd2", b"\xd2\x84\x40\xa0\x40\x40", b"\xd2" + b"\x81" * 5000, b"\xd2\x9b" + b"\xff" * 8]
)
def test_broken_cbor_is_no_list(town: Town, body: bytes) -> None:
    town.web.pages[url(town)] = body
    assert town.employer().verify(diploma(town), at=NOW).outcome("status") is Outcome.UNKNOWN


@given(st.sampled_from([1, 2, 4, 8]), st.data())
@settings(max_examples=40)
def test_the_values_that_were_packed_are_the_values_that_are_read(bits: int, data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 3000))
    values = data.draw(st.dictionaries(st.integers(0, size - 1), st.integers(0, 2**bits - 1), max_size=30))
    listed = json_list(pack(values, bits, size), bits)
    assert all(packed_value(listed, index) == values.get(index, 0) for index in {*values, 0, size - 1})


@pytest.mark.parametrize(
    ("values", "bits", "size"), [({0: 2}, 1, 8), ({8: 1}, 1, 8), ({-1: 1}, 1, 8), ({}, 3, 8), ({}, 8, 2**40)]
)
def test_what_does_not_fit_is_not_packed(values: dict[int, int], bits: int, size: int) -> None:
    with pytest.raises(Malformed):
        pack(values, bits, size)


@pytest.mark.parametrize(
    "claim",
    [
        None,
        {},
        [],
        {"status_list": []},
        {"status_list": {"idx": "7", "uri": "https://a.example/1"}},
        {"status_list": {"idx": -1, "uri": "https://a.example/1"}},
        {"status_list": {"idx": True, "uri": "https://a.example/1"}},
        {"status_list": {"idx": 2**40, "uri": "https://a.example/1"}},
        {"status_list": {"idx": 7}},
        {"status_list": {"idx": 7, "uri": "ftp://a.example/1"}},
    ],
)
def test_a_status_claim_that_is_none_is_a_defect_of_the_record(claim: object) -> None:
    with pytest.raises(Malformed):
        StatusEntry.of_claim(claim)


def test_another_way_to_tell_a_status_is_unsupported() -> None:
    with pytest.raises(Unsupported):
        StatusEntry.of_claim({"identifier_list": {"id": "1", "uri": "https://a.example/1"}})


@given(st.integers(0, 2**31))
def test_an_entry_goes_into_a_token_and_comes_back(index: int) -> None:
    entry = StatusEntry.of_claim({"status_list": {"idx": index, "uri": "https://a.example/1"}})
    assert StatusEntry.of_claim(entry.claim) == entry


@given(st.binary(max_size=80))
def test_any_bytes_in_place_of_a_list_token(body: bytes) -> None:
    entry = StatusEntry("status_list", index=1, list_url="https://a.example/1")
    with pytest.raises(EvidenceUnusable):
        open_list_token(body, entry, _nobody, "did:web:a.example")


@given(
    st.dictionaries(
        st.sampled_from(["bits", "lst"]), st.sampled_from([None, 1, 2, 8, -1, "", "eNoDAAAAAAE", "eNo", {}])
    )
)
def test_any_list_in_a_token(members: Json) -> None:
    entry = StatusEntry("status_list", index=1, list_url="https://a.example/1")
    with pytest.raises(EvidenceUnusable):
        look_up(entry, {"iat": 0, "status_list": members}, NOW)


def _nobody(*_: object) -> None:
    raise EvidenceUnusable("nobody is known")
