"""Text forms: what they read out of a text is what a parser reads, and any other text is none of theirs."""

import json
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from testamur.jsonld.shapes import Value
from testamur.jsonld.shapes_cutting import put, value_at
from testamur.jsonld.text_form import TextForm, text_form
from testamur.jsontext import Json, parse_object, write_json
from tests.credentials.samples import diploma

SAMPLE = diploma()
HOLDER, CREDITS, LATITUDE = (
    ("credentialSubject", "identifier", 0, "identityHash"),
    ("credentialSubject", "creditsEarned"),
    ("issuer", "address", "geo", "latitude"),
)
TWINS = [("issuer", "id"), ("credentialSubject", "achievement", "creator", "id")]
SLOTS = [[HOLDER], [CREDITS], [LATITUDE], TWINS]
FORM = text_form(SAMPLE, SLOTS)


def with_values(values: list[Value]) -> Json:
    document = SAMPLE
    for places, value in zip(SLOTS, values, strict=True):
        for place in places:
            document = put(document, place, value)
    return document


def same(left: object, right: object) -> bool:
    """Equal, and 1, 1.0, True and -0.0, 0.0 told apart."""
    return repr(left) == repr(right)


@settings(deadline=None)
@given(st.text(), st.floats(-1e15, 1e15), st.floats(-1e6, 1e6), st.text())
def test_the_values_of_a_text_are_those_of_its_document(
    holder: str, credits_earned: float, latitude: float, issuer: str
) -> None:
    document = with_values([holder, credits_earned, latitude, issuer])
    for text in (write_json(document), json.dumps(document, separators=(",", ":"))):
        values = FORM.values(text)
        if values is not None:
            assert same(with_values(values), json.loads(text))
    if holder.isprintable() and issuer.isprintable() and min(abs(credits_earned), abs(latitude)) > 0.001:
        assert FORM.values(write_json(document)) == [holder, credits_earned, latitude, issuer]


def test_a_text_that_differs_anywhere_else_is_another_one() -> None:
    text, chance = write_json(SAMPLE), random.Random(3)
    assert FORM.values(text) is not None
    read = 0
    for _ in range(4000):
        place = chance.randrange(len(text))
        piece = chance.choice(
            ['"', "\\", "}", "]", ",", ":", "0", "-", ".5", "e5", "é", " ", "null", '"a":1,', ""]
        )
        changed = text[:place] + piece + text[place + chance.randrange(3) :]
        try:
            document = json.loads(changed)
        except ValueError:
            continue
        values = FORM.values(changed)
        if values is not None:
            read += 1
            assert same(with_values(values), document), changed
    assert read > 10


def test_two_places_of_one_slot_hold_the_same_to_the_letter() -> None:
    form: TextForm = text_form(put(SAMPLE, LATITUDE, 240.5), [[CREDITS, LATITUDE]])
    document = put(put(SAMPLE, CREDITS, 7.5), LATITUDE, 7.5)
    assert form.values(write_json(document)) == [7.5]
    assert form.values(write_json(put(document, LATITUDE, 7.25))) is None
    assert form.values(write_json(put(put(document, CREDITS, 7.0), LATITUDE, 7))) is None
    assert form.values(write_json(put(document, LATITUDE, "7.5"))) is None


def test_spaces_and_another_order_of_members_are_another_text() -> None:
    assert FORM.values(json.dumps(SAMPLE, ensure_ascii=False)) is None
    assert FORM.values(write_json(SAMPLE) + " ") is None
    assert FORM.values(write_json(dict(reversed(SAMPLE.items())))) is None
    assert FORM.values("") is None
    assert parse_object(write_json(SAMPLE)) == SAMPLE
    assert value_at(SAMPLE, HOLDER) in FORM.values(write_json(SAMPLE))
