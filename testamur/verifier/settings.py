"""What an operator sets for a verifying app, and the desk that comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from testamur.verifier.desk import Desk
from testamur.verifier.equipment import equip


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that is needed to make the app again in another process."""

    home: str | None = None
    trust: Sequence[Path] = ()
    max_age: timedelta = timedelta(days=30)
    allow: Sequence[str] = ()
    mirrors: Sequence[Path] = ()
    rate: int = 120

    def desk(self) -> Desk:
        """The desk of these settings; raises OperatorError for what cannot be used."""
        tools = equip(
            home=self.home,
            trust=self.trust,
            offline=False,
            max_age=self.max_age,
            allow=self.allow,
            mirrors=self.mirrors,
        )
        return Desk(tools.verifier, tools.fetch)
