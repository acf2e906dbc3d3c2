"""Nobody reads half a page in English: every state a record can be in, told in every language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import pytest

from testamur.checks import Report
from testamur.did import Resolver
from testamur.errors import Malformed
from testamur.jsontext import parse_object
from testamur.proofs import decode
from testamur.scanning import examine
from testamur.trust import PinnedTrust, all_pins
from testamur.verifier.answers import Answer, answer_of, page_of
from testamur.verifier.desk import Looked
from testamur.verifying import Verifier
from testamur.words import LANGUAGES, Sentence, Tongue, catalogue
from testamur.words.sentences import BECAUSE, holes
from tests.town import NOW
from tests.verifying.test_negative_vectors import FOLDERS, world
from tests.web import evidence_states, learner_states
from tests.web.states import STATES, states

assert evidence_states.STATES is learner_states.STATES is STATES
OWN_WORDS = ("Universidad de Valdoria", "Bachelor of Science", "Another school")
"""What the records themselves say, which stays as it is."""

ENGLISH = re.compile(r"[A-Za-z]{2,}(?:'s)? [A-Za-z]{2,} [A-Za-z]{2,}")


@cache
def looked() -> tuple[Looked, ...]:
    """A file in every state, each looked at as the app does."""
    return (*_states(), *_attacks())


def _states() -> Iterator[Looked]:
    for name, state in states():
        trust = [PinnedTrust.of(state.trust or [])]
        try:
            document = decode(state.token)
        except Malformed:
            continue
        resolver = Resolver(state.school.web, pins=all_pins(trust), offline=True)
        report = Verifier(resolver, state.school.web, trust).verify(document, at=NOW)
        yield Looked(name, "", (report,), portraits=("",))


def _attacks() -> Iterator[Looked]:
    for folder in FOLDERS:
        expected = parse_object((folder / "expected.json").read_bytes())
        if "error" not in expected:
            verifier = world(expected.get("world", {}), folder).employer()
            data = (folder / expected["input"]).read_bytes()
            found = examine(data, verifier, at=NOW, source=expected["input"])
            faces = ("",) * len(found.reports)
            yield Looked(folder.name, "", found.reports, found.notes, portraits=faces)


def told(answer: Answer) -> Iterator[str]:
    """All that a reader sees of an answer before unfolding its technical part."""
    yield from (answer.title, answer.opening, answer.why, answer.next, answer.vouched, answer.fresh)
    yield from (part for check in answer.checks for part in (check.question, check.answered, check.sentence))
    yield from answer.doubts
    for inner in answer.inner:
        yield from told(inner)


@pytest.mark.parametrize("language", ["ar", "hi"])
def test_no_english_sentence_is_left_in_what_is_told(language: str) -> None:
    tongue = Tongue(language)
    seen = 0
    for each in looked():
        page = page_of(each, tongue)
        for text in (*page.notes, *(text for answer in page.answers for text in told(answer))):
            for own in OWN_WORDS:
                text = text.replace(own, "")
            assert not ENGLISH.search(text), (each.name, text)
            seen += 1
    assert seen > 3000


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
def test_every_sentence_of_every_report_is_in_the_catalogue(language: str) -> None:
    known = catalogue(language)
    for each in looked():
        for report in each.reports:
            for message in messages(report):
                assert message in known, (each.name, message)


def messages(report: Report) -> Iterator[str]:
    """The messages of a report's sentences, and of the sentences in them; those that only join others say nothing."""
    waiting: list[object] = [*(check.sentence for check in report.checks), *report.doubts]
    while waiting:
        said = waiting.pop()
        if isinstance(said, Sentence):
            waiting += said.parts.values()
            if said.message != BECAUSE and not all(name.isdigit() for name in holes(said.message) or {"x"}):
                yield said.message
    for inner in (*report.inner, *report.endorsements):
        yield from messages(inner)


def test_in_english_a_page_tells_what_the_report_says() -> None:
    for each in looked():
        for report in each.reports:
            answer = answer_of(report, Tongue("en"))
            assert len(answer.doubts) == len(report.doubts)
            assert not answer.details
            assert not any(check.detail for check in answer.checks)


def test_what_is_told_in_general_is_there_in_english_below() -> None:
    """A reader who asks for help can show the very words."""
    for each in looked():
        for report in each.reports:
            answer = answer_of(report, Tongue("hi"))
            plain = [check for check in report.checks if not isinstance(check.sentence, Sentence)]
            assert sum(bool(check.detail) for check in answer.checks) >= len(plain)
