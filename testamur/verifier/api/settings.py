"""The settings of a verifier instance: ``[verifiers.NAME]``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from testamur.equipment import parse_age
from testamur.vcalm import Manner, Table

ANY = "any"
EXCUSABLE = ("dates", "status", "schema", "issuer", "holder")


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifierSettings:
    """Whom one verifier instance trusts, and what it makes of a failure."""

    name: str
    manner: Manner
    trust: tuple[str, ...]  # trust files, or "any"
    on_failure: int = 200  # the status of an answer that says no
    author_bound: bool = True
    excuse: frozenset[str] = frozenset()  # checks that may stay undecided; a failed one is never excused
    max_age: timedelta = timedelta(days=30)

    @classmethod
    def read(cls, table: Table) -> VerifierSettings:
        """The settings in a table; raises OperatorError naming what is wrong."""
        trust = table.texts("trust")
        excuse = frozenset(table.texts("excuse", among=EXCUSABLE))
        settings = cls(
            name=table.key,
            manner=Manner.read(table),
            trust=tuple(each for each in trust if each != ANY),
            on_failure=table.number("on_failure", 200, among=(200, 400, 422)),
            author_bound=table.text("issuer_binding", "enforce", among=("enforce", "warn")) == "enforce",
            excuse=excuse | ({"issuer"} if ANY in trust else set()),
            max_age=parse_age(table.text("max_age", "30d")),
        )
        table.finish()
        return settings
