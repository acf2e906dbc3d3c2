"""Copies that show a part of a record: they hold, they say nothing else, and nothing else holds."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from testamur.cbor import parse_cbor, tagged, write_cbor
from testamur.credentials import disclosures
from testamur.encoding import decode_base64url, encode_base64url
from testamur.errors import Malformed, ProofInvalid, TestamurError, Unsupported
from testamur.jsonld import canonize, trace, way_of
from testamur.jsontext import parse_object, write_json
from testamur.pointers import read_pointer, shown_part
from testamur.proofs.selecting import relabelled
from tests.proofs.copies import NAMES, badge, check, copy, record

BLANK = "_:"


@pytest.fixture(scope="module", params=NAMES)
def held(request):
    return record(request.param)


def without_proof(document):
    return {name: value for name, value in document.items() if name != "proof"}


def pointers_of(document):
    return [pointer for each in disclosures(document) for pointer in each.pointers]


def kinds_of(document):
    """The statements without the labels of blank nodes."""
    return {
        " ".join("_:" if part.startswith(BLANK) else part for part in line.split(" "))
        for line in canonize(without_proof(document)).decode().split("\n")
    }


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_every_choice_holds_and_says_only_what_the_record_says(held, data):
    said = without_proof(held.parsed)
    chosen = data.draw(st.lists(st.sampled_from(pointers_of(said)), max_size=5, unique=True))
    shown = copy(held, *chosen)
    check(shown)
    part = without_proof(shown.parsed)
    assert kinds_of(part) <= kinds_of(said)
    for pointer in chosen:
        path = read_pointer(said, pointer)
        assert shown_part(said, [path]).keys() <= part.keys()


def test_what_is_left_out_stands_nowhere_in_the_copy(held):
    shown = copy(held, "/credentialSubject/licenseNumber")
    check(shown)
    said = without_proof(held.parsed)
    assert said["credentialSubject"]["licenseNumber"] in shown.text
    for hidden in ("3.71", said["credentialSubject"]["result"][0]["value"], "activityStartDate"):
        assert hidden not in shown.text


def test_a_list_of_allowed_values_is_shown_whole_or_not_at_all(held):
    described = next(
        pointer
        for pointer in pointers_of(without_proof(held.parsed))
        if "resultDescription" in pointer and "allowedValue" in dict(_at(held.parsed, pointer))
    )
    shown = copy(held, described)
    check(shown)
    assert shown.parsed["credentialSubject"]["achievement"]["resultDescription"][0]["allowedValue"]
    check(copy(held, f"{described}/allowedValue"))
    with pytest.raises(Malformed, match="shown whole or not at all"):
        copy(held, f"{described}/allowedValue/1")


def _at(document, pointer):
    value = document
    for step in read_pointer(document, pointer):
        value = value[step]
    return value if isinstance(value, dict) else {}


def test_statements_are_chosen_by_place_as_a_selection_of_the_document_would_say_them():
    document = badge(3)
    traced = trace(document)
    placed = traced.placed([f"_:{label}" for label in traced.labels])
    assert "".join(each.line for each in placed).encode() == canonize(document)
    chance = random.Random(5)
    for _ in range(20):
        paths = [read_pointer(document, each) for each in chance.sample(pointers_of(document), 3)]
        expected = kinds_of(shown_part(document, paths))
        chosen = {
            " ".join("_:" if part.startswith(BLANK) else part for part in each.line.rstrip("\n").split(" "))
            for each in placed
            if each.is_at(way_of(paths))
        }
        assert chosen | {""} == expected


def test_labels_are_changed_where_nodes_stand_and_nowhere_else():
    """In a graph of its own, as its name, beside texts and addresses that only look like a node."""
    lines = (
        '_:c14n0 <urn:a#_:c14n0> "_:c14n0 \\" _:c14n1 ." _:c14n1 .',
        "<urn:s> <urn:p> _:c14n1 _:c14n0 .",
        '<urn:s> <urn:p> "x"^^<urn:t#_:c14n0> .',
    )
    found = relabelled(
        "".join(f"{line}\n" for line in lines).encode(), {"_:c14n0": "_:u0", "_:c14n1": "_:u1"}
    )
    assert found == sorted(
        f"{line}\n".encode()
        for line in (
            '_:u0 <urn:a#_:c14n0> "_:c14n0 \\" _:c14n1 ." _:u1 .',
            "<urn:s> <urn:p> _:u1 _:u0 .",
            '<urn:s> <urn:p> "x"^^<urn:t#_:c14n0> .',
        )
    )
    with pytest.raises(ProofInvalid, match="label map"):
        relabelled(b"<urn:s> <urn:p> <urn:o> _:c14n7 .\n", {})


def test_the_schools_own_file_is_not_for_a_verifier(held):
    with pytest.raises(Unsupported, match="for the holder alone"):
        check(held)


def test_a_copy_says_no_more_after_it_was_changed(held):
    shown = copy(held, "/credentialSubject/licenseNumber", "/awardedDate").parsed
    subject = shown["credentialSubject"]
    changes = {
        "another number": shown | {"credentialSubject": subject | {"licenseNumber": "VU-2026-9999"}},
        "a member added": shown | {"credentialSubject": subject | {"role": "Doctor"}},
        "a member taken": {name: value for name, value in shown.items() if name != "awardedDate"},
        "the status taken": {name: value for name, value in shown.items() if name != "credentialStatus"},
        "another issuer": shown | {"issuer": shown["issuer"] | {"name": "Another school"}},
        "another day": shown | {"proof": shown["proof"] | {"created": "2026-07-02T00:00:00Z"}},
    }
    for what, changed in changes.items():
        assert is_refused(write_json(changed)), what


def is_refused(text):
    try:
        check(text)
    except (Malformed, ProofInvalid):
        return True
    return False


def value_of(shown):
    return decode_base64url(shown.parsed["proof"]["proofValue"][1:])


def with_value(shown, data):
    document = parse_object(shown.text)
    document["proof"]["proofValue"] = "u" + encode_base64url(data)
    return write_json(document)


def test_a_proof_value_of_another_shape_is_refused(held):
    shown = copy(held, "/credentialSubject/identifier")
    data = value_of(shown)
    members = parse_cbor(data[3:])
    index = 4 if held.parsed["proof"]["cryptosuite"] == "ecdsa-sd-2023" else 2
    labels = 3 if index == 4 else 1
    twice = dict.fromkeys(members[labels], next(iter(members[labels].values())))
    shapes = {
        "cut short": data[:-1],
        "longer": data + b"\0",
        "one member more": data[:3] + write_cbor([*members, 0]),
        "one member less": data[:3] + write_cbor(members[:-1]),
        "a tag": data[:3] + write_cbor([*members[:-1], tagged(64, members[-1])]),
        "an index twice": data[:3]
        + write_cbor([*members[:index], [0, 0, *members[index]], *members[index + 1 :]]),
        "an index past the end": data[:3]
        + write_cbor([*members[:index], [*members[index], 10**6], *members[index + 1 :]]),
        "a negative index": data[:3]
        + write_cbor([*members[:index], [-1, *members[index]], *members[index + 1 :]]),
        "two labels alike": data[:3] + write_cbor([*members[:labels], twice, *members[labels + 1 :]]),
        "no labels": data[:3] + write_cbor([*members[:labels], {}, *members[labels + 1 :]]),
        "another header": b"\xd9\x5d\x01\x02" + data[3:],
        "lengths not said": data[:3] + b"\x9f" + data[4:] + b"\xff",
        "nothing": b"",
    }
    for what, changed in shapes.items():
        assert is_refused(with_value(shown, changed)), what


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 10**6), bit=st.integers(0, 7), cut=st.booleans())
def test_no_other_bytes_hold(held, place, bit, cut):
    shown = _SHOWN.setdefault(held.text, copy(held, "/awardedDate"))
    data = bytearray(value_of(shown))
    data[place % len(data)] ^= 1 << bit
    if cut:
        del data[place % len(data)]
    with pytest.raises(TestamurError):
        check(with_value(shown, bytes(data)))


_SHOWN: dict[str, object] = {}


def test_what_cannot_be_chosen_is_said(held):
    for pointer, words in (
        ("/credentialSubject/salary", "points at nothing"),
        ("credentialSubject", "no JSON pointer"),
        ("/credentialSubject/result/99", "points at nothing"),
        ("/credentialSubject/result/01", "points at nothing"),
        ("/credentialSubject/~2", "no JSON pointer"),
    ):
        with pytest.raises(Malformed, match=words):
            copy(held, pointer)
    with pytest.raises(Malformed, match="a copy already"):
        copy(copy(held, "/awardedDate"), "/awardedDate")
