"""SD-JWTs made here: any claims, any paths, any choice of the holder; and what breaks them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testamur.errors import Malformed, TestamurError, Unsupported
from testamur.jsontext import parse_object
from testamur.keys import PrivateKey
from testamur.proofs import (
    SdJwt,
    SdJwtVc,
    VcSdJwt,
    choices,
    choose,
    conceal,
    decode,
    open_document,
    parse_jws,
    parse_path,
    parse_sd_jwt,
    reveal,
)
from testamur.proofs.sd_jwt import MAX_DISCLOSURES, make_disclosure
from testamur.proofs.vc_sd_jwt import sign_sd_jwt
from tests.proofs.school import AT, DIPLOMA, METHODS, SIGNER, TEXT, find_key

NAMES = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=6).filter(
    lambda name: name not in ("_sd", "...", "_sd_alg")
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(st.characters(exclude_categories=("Cs",)), max_size=8)
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=10,
)
CLAIMS = st.dictionaries(NAMES, VALUES, min_size=1, max_size=4)


def places(value, path=()):
    """Every path in a value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in items:
        yield (*path, step)
        yield from places(inner, (*path, step))


@given(CLAIMS, st.data())
def test_everything_shown_gives_the_claims_back_and_nothing_shown_gives_less(claims, data) -> None:
    every = list(places(claims))
    hidden = data.draw(st.lists(st.sampled_from(every), unique=True, max_size=6))
    payload, disclosures = conceal(claims, hidden, decoys=data.draw(st.integers(0, 2)))
    told = reveal(payload, disclosures)
    assert told.claims == claims
    assert {each.path for each in told.disclosed} == set(hidden)
    nothing = reveal(payload, ())
    assert not nothing.disclosed
    shown = json.dumps(payload)
    for path in hidden:
        if isinstance(path[-1], str) and len(path[-1]) > 4:
            assert json.dumps(path[-1]) + ": " not in shown or shown.count(json.dumps(path[-1])) < 9


@given(CLAIMS, st.data())
def test_any_choice_is_shown_with_all_it_stands_in(claims, data) -> None:
    every = list(places(claims))
    hidden = data.draw(st.lists(st.sampled_from(every), unique=True, max_size=6))
    claims = {"vct": "urn:x", **{name: value for name, value in claims.items() if name != "vct"}}
    hidden = [
        path
        for path in hidden
        if path[0] in claims
        and path[0] not in ("vct", "iss", "exp", "nbf", "cnf", "status", "iat", "jti", "sub")
    ]
    try:
        made = SdJwtVc(disclosable=tuple(hidden)).secure(json.dumps(claims), SIGNER, at=AT)
    except Malformed:
        return
    wanted = data.draw(st.lists(st.sampled_from(hidden), unique=True)) if hidden else []
    chosen = choose(made, wanted)
    told = reveal(
        parse_object(parse_jws(parse_sd_jwt(chosen.text).token).payload),
        parse_sd_jwt(chosen.text).disclosures,
    )
    paths = {each.path for each in told.disclosed}
    assert set(wanted) <= paths
    for path in set(choices(made)) - paths:
        assert not any(path[: len(each)] == each or each[: len(path)] == path for each in wanted)


def test_a_badge_opens_with_its_holders_choice_and_the_issuers_key() -> None:
    path = parse_path("credentialSubject.identifier[1]")
    made = VcSdJwt(disclosable=(path,), holder_key=PrivateKey.generate("P-256").public_key).secure(
        TEXT, SIGNER, at=AT
    )
    whole = open_document(decode(made.text), find_key)
    assert {name: value for name, value in whole.claims.items() if name != "cnf"} == DIPLOMA
    assert whole.signatures[0].holds
    less = open_document(decode(choose(made, ()).text), find_key)
    assert len(less.claims["credentialSubject"]["identifier"]) == 1
    assert less.kept_back == (path,)


@pytest.mark.parametrize(
    "path",
    [
        "issuer",
        "validUntil",
        "credentialStatus",
        "@context",
        "type",
        "iss",
        "exp",
        "cnf",
        "credentialStatus.id",
    ],
)
def test_what_everybody_must_see_is_never_left_to_the_holder(path: str) -> None:
    with pytest.raises(Malformed):
        VcSdJwt(disclosable=(parse_path(path),)).secure(TEXT, SIGNER, at=AT)
    for name in ("iss", "exp", "status", "vct", "cnf"):
        with pytest.raises(Malformed):
            SdJwtVc(disclosable=((name,),)).secure('{"vct":"urn:x","exp":1,"iss":"did:x:y"}', SIGNER, at=AT)


def test_a_hidden_issuer_is_refused_even_where_the_issuer_signed_it() -> None:
    claims = {"vct": "urn:x", "iss": "did:web:school.example", "exp": 1}
    payload, disclosures = conceal(claims, [("exp",)])
    made = sign_sd_jwt("dc+sd-jwt", payload, disclosures, claims, SIGNER)
    with pytest.raises(Malformed, match="exp"):
        open_document(decode(made.text), find_key)


def test_a_part_of_what_everybody_must_see_is_not_left_to_the_holder_either() -> None:
    """Nobody shows the entry that tells of a revocation, so that its digest alone has to be refused."""
    entries = [{"type": "BitstringStatusListEntry"}, {"type": "other"}]
    claims = json.loads(TEXT) | {"credentialStatus": entries}
    payload, _ = conceal(claims, [("credentialStatus", 0)])
    made = sign_sd_jwt("vc+sd-jwt", payload, (), claims, SIGNER)
    with pytest.raises(Malformed, match="credentialStatus"):
        open_document(decode(made.text), find_key)


@pytest.mark.parametrize("path", ["a..b", "a[", "a[x]", "", "[]", ".a"])
def test_paths_are_paths(path: str) -> None:
    with pytest.raises(Malformed):
        parse_path(path)


def test_paths_are_read_in_both_ways() -> None:
    assert parse_path("a.b[0].c") == parse_path("/a/b/0/c") == ("a", "b", 0, "c")
    assert parse_path("/a~1b/c~0d") == ("a/b", "c~d")


@pytest.mark.parametrize("claims", [{"_sd": []}, {"a": {"...": "x"}}, {"a": [{"...": "x"}]}])
def test_names_of_sd_jwt_are_not_signed_as_claims(claims) -> None:
    with pytest.raises(Malformed):
        conceal(claims, ())


@pytest.mark.parametrize(
    ("payload", "disclosures"),
    [
        ({"_sd": "x"}, ()),
        ({"_sd": [1]}, ()),
        ({"_sd": ["x", "x"]}, ()),
        ({"_sd": ["x"], "a": [{"...": "x"}]}, ()),
        ({"a": [{"...": "x", "b": 1}]}, ()),
        ({"a": {"...": "x"}}, ()),
        ({"_sd_alg": 1}, ()),
        ({"_sd_alg": "md5"}, ()),
        ({}, ("W10",)),
        ({}, ("WyJhIl0",)),
        ({}, ("e30",)),
        ({}, ("!",)),
    ],
)
def test_a_payload_or_disclosure_that_breaks_the_rules_is_refused(payload, disclosures) -> None:
    with pytest.raises((Malformed, Unsupported)):
        reveal(payload, disclosures)


def test_a_name_that_is_taken_and_one_in_a_wrong_place_are_refused() -> None:
    member, entry = make_disclosure("a", 1, "s"), make_disclosure(None, 1, "s")
    for payload, one in (
        ({"a": 0, "_sd": [member.digest("sha256")]}, member),
        ({"_sd": [entry.digest("sha256")]}, entry),
        ({"x": [{"...": member.digest("sha256")}]}, member),
    ):
        with pytest.raises(Malformed):
            reveal(payload, (one.text,))


def test_disclosures_within_disclosures_are_bounded_in_depth() -> None:
    value, texts = {}, []
    for _ in range(80):
        one = make_disclosure("a", value, "s")
        value = {"_sd": [one.digest("sha256")]}
        texts.append(one.text)
    with pytest.raises(Malformed, match="deep"):
        reveal(value, texts)


def test_size_and_number_are_bounded() -> None:
    with pytest.raises(Malformed):
        parse_sd_jwt("a.b.c" + "~x" * (MAX_DISCLOSURES + 1) + "~")
    with pytest.raises(Malformed):
        parse_sd_jwt("a" * 4_000_001)
    for text in (
        "a.b.c",
        "a.b.c~~",
        "a.b.c~é~",
        "{}",
        '{"payload":"x","signatures":[]}',
        '{"payload":"x","signature":1}',
    ):
        with pytest.raises(TestamurError):
            parse_sd_jwt(text)


def test_the_json_form_is_read_as_the_compact_one() -> None:
    made = VcSdJwt(disclosable=(parse_path("credentialSubject.identifier[0]"),)).secure(TEXT, SIGNER, at=AT)
    parts = parse_sd_jwt(made.text)
    protected, payload, signature = parts.token.split(".")
    flat = {
        "payload": payload,
        "protected": protected,
        "signature": signature,
        "header": {"disclosures": list(parts.disclosures)},
    }
    assert parse_sd_jwt(json.dumps(flat)) == SdJwt(parts.token, parts.disclosures)
    opened = open_document(decode(json.dumps(flat)), find_key)
    assert opened.claims == DIPLOMA
    assert opened.signatures[0].method == METHODS[SIGNER.verification_method]


def test_what_was_bound_is_not_chosen_from_again() -> None:
    made = SdJwtVc().secure('{"vct":"urn:x"}', SIGNER, at=AT)
    with pytest.raises(Malformed):
        choose(decode(made.text + "a.b.c"), ())
    with pytest.raises(Malformed, match="points at nothing"):
        choose(made, [("nothing",)])
