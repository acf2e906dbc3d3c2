"""A report becomes what a page shows: every word of it in the reader's language."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from testamur.checks import Check, Headline, Outcome, Report
from testamur.display import one_line, shown, shown_json
from testamur.trust import Vouch
from testamur.verifier.desk import Looked
from testamur.verifier.headlines import IN_GENERAL, OF_ITS_RECORDS, OUTCOMES, QUESTIONS, TOLD
from testamur.words import Sentence, Tongue, begun, is_told_whole, say

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_ENDS = (".", "!", "?", "…", "؟", "।", "。")
_MAX_SHOWN = 200_000
_DOUBTFUL = say("One part of the document does not agree with another, or could not be read.")
_NOT_READ = say("A part of the file could not be read")


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of what was signed."""

    label: str
    value: str
    is_main: bool = False
    day: str = ""  # 2026-07-01, where the value is that day


@dataclass(frozen=True, slots=True)
class Asked:
    """One check as a sentence; ``detail`` is the very one in English, where the sentence is more general."""

    outcome: str
    question: str
    answered: str
    sentence: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything the page shows of one record."""

    headline: str
    title: str
    opening: str
    why: str
    next: str
    facts: tuple[Fact, ...]
    issuer: str  # the name the trust list gives; "" where it gives none
    claimed: str  # the name the record gives its issuer
    issuer_id: str
    is_proved: bool
    vouched: str
    fresh: str
    checks: tuple[Asked, ...]
    doubts: tuple[str, ...]
    details: tuple[str, ...]  # the very doubts in English, where they are told in general
    text: str  # the record, for those who want to see it
    format: str
    id: str
    portrait: str = ""  # a data: address of a picture
    inner: tuple[Answer, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """What a page shows of one file."""

    name: str
    answers: tuple[Answer, ...]
    error: str
    notes: tuple[str, ...]

    @property
    def who(self) -> str:
        """Whom and what its records are about: "ሰላም ተስፋዬ, Bachelor of Science"."""
        records = [each for answer in self.answers for each in (answer.inner or (answer,))]
        told = (", ".join(fact.value for fact in each.facts if fact.is_main) for each in records)
        return "; ".join(filter(None, told))

    @property
    def headlines(self) -> tuple[str, ...]:
        """Those of its records, or that one cannot tell."""
        return tuple(answer.headline for answer in self.answers) or (Headline.CANNOT_TELL.value,)


def page_of(looked: Looked, tongue: Tongue) -> Page:
    """What to show of a file that was looked at."""
    answers = tuple(
        answer_of(report, tongue, portrait)
        for report, portrait in zip(looked.reports, looked.portraits, strict=False)
    )
    notes = tuple(_told(note, _NOT_READ, tongue) for note in looked.notes)
    return Page(one_line(looked.name), answers, shown(looked.error), notes)


def answer_of(report: Report, tongue: Tongue, portrait: str = "") -> Answer:
    """What to show of a record."""
    told = TOLD[report.headline]
    opening = OF_ITS_RECORDS if report.is_presentation and report.inner else told.opening
    facts = report.facts
    return Answer(
        headline=report.headline.value,
        title=tongue.say(told.title),
        opening=tongue.say(opening),
        why=_why(report, tongue),
        next=tongue.say(told.next),
        facts=() if report.is_presentation else tuple(_facts(report, tongue)),
        issuer=one_line(report.listed_as),
        claimed=one_line(facts.issuer_name),
        issuer_id=one_line(facts.issuer),
        is_proved=report.is_proved,
        vouched=_vouched(report.vouch, tongue),
        fresh=_fresh(report, tongue),
        checks=tuple(_asked(check, tongue) for check in report.checks),
        doubts=tuple(_told(doubt, _DOUBTFUL, tongue) for doubt in report.doubts),
        details=_details(report, tongue),
        text=_readable(report),
        format=one_line(report.format),
        id=one_line(facts.id),
        portrait=portrait,
        inner=tuple(answer_of(each, tongue) for each in report.inner),
    )


def _why(report: Report, tongue: Tongue) -> str:
    """What decided it, where the headline alone does not say."""
    if report.doubts:
        return tongue.say(_DOUBTFUL)
    blocking = {
        Headline.CANNOT_TELL: (Outcome.UNKNOWN,),
        Headline.NOT_GENUINE: (Outcome.FAILED,),
        Headline.ISSUER_UNLISTED: (),
        Headline.GENUINE: (),
    }.get(report.headline, (Outcome.FAILED,))
    found = next((check for check in report.checks if check.outcome in blocking), None)
    return _sentence(found, tongue) if found else ""


def _facts(report: Report, tongue: Tongue) -> Iterator[Fact]:
    facts = report.facts
    result = one_line(facts.result_name) or tongue.say("Result")
    rows = (
        (tongue.say("Name"), facts.holder, True),
        (tongue.say("Name in Latin letters"), facts.holder_latin, False),
        (tongue.say("Award"), facts.award, True),
        (result, facts.result, False),
        (tongue.say("Date"), facts.awarded, False),
        (tongue.say("Number"), facts.number, False),
        (tongue.say("Valid until"), facts.valid_until, False),
    )
    for label, value, is_main in rows:
        if value:
            day = _day(value)
            yield Fact(label, tongue.day(day) if day else one_line(value), is_main, value if day else "")


def _day(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def _vouched(vouch: Vouch | None, tongue: Tongue) -> str:
    if vouch is None:
        return ""
    if vouch.fetched is None:
        return tongue.say("The list of issuers of this page, which knows it by this name.")
    return tongue.say(
        "The list of issuers of this page, which knows it by this name. Its keys were last looked at on {day}.",
        day=vouch.fetched,
    )


def _fresh(report: Report, tongue: Tongue) -> str:
    if not report.is_proved:
        return tongue.say("Nothing was looked up, since the signature does not hold.")
    status = report.check("status")
    if status is None or status.outcome is Outcome.ABSENT:
        return tongue.say("The issuer names no list in which it could have been withdrawn.")
    if status.as_of is None:
        return tongue.say("No list of the issuer was at hand.")
    return _ended(tongue.say("Checked against the list of {day}", day=status.as_of), tongue)


def _asked(check: Check, tongue: Tongue) -> Asked:
    general = tongue.language != "en" and not is_told_whole(check.sentence)
    detail = shown(check.sentence) if general else ""
    return Asked(
        check.outcome.value,
        tongue.say(QUESTIONS[check.name]) if check.name in QUESTIONS else check.name,
        tongue.say(OUTCOMES[check.outcome]),
        _sentence(check, tongue),
        detail,
    )


def _details(report: Report, tongue: Tongue) -> tuple[str, ...]:
    if tongue.language == "en":
        return ()
    return tuple(shown(doubt) for doubt in report.doubts if not is_told_whole(doubt))


def _sentence(check: Check, tongue: Tongue) -> str:
    general = IN_GENERAL.get((check.name, check.outcome), say("It could not be checked"))
    return _told(check.sentence, general, tongue)


def _told(said: str, general: Sentence, tongue: Tongue) -> str:
    """What was said in the reader's language; what English alone can say is told in general."""
    known = said if isinstance(said, Sentence) or tongue.language == "en" else general
    return _ended(begun(tongue.say(known) if isinstance(known, Sentence) else shown(known)), tongue)


def _ended(told: str, tongue: Tongue) -> str:
    return told if told.endswith(_ENDS) else told + ("।" if tongue.language == "hi" else ".")


def _readable(report: Report) -> str:
    """The record, indented; what is very long is cut."""
    text = json.dumps(report.claims, ensure_ascii=False, indent=1)
    return "\n".join(map(shown_json, text[:_MAX_SHOWN].split("\n"))) + ("…" if len(text) > _MAX_SHOWN else "")
