"""DCQL: the official examples are read and answered, and what is out of order is refused."""

import json
from copy import deepcopy

import pytest

from testamur.errors import Malformed
from testamur.openid4vp import Candidate, match, read_query
from testamur.openid4vp.dcql import ClaimQuery
from testamur.openid4vp.paths import claim_places, places
from testamur.proofs import SecuredDocument
from tests.openid4vp.people import HOLDER
from tests.vectors_home import vectors

NAMES = (
    "claims_alternatives", "complex_mdoc", "credentials_alternatives", "multi_credentials", "simple",
    "simple_mdoc", "value_matching_simple",
)  # fmt: skip


def example(name: str):
    return json.loads((vectors("openid4vp") / f"v1.0/examples/query_lang/{name}.json").read_text())


QUERY = {
    "credentials": [
        {"id": "a", "format": "dc+sd-jwt", "meta": {"vct_values": ["v"]}, "claims": [{"path": ["name"]}]},
    ]
}


def a_record(vct: str = "https://credentials.example.com/identity_credential", **claims) -> Candidate:
    return Candidate(vct, SecuredDocument("", "", "dc+sd-jwt", {}), {"vct": vct, **claims}, HOLDER)


ANYONE = {
    "given_name": "Jane",
    "family_name": "Doe",
    "address": {"street_address": "1 Main St"},
    "postal_code": "90210",
    "locality": "Anytown",
    "region": "CA",
    "date_of_birth": "1990-01-01",
}


@pytest.mark.official
@pytest.mark.parametrize("name", NAMES)
def test_the_examples_of_the_specification_are_read(name):
    query = read_query(example(name))
    assert query.credentials
    found = match(query, [a_record(**ANYONE), a_record("https://othercredentials.example/pid", **ANYONE)])
    assert found.is_satisfied is not ("mdoc" in name or name == "multi_credentials")


@pytest.mark.official
def test_alternatives_are_answered_in_the_order_they_are_wanted():
    query = read_query(example("claims_alternatives"))
    (full,) = match(query, [a_record(**ANYONE)]).found["pid"]
    assert (full.preference, len(full.places)) == (0, 4)
    without = {name: value for name, value in ANYONE.items() if name != "region"}
    (less,) = match(query, [a_record(**without)]).found["pid"]
    assert (less.preference, less.places) == (1, (("family_name",), ("postal_code",), ("date_of_birth",)))


@pytest.mark.official
def test_values_are_held_against_what_is_there():
    query = read_query(example("value_matching_simple"))
    assert match(query, [a_record(**ANYONE)]).is_satisfied
    assert not match(query, [a_record(**(ANYONE | {"postal_code": "10000"}))]).is_satisfied
    assert not match(query, [a_record(**(ANYONE | {"postal_code": 90210}))]).is_satisfied


ROOT = {"name": "x", "list": [{"a": 1}, {"a": True}, {"b": "1"}], "deep": {"list": ["p", "q"]}}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        (("name",), [("name",)]),
        (("list", None, "a"), [("list", 0, "a"), ("list", 1, "a")]),
        (("list", 1, "a"), [("list", 1, "a")]),
        (("deep", "list", None), [("deep", "list", 0), ("deep", "list", 1)]),
        (("list", 7), []),
        (("name", "x"), []),
        (("deep", None), []),
        (("list", "a"), []),
        (("nothing",), []),
        (("deep", 0), []),
    ],
)
def test_a_path_leads_where_the_specification_says(path, found):
    assert [spot for spot, _ in places(ROOT, path)] == found


def test_values_have_a_type():
    for values, count in (((1,), 1), ((True,), 1), (("1",), 0)):
        assert len(claim_places(ROOT, ClaimQuery(("list", None, "a"), "", values))) == count


@pytest.mark.parametrize(
    "change",
    [
        lambda q: q.update(credentials=[]),
        lambda q: q.update(credentials="a"),
        lambda q: q["credentials"].append(q["credentials"][0]),
        lambda q: q["credentials"][0].update(id="a b"),
        lambda q: q["credentials"][0].pop("meta"),
        lambda q: q["credentials"][0].update(meta={}),
        lambda q: q["credentials"][0].update(multiple="yes"),
        lambda q: q["credentials"][0].update(claims=[]),
        lambda q: q["credentials"][0].update(claims=[{"path": []}]),
        lambda q: q["credentials"][0].update(claims=[{"path": [-1]}]),
        lambda q: q["credentials"][0].update(claims=[{"path": [True]}]),
        lambda q: q["credentials"][0].update(claims=[{"path": [1.5]}]),
        lambda q: q["credentials"][0].update(claims=[{"path": ["a"], "values": []}]),
        lambda q: q["credentials"][0].update(claims=[{"path": ["a"], "values": [{}]}]),
        lambda q: q["credentials"][0].update(claim_sets=[["x"]]),
        lambda q: q["credentials"][0].update(claims=[{"path": ["a"], "id": "x"}], claim_sets=[["y"]]),
        lambda q: q["credentials"][0].update(claims=[{"path": ["a"], "id": "x"}, {"path": ["b"], "id": "x"}]),
        lambda q: q["credentials"][0].update(trusted_authorities=[{"type": "aki"}]),
        lambda q: q.update(credential_sets=[{"options": [["b"]]}]),
        lambda q: q.update(credential_sets=[{"options": []}]),
        lambda q: q.update(credentials=[dict(q["credentials"][0], id=f"x{n}") for n in range(17)]),
    ],
)
def test_a_query_that_is_out_of_order_is_refused(change):
    query = deepcopy(QUERY)
    change(query)
    with pytest.raises(Malformed):
        read_query(query)


def test_sets_ask_for_one_option_and_may_be_left_out():
    both = {"credentials": [dict(QUERY["credentials"][0], id=name) for name in ("a", "b", "c")]}
    sets = [{"options": [["a", "b"], ["c"]]}, {"options": [["b"]], "required": False}]
    query = read_query(both | {"credential_sets": sets})
    for answered, enough in ((["a", "b"], True), (["c"], True), (["a"], False), (["b"], False), ([], False)):
        assert query.is_satisfied(answered) is enough
    found = match(query, [a_record("v", name="x")])
    assert set(found.first_choice()) == {"a", "b"}


def test_unknown_members_are_ignored_and_unknown_authorities_stand_behind_nobody():
    query = deepcopy(QUERY) | {"colour": "red"}
    assert match(read_query(query), [a_record("v", name="x")]).is_satisfied
    query["credentials"][0]["trusted_authorities"] = [{"type": "etsi_tl", "values": ["x"]}]
    assert not match(read_query(query), [a_record("v", name="x")]).is_satisfied
    query["credentials"][0]["trusted_authorities"].append(
        {"type": "openid_federation", "values": ["https://s"]}
    )
    assert match(read_query(query), [a_record("v", name="x", iss="https://s")]).is_satisfied


def test_a_record_without_a_key_is_not_offered_where_the_holder_must_sign():
    query = deepcopy(QUERY)
    free = Candidate("v", SecuredDocument("", "", "dc+sd-jwt", {}), {"vct": "v", "name": "x"})
    assert not match(read_query(query), [free]).is_satisfied
    query["credentials"][0]["require_cryptographic_holder_binding"] = False
    assert match(read_query(query), [free]).is_satisfied
