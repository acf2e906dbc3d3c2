"""Documents of a template that was seen before: shapes and texts make them fast, and change no answer."""

import json
import random
from collections import Counter
from dataclasses import replace

import pytest

from testamur.errors import TestamurError
from testamur.jsonld import check_plain
from testamur.jsonld.door import canonize_by_plans, canonize_generally
from testamur.jsonld.plans import NotPlanned
from testamur.jsontext import parse_object, write_json
from testamur.proofs import SUITES, DataIntegrity, SecuredDocument, VcJwt, decode, open_document
from testamur.proofs.data_integrity import without_proof
from tests.proofs.school import AT, DIPLOMA, SIGNER, find_key

PIECES = [
    '"', "\\", "}", "{", "]", ",", "0", "null", '"x":1,', '"validUntil":"2099-01-01T00:00:00Z",', ',"proof":{"', "}}",
    '"credentialStatus":{"id":"urn:x:1"},', ',"name":"x"', "did:web:thief.example", "é", "\u202e", " ",
]  # fmt: skip


def diplomas() -> list[str]:
    texts = []
    for number in range(14):
        document = json.loads(json.dumps(DIPLOMA))
        document["id"] = f"urn:uuid:7f3e8c1a-2b6d-4a55-9f01-{number:012d}"
        document["credentialSubject"]["identifier"][0]["identityHash"] = f"ሰላማዊት {number}"
        texts.append(DataIntegrity().secure(write_json(document), SIGNER, at=AT).text)
    return texts


def _slowly(document, hash_name, text=""):
    check_plain(document)
    try:
        return canonize_by_plans(document, digest=hash_name)
    except (NotPlanned, TestamurError):
        return canonize_generally(document, digest=hash_name)


SLOW = {
    "ldp_vc": DataIntegrity(suites={"eddsa-rdfc-2022": replace(SUITES["eddsa-rdfc-2022"], canonize=_slowly)})
}
TEXTS = diplomas()


def answer(text, **formats):
    """What opening says of a text: its claims and whether its signatures hold, or that it is refused."""
    try:
        opened = open_document(decode(text), find_key, **formats)
    except TestamurError as error:
        return type(error)
    return opened.claims, [each.holds for each in opened.signatures]


@pytest.mark.parametrize("seed", range(4))
def test_a_changed_document_gets_the_answer_it_gets_without_any_learning(seed):
    chance, seen = random.Random(seed), Counter()
    for _ in range(250):
        text = chance.choice(TEXTS)
        for _ in range(chance.choice([0, 1, 1, 2])):
            place = chance.choice(
                [chance.randrange(len(text)), text.rfind(',"proof"') % len(text), len(text) - 1]
            )
            text = text[:place] + chance.choice(PIECES) + text[place + chance.randrange(2) :]
        found = answer(text)
        assert found == answer(text, formats=SLOW), text
        seen[str(found[1] if isinstance(found, tuple) else found)] += 1
    assert seen["[True]"] > 20
    assert seen["[False]"] > 5
    assert len(seen) > 2


@pytest.mark.parametrize("text", TEXTS[-3:])
def test_however_the_text_is_written_its_signature_holds(text):
    document = parse_object(text)
    first = {"proof": document["proof"]} | document
    for written in (
        text,
        json.dumps(document),
        json.dumps(document, indent=2),
        write_json(first),
        f" {text}\n",
    ):
        assert answer(written)[1] == [True]


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1,"proof":{"b":2},"c":3}',
        '{"a":1,"proof":{"b":{"c":3}}}',
        '{"a":{"d":1,"proof":{"b":2}}}',
        '{"a":[{"d":1,"proof":{"b":2}}]}',
        '{"a":1,"proof":{"b":"}}"}}',
        '{"a":1,"proof":{"b":"}"}}',
        '{"a":1,"proof":{"b":"{"},"c":"}}"}',
        '{"a":1,"proof":{"b":"\\"}}"}}',
        '{"a":1,"proof":[{"b":2}]}',
        '{"a":1,"proof":{"b":2} }',
        '{"a":1,"proof":{"b":2},"c":{"proof":{"b":2}}}',
        '{"a":",\\"proof\\":{\\"","proof":{"b":2}}',
        '{"a":1,"proof":{"proof":2}}',
    ],
)
def test_the_text_without_its_proof_is_that_of_the_document_without_it_or_not_given(text):
    document = parse_object(text)
    found = without_proof(text)
    if found:
        del document["proof"]
        assert parse_object(found) == document
    assert bool(found) == (text in PLAIN_ENDS)


PLAIN_ENDS = (
    '{"a":",\\"proof\\":{\\"","proof":{"b":2}}',
    '{"a":1,"proof":{"proof":2}}',
)


def test_claims_that_were_not_read_from_the_text_do_not_count():
    text, other = TEXTS[0], parse_object(TEXTS[1])
    document = SecuredDocument(text, "application/vc", "ldp_vc", other)
    opened = open_document(document, find_key)
    assert opened.claims["id"] == parse_object(text)["id"]
    assert opened.signatures[0].holds


def test_claims_that_were_changed_since_they_were_read_are_not_covered_by_the_text():
    document = decode(TEXTS[0])
    assert open_document(document, find_key).signatures[0].holds
    document.claims["name"] = "Doctor of everything"
    assert not open_document(document, find_key).signatures[0].holds


def test_a_token_says_what_its_payload_says_whatever_became_of_the_claims():
    token = decode(VcJwt().secure(write_json(DIPLOMA), SIGNER, at=AT).text)
    assert open_document(token, find_key).claims == DIPLOMA
    token.claims["name"] = "Doctor of everything"
    opened = open_document(token, find_key)
    assert opened.claims == DIPLOMA
    assert opened.signatures[0].holds
