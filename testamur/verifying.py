"""A secured document becomes a report: every question asked, always in the same order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from testamur.checks import (
    CHECKS,
    MAX_HELD,
    TOO_MANY_ISSUERS,
    Case,
    Check,
    Headline,
    Outcome,
    Place,
    Policy,
    Question,
    Report,
    asked_apart,
    is_own_word,
    person_doubts,
    record_doubts,
    run,
    said_checks,
)
from testamur.contexts import SHIPPED, ContextSet
from testamur.credentials import (
    Described,
    Facts,
    check_self_asserted,
    endorsements_in,
    endorses,
    facts,
    held_by,
    is_clr,
    is_signed_apart,
)
from testamur.did import Resolver
from testamur.errors import TestamurError
from testamur.fetch import Fetching, Memory
from testamur.keys import PublicKey, VerificationMethod
from testamur.proofs import (
    FORMATS,
    Format,
    Opened,
    SdJwtVc,
    SecuredDocument,
    embedded,
    open_document,
    presented,
)
from testamur.trust import TrustSource, Vouch, certified_method
from testamur.words import because, say

_ENTRIES = 64
_SECONDS = 600.0
_MAX_DEPTH = 3  # of records within records
_MAX_ENDORSEMENTS = 16
_MAX_DOUBTS = 12


Inner = tuple[tuple[Report, ...], tuple[str, ...]]
"""A report for each credential in a document, and what speaks against taking it as an answer."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """Verifies credentials and presentations against what one reader trusts."""

    resolver: Resolver
    fetch: Fetching
    trust: Sequence[TrustSource] = ()
    policy: Policy = field(default_factory=Policy)
    questions: Sequence[Question] = CHECKS
    formats: Mapping[str, Format] = field(default_factory=lambda: FORMATS, repr=False)
    contexts: ContextSet = SHIPPED
    memory: Memory[Any] = field(default_factory=lambda: Memory(_ENTRIES, _SECONDS), repr=False)

    def verify(self, document: SecuredDocument, *, at: datetime, source: str = "") -> Report:
        """The report on a document at a moment; whatever is wrong with it is in the report, not raised."""
        return self._report(document, self._open(document, at), at, Place(source))

    def _report(
        self,
        document: SecuredDocument,
        opened: Opened | TestamurError,
        at: datetime,
        place: Place,
        shown_with: tuple[PublicKey, ...] = (),
    ) -> Report:
        case = Case(
            document, opened, at, self.resolver, self.fetch, self.trust, self.policy,
            memory=self.memory, contexts=self.contexts, shown_with=shown_with,
        )  # fmt: skip
        checks = run(case, self.questions)
        vouch = self._vouch(case, checks)
        inner, doubts = self._inner(case, checks, place)
        endorsements, more = self._endorsements(case, place)
        return Report(
            source=place.source,
            format=document.format,
            checks=checks,
            claims=case.claims,
            told=Facts() if document.is_presentation else None,
            author=case.author,
            policy=self.policy,
            listed_as=vouch.name if vouch else "",
            vouch=vouch,
            text=document.text,
            doubts=(*doubts, *more),
            inner=inner,
            endorsements=endorsements,
            is_presentation=document.is_presentation,
            may_lack=case.may_lack,
            signatures=case.signatures,
        )

    def _open(self, document: SecuredDocument, at: datetime) -> Opened | TestamurError:
        def find_certified(x5c: Sequence[str], iss: str, signed: datetime | None) -> VerificationMethod:
            return certified_method(self.trust, x5c, iss, signed or at)

        formats = self.formats
        known = formats.get(document.format)
        if isinstance(known, SdJwtVc):
            formats = {**formats, known.name: replace(known, find_certified=find_certified)}
        try:
            return open_document(document, self.resolver.method, formats)
        except TestamurError as error:
            return error

    def _vouch(self, case: Case, checks: Sequence[Check]) -> Vouch | None:
        is_listed = any(check.name == "issuer" and check.outcome is Outcome.PASSED for check in checks)
        return case.vouch if is_listed else None

    def _inner(self, case: Case, checks: tuple[Check, ...], place: Place) -> Inner:
        """What a presentation or a learner record holds; nothing for any other document."""
        is_presentation = case.document.is_presentation
        if not is_presentation and not is_clr(case.claims):
            return (), ()
        if place.depth == _MAX_DEPTH:
            return (), (say("it holds records within records, more deeply than is looked at"),)
        shown = self._shown if is_presentation else self._held
        return shown(case, checks, place)

    def _shown(self, case: Case, checks: tuple[Check, ...], place: Place) -> Inner:
        """What a holder presents."""
        try:
            documents = presented(case.claims)
        except TestamurError as error:
            return (), (because(say("what it presents cannot be read"), error.message),)
        passed = {check.name for check in checks if check.outcome is Outcome.PASSED}
        own_words = case if "proof" in passed and not check_self_asserted(case.claims) else None
        keys = tuple(each.method.public_key for each in case.held if each.method)
        reports = [
            self._report(
                document,
                self._presented(document, own_words, case.at),
                case.at,
                place.inside(number),
                keys if {"proof", "holder"} <= passed else (),
            )
            for number, document in enumerate(documents, 1)
        ]
        return tuple(reports), () if reports else (say("it presents no record"),)

    def _endorsements(self, case: Case, place: Place) -> Inner:
        """What third parties say of a record; a word that is forged, or about something else, is a doubt."""
        reports: list[Report] = []
        doubts: list[str] = []
        found = endorsements_in(case.claims)
        for number, (endorsed, held) in enumerate(found[:_MAX_ENDORSEMENTS], 1):
            try:
                document = embedded(held)
            except TestamurError as error:
                doubts.append(because(say("an endorsement in it cannot be read"), error.message))
                continue
            if not endorses(document.claims, endorsed):
                doubts.append(say("an endorsement in it is of something else"))
            elif place.has_room_for(document):
                opened = self._open(document, case.at)
                report = self._report(document, opened, case.at, place.inside(number, "endorsement"))
                reports.append(report)
                if report.headline is Headline.NOT_GENUINE:
                    doubts.append(say("an endorsement in it is not what it claims to be"))
            else:
                doubts.append(TOO_MANY_ISSUERS)
        if len(found) > _MAX_ENDORSEMENTS:
            doubts.append(
                say(
                    "it holds {count} endorsements; no more than {most} were looked at",
                    count=len(found),
                    most=_MAX_ENDORSEMENTS,
                )
            )
        return tuple(reports), tuple(dict.fromkeys(doubts))

    def _presented(
        self, document: SecuredDocument, own_words: Case | None, at: datetime
    ) -> Opened | TestamurError:
        """What a presented record says; the holder's own words may be signed by the presentation alone (VCDM §4.13)."""
        if own_words is not None and document.format == "ldp_vc" and "proof" not in document.claims:
            return Opened(document.claims, own_words.signatures)
        return self._open(document, at)

    def _held(self, case: Case, checks: tuple[Check, ...], place: Place) -> Inner:
        """What a learner record holds, each credential from its own members."""
        doubts = record_doubts(case)
        described = Described(case.claims)
        reports: list[Report] = []
        for number, held in enumerate(held_by(case.claims)[:MAX_HELD], 1):
            try:
                document = embedded(held)
            except TestamurError as error:
                doubts.append(
                    because(say("credential {number} in it cannot be read", number=number), error.message)
                )
                continue
            inside = place.inside(number)
            if not is_signed_apart(held):
                report = self._said(case, checks, document, inside.source, described)
            elif place.has_room_for(document):
                report = self._report(document, self._open(document, case.at), case.at, inside)
            else:
                doubts.append(TOO_MANY_ISSUERS)
                continue
            reports.append(report)
            doubts += person_doubts(number, report.claims, case.claims)
        return tuple(reports), tuple(dict.fromkeys(doubts))[:_MAX_DOUBTS]

    def _said(
        self,
        around: Case,
        checks: tuple[Check, ...],
        document: SecuredDocument,
        source: str,
        whole: Described,
    ) -> Report:
        """The report on what a record says without signing it apart."""
        part, opened = around.may_lack_inside, Opened(document.claims, ())
        case = replace(around, document=document, opened=opened, around=around.claims, is_in_part=part)
        asked = asked_apart(case, checks)
        own = run(case, [question for question in self.questions if question.name in asked])
        vouch = self._vouch(around, checks) if is_own_word(case) else None
        return Report(
            source=source,
            format=document.format,
            checks=said_checks(case, checks, own),
            claims=case.claims,
            may_lack=case.may_lack,
            told=facts(case.claims, within=whole, may_lack=case.may_lack),
            author=case.author,
            policy=self.policy,
            listed_as=vouch.name if vouch else "",
            vouch=vouch,
            text=document.text,
            is_said=is_own_word(case),
        )
