"""A verifier instance: the questions a request asks, put to the one verifier there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from testamur.checks import CHECKS, Audience, Policy, Question, Report
from testamur.did import Resolver
from testamur.errors import Malformed
from testamur.jsontext import Json
from testamur.proofs import SecuredDocument
from testamur.trust import TrustSource, all_pins, load_pinned
from testamur.vcalm import Manner, Server
from testamur.verifier.api.settings import VerifierSettings
from testamur.verifying import Verifier

ALWAYS = ("form", "proof")
NAMES = {
    "proof": "proof",
    "validFrom": "dates",
    "validUntil": "dates",
    "dates": "dates",
    "credentialStatus": "status",
    "status": "status",
    "credentialSchema": "schema",
    "schema": "schema",
    "issuer": "issuer",
    "holder": "holder",
}
"""What ``options.checks`` may name, and the check it asks for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What one request asks for."""

    checks: tuple[str, ...] = ()  # names of NAMES; none: every one
    audience: Audience | None = None
    purpose: str = ""  # expectedProofPurpose

    @property
    def of_inner(self) -> Asked:
        """What is asked of the credentials in a presentation: not for whom they were signed."""
        return replace(self, audience=None, purpose="")

    @property
    def questions(self) -> tuple[Question, ...]:
        """The checks to run: those asked for, and those without which no other means anything."""
        if not self.checks:
            return CHECKS
        wanted = {NAMES[name] for name in self.checks} | set(ALWAYS)
        wanted |= {"holder"} if self.audience else set()
        return tuple(question for question in CHECKS if question.name in wanted)


@dataclass(frozen=True, slots=True)
class VerifierInstance:
    """What ``/instances/NAME`` verifies with."""

    settings: VerifierSettings
    verifier: Verifier

    @classmethod
    def of(cls, settings: VerifierSettings, server: Server) -> VerifierInstance:
        """The instance; raises OperatorError for a trust file that cannot be used."""
        listed: Sequence[TrustSource] = [load_pinned(Path(path)) for path in settings.trust]
        resolver = Resolver(server.fetch, pins=all_pins(listed)) if listed else server.resolver
        policy = Policy(max_age=settings.max_age, author_bound=settings.author_bound)
        verifier = Verifier(
            resolver, server.fetch, listed, policy, formats=server.formats, contexts=server.contexts
        )
        return cls(settings, verifier)

    @property
    def name(self) -> str:
        """Its name in the settings and in its address."""
        return self.settings.name

    @property
    def manner(self) -> Manner:
        """How it receives a request."""
        return self.settings.manner

    @property
    def described(self) -> Json:
        """What the line at the start says of it."""
        return {"on_failure": self.settings.on_failure}

    def verify(self, document: SecuredDocument, asked: Asked, *, at: datetime) -> Report:
        """The report on what was asked of a document."""
        policy = replace(self.verifier.policy, audience=asked.audience)
        verifier = replace(self.verifier, policy=policy, questions=asked.questions)
        return verifier.verify(document, at=at)


def checked_names(names: Sequence[str]) -> tuple[str, ...]:
    """The names of checks; raises Malformed for one that does not exist."""
    for name in names:
        if name not in NAMES:
            raise Malformed("options.checks", f"{name!r:.40} is no check; there are {', '.join(NAMES)}")
    return tuple(names)
