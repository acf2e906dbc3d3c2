from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testamur.encoding import decode_base64url, encode_base64url
from testamur.errors import EvidenceUnusable, KeyNotAuthorized, Malformed
from testamur.jsontext import Json, parse_object, write_json
from testamur.keys import LocalSigner, PrivateKey, VerificationMethod
from testamur.proofs import FindKey, sign_jws
from testamur.status import (
    NOTICE_TYPE,
    REASONS,
    Notice,
    notices_url,
    open_notices,
    reason_named,
    sign_notices,
)
from testamur.times import to_epoch, write_instant

URL = "https://diplomas.example.edu/status/1.json"
SCHOOL = "did:web:diplomas.example.edu"
DAY = datetime(2026, 7, 1, tzinfo=UTC)
KEY = PrivateKey.generate("Ed25519")
SIGNER = LocalSigner(KEY, f"{SCHOOL}#status")
METHOD = VerificationMethod(f"{SCHOOL}#status", SCHOOL, KEY.public_key, use="status")
CLAIMS: Json = {"iss": SCHOOL, "iat": to_epoch(DAY), "exp": to_epoch(DAY) + 86400, "list": URL, "notices": {}}


def finds(method: VerificationMethod = METHOD) -> FindKey:
    def find(url: str, purpose: str, at: datetime | None) -> VerificationMethod:
        if (url, purpose, at) != (method.id, "assertionMethod", DAY):
            raise KeyNotAuthorized(f"{url} is not listed")
        return method

    return find


def opened(token: str, find_key: FindKey | None = None, **expected: object) -> dict[int, Notice]:
    arguments = {"list_url": URL, "issuer": SCHOOL, "at": DAY} | expected
    return dict(open_notices(token, find_key or finds(), **arguments).notices)  # type: ignore[arg-type]


def made(**claims: object) -> str:
    return sign_jws({"typ": NOTICE_TYPE}, write_json(CLAIMS | claims).encode(), SIGNER)


NOTICES = st.dictionaries(
    st.integers(0, 131_071),
    st.builds(
        Notice,
        st.sampled_from(sorted(REASONS)),
        st.integers(0, 2**31).map(lambda s: datetime.fromtimestamp(s, UTC)),
    ),
    max_size=5,
)


@given(NOTICES)
def test_what_was_noted_is_what_is_read(notices: dict[int, Notice]) -> None:
    assert opened(sign_notices(URL, SCHOOL, notices, SIGNER, at=DAY)) == notices


def test_a_reason_has_a_sentence_for_the_reader() -> None:
    token = sign_notices(URL, SCHOOL, {5: Notice("replaced", DAY)}, SIGNER, at=DAY)
    notice = open_notices(token, finds(), list_url=URL, issuer=SCHOOL, at=DAY).notice(5)
    assert notice is not None
    assert "corrected copy" in notice.meaning.sentence
    assert open_notices(token, finds(), list_url=URL, issuer=SCHOOL, at=DAY).notice(6) is None


def test_no_sentence_ends_with_a_full_stop() -> None:
    assert not [reason.name for reason in REASONS.values() if reason.sentence.endswith(".")]


@pytest.mark.parametrize("reason", ["", "Almaz failed her exam", "አልማዝ", "REPLACED"])
def test_free_text_cannot_be_published(reason: str) -> None:
    with pytest.raises(Malformed):
        sign_notices(URL, SCHOOL, {5: Notice(reason, DAY)}, SIGNER, at=DAY)


def test_a_notice_needs_an_index_that_a_list_can_have() -> None:
    with pytest.raises(Malformed, match="no index"):
        sign_notices(URL, SCHOOL, {-1: Notice("replaced", DAY)}, SIGNER, at=DAY)


def test_a_reason_of_a_later_version_reads_as_unspecified() -> None:
    token = made(notices={"5": {"reason": "from_the_future", "at": write_instant(DAY)}})
    assert opened(token)[5].meaning == reason_named("unspecified")


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "did:web:other.example"},
        {"iss": None},
        {"iat": None},
        {"exp": "2027"},
        {"exp": to_epoch(DAY)},
        {"list": "https://diplomas.example.edu/status/2.json"},
        {"list": None},
        {"notices": []},
        {"notices": {"05": {"reason": "replaced", "at": "2026-07-01T00:00:00Z"}}},
        {"notices": {"-1": {"reason": "replaced", "at": "2026-07-01T00:00:00Z"}}},
        {"notices": {"5": {"reason": "He cheated", "at": "2026-07-01T00:00:00Z"}}},
        {"notices": {"5": {"reason": "replaced"}}},
        {"notices": {"5": "replaced"}},
    ],
    ids=str,
)
def test_claims_that_break_a_rule_are_no_evidence(claims: Json) -> None:
    assert opened(made()) == {}
    with pytest.raises(EvidenceUnusable):
        opened(made(**claims))


def test_a_list_that_ended_is_no_evidence() -> None:
    token = sign_notices(URL, SCHOOL, {}, SIGNER, at=DAY)
    assert opened(token, at=DAY + timedelta(days=89)) == {}
    with pytest.raises(EvidenceUnusable, match="from 2026-07-01 and ended on 2026-09-29"):
        opened(token, at=DAY + timedelta(days=90))
    with pytest.raises(EvidenceUnusable, match="not come yet"):
        opened(token, at=DAY - timedelta(days=1))


def test_every_changed_character_of_the_token_is_noticed() -> None:
    token = sign_notices(URL, SCHOOL, {5: Notice("replaced", DAY)}, SIGNER, at=DAY)
    for place in range(0, len(token), 3):
        wrong = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        with pytest.raises(EvidenceUnusable):
            opened(wrong)


def test_another_kind_of_token_by_the_same_key_is_no_notice_list() -> None:
    token = sign_jws({"typ": "vc+jwt"}, write_json(CLAIMS).encode(), SIGNER)
    with pytest.raises(EvidenceUnusable):
        opened(token)


def test_an_unsigned_list_is_no_evidence() -> None:
    header = encode_base64url(write_json({"alg": "none", "typ": NOTICE_TYPE, "kid": METHOD.id}).encode())
    payload = made().split(".")[1]
    for token in (f"{header}.{payload}.", f"{header}.{payload}.AAAA", "", "..", "a.b"):
        with pytest.raises(EvidenceUnusable):
            opened(token)


def test_a_key_that_is_wrong_compromised_or_not_the_schools_proves_nothing() -> None:
    for method in (
        replace(METHOD, revoked=DAY + timedelta(days=1)),
        replace(METHOD, controller="did:web:other.example"),
        replace(METHOD, public_key=PrivateKey.generate("Ed25519").public_key),
        replace(METHOD, public_key=PrivateKey.generate("P-256").public_key),
        replace(METHOD, id=f"{SCHOOL}#other"),
    ):
        with pytest.raises(EvidenceUnusable):
            opened(made(), finds(method))


def test_the_token_is_what_the_format_says() -> None:
    """docs/status-notices.md is a format that others implement."""
    token = sign_notices(URL, SCHOOL, {7: Notice("issued_in_error", DAY)}, SIGNER, at=DAY)
    header, payload = (parse_object(decode_base64url(part)) for part in token.split(".")[:2])
    assert header == {"alg": "EdDSA", "kid": f"{SCHOOL}#status", "typ": "testamur-notices+jwt"}
    assert payload == {
        "iss": SCHOOL,
        "iat": 1782864000,
        "exp": 1790640000,
        "list": URL,
        "notices": {"7": {"reason": "issued_in_error", "at": "2026-07-01T00:00:00Z"}},
    }


def test_a_list_revoked_as_a_whole_still_fits_and_tells_the_newest() -> None:
    notices = {index: Notice("key_compromised", DAY + timedelta(seconds=index)) for index in range(131_072)}
    read = opened(sign_notices(URL, SCHOOL, notices, SIGNER, at=DAY))
    assert len(read) == 40_000
    assert min(read) == 131_072 - 40_000


@pytest.mark.parametrize("end", ["json", "jwt"])
def test_the_notices_lie_beside_the_list(end: str) -> None:
    assert notices_url(f"https://a.example/status/1.{end}") == "https://a.example/status/1.notices.jwt"
