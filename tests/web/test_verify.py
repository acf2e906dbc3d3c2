"""The page and testamur.verifying give the same headline, the same outcomes and the same facts, whatever the state."""

from __future__ import annotations

import base64
from dataclasses import asdict
from functools import cache

import pytest

from testamur.checks import Headline, Report
from testamur.did import Resolver
from testamur.errors import Malformed
from testamur.proofs import decode
from testamur.trust import PinnedTrust, add_issuer, all_pins
from testamur.verifying import Verifier
from tests.town import NOW
from tests.web import evidence_states, learner_states
from tests.web.node import ask
from tests.web.states import STATES, State, states

assert evidence_states.STATES is learner_states.STATES is STATES  # each adds its own
CHECKS = ("form", "proof", "dates", "status", "issuer")

# Where the page says less than testamur: what it does not look at is never passed as good.
PAGE_ALONE = {
    "typ of a presentation": "cannot_tell",  # the page reads no presentations
    "nobody lists its issuer": "cannot_tell",  # the page fetches no keys of strangers
    "the list has no keys of the school": "cannot_tell",  # for which testamur asks the school
    "a transcript holds a record with a proof of its own": "cannot_tell",  # the page reads no such proofs
    "its status is of an unknown kind": "cannot_tell",  # a term of no context, and the page has no JSON-LD
    "a token list is a CWT": "cannot_tell",  # the page reads those that are JWT
}


def by_python(state: State) -> Report | None:
    trust = [PinnedTrust.of(state.trust or [])]
    try:
        document = decode(state.token)
    except Malformed:
        return None
    resolver = Resolver(state.school.web, pins=all_pins(trust), offline=True)
    return Verifier(resolver, state.school.web, trust).verify(document, at=NOW)


def by_page(asked: list[State], **more: object) -> list[dict]:
    questions = []
    for state in asked:
        text = '{"issuer": []}'
        for entry in state.trust or []:
            text = add_issuer(text, entry, "application/json")
        pages = {url: base64.b64encode(data).decode() for url, data in state.school.web.pages.items()}
        questions.append({"trust": text, "pages": pages, "token": state.token})
    answers: list[dict] = ask("verify.mjs", {"questions": questions, "at": NOW.isoformat()} | more)
    return answers


@cache
def both() -> dict[str, tuple[Report | None, dict]]:
    """What each of the two says of every state; the page is asked in one go."""
    made = dict(states())
    answers = by_page(list(made.values()))
    return {
        name: (by_python(state), answer) for (name, state), answer in zip(made.items(), answers, strict=True)
    }


@pytest.mark.parametrize("name", STATES)
def test_the_page_says_what_testamur_says(name: str) -> None:
    report, answer = both()[name]
    if report is None:
        assert "refused" in answer
        return
    expected = PAGE_ALONE.get(name, report.headline.value)
    assert answer["headline"] == expected, (answer["checks"], report.to_text())
    if name in PAGE_ALONE:
        assert expected == "cannot_tell"
        return
    outcomes = {check["name"]: check["outcome"] for check in answer["checks"]}
    assert outcomes == {name: report.outcome(name).value for name in CHECKS}, report.to_text()
    assert answer["facts"] == asdict(report.facts)
    assert answer["listedAs"] == report.listed_as
    if outcomes["proof"] == "failed":
        assert answer["asked"] == [], "a forged paper made somebody be asked"


def test_every_headline_was_among_the_states() -> None:
    found = {report.headline for report, _ in both().values() if report is not None}
    assert found == set(Headline)


def test_a_member_with_the_name_of_a_method_stops_no_answer() -> None:
    state = State()
    subject = state.school.diploma()["credentialSubject"]
    other = {
        "id": subject["achievement"]["id"],
        "constructor": "x",
        "toString": 1,
        "__proto__": {"name": "Dr"},
    }
    state.by_hand(credentialSubject=subject | {"result": [subject["result"][0] | {"achievedLevel": other}]})
    state.pin()
    (answer,) = by_page([state])
    assert answer["facts"]["award"] == "Bachelor of Science"


def test_a_browser_without_ed25519_checks_it_all_the_same() -> None:
    good, forged = State(), State()
    STATES["it stands"](good)
    STATES["a letter of it was changed"](forged)
    good.pin()
    forged.pin()
    answers = by_page([good, forged], without="Ed25519")
    assert [answer["headline"] for answer in answers] == ["genuine", "not_genuine"]


@pytest.mark.parametrize(
    ("name", "headline"),
    [
        ("a token list says nothing against it", "genuine"),
        ("a token list has no end", "genuine"),
        ("a token list revokes it", "revoked"),
        ("a token list of one bit revokes it", "revoked"),
        ("a token list suspends it", "suspended"),
        ("a token list of a byte each suspends it", "suspended"),
        ("a token list revokes it, and its notices say it is replaced", "replaced"),
        ("a token list names its key by a fragment", "revoked"),
        ("a token list says what nobody knows", "cannot_tell"),
        ("a token list is a stranger's", "cannot_tell"),
        ("a token list is too short", "cannot_tell"),
        ("a token list goes on after its end", "cannot_tell"),
        ("its compromised key's owner lists it", "genuine"),
        ("its compromised key's owner lists it alone", "genuine"),
        ("its compromised key's owner lists it, and it is revoked", "revoked"),
        ("its compromised key's owner does not list it", "cannot_tell"),
        ("its compromised key signed the list of what it signed", "cannot_tell"),
        ("the list of what was signed is another", "cannot_tell"),
        ("the list of what was signed is unsorted", "cannot_tell"),
    ],
)
def test_evidence_in_other_lists_is_read_as_it_should_be(name: str, headline: str) -> None:
    assert both()[name][1]["headline"] == headline
