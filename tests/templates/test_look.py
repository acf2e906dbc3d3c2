import json

import pytest

from testamur.credentials.languages import labels, languages
from testamur.credentials.look import Look, Signatory
from testamur.encoding import digest_matches
from testamur.errors import Malformed


def look(**parts) -> Look:
    return Look(**{"labels": {"title": "Diploma", **labels("am")}, "language": "am", **parts})


@pytest.mark.parametrize("tag", sorted(languages()))
def test_a_look_is_read_back_from_its_text_in_every_language(tag):
    one = Look(
        labels={"title": "شهادة", **labels(tag)},
        language=tag,
        signatories=(Signatory("ዳዊት", "Rector"),),
        motto="ሰላም",
    )
    assert Look.parse(one.text) == one
    assert Look.parse(one.text.encode()).digest == one.digest
    assert digest_matches(one.digest, one.text.encode())
    assert {"ዳዊት", "Rector", "ሰላም", "شهادة"} <= set(one.words)


def test_a_look_is_the_same_whatever_the_order_of_its_words():
    words = {"title": "Diploma", **labels("en")}
    assert Look(labels=words).digest == Look(labels=dict(reversed(words.items()))).digest


def test_another_text_of_the_same_look_is_refused():
    members = json.loads(look().text)
    with pytest.raises(Malformed, match="canonical"):
        Look.parse(json.dumps(members))


@pytest.mark.parametrize(
    ("member", "value"),
    [("style", "poster"), ("paper", "a3"), ("orientation", 1), ("calendar", None), ("language", "a b"), ("ink", "#12345G"),
     ("accent", "red"), ("crest", "file.svg"), ("version", 2), ("version", True), ("motto", "a\u202eb"), ("motto", 5),
     ("rows", ["grade"]), ("rows", ["result", "result"]), ("rows", "result"), ("rows", [1]), ("labels", {"title": "x"}),
     ("labels", []), ("signatories", [{"name": "x"}]), ("signatories", [{"name": "x", "title": 3}]),
     ("signatories", [{"name": "x", "title": ""}] * 7), ("extra", 1), ("motto", "x" * 401)],
)  # fmt: skip
def test_a_look_with_a_wrong_member_is_refused(member, value):
    members = json.loads(look().text) | {member: value}
    with pytest.raises(Malformed, match="look"):
        Look.parse(json.dumps(members, ensure_ascii=False, separators=(",", ":"), sort_keys=True))


@pytest.mark.parametrize("text", ["", "[]", "{", '{"version":1}', "x" * 70_000, b"\xff"])
def test_a_text_that_is_no_look_is_refused(text):
    with pytest.raises(Malformed):
        Look.parse(text)
