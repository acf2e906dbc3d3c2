"""What every record of a template has in common: the award, its results and its level."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """A result that a record states, as Open Badges describes it; ``value`` is set where all have the same."""

    key: str
    name: str
    type: str = "Result"
    value: str = ""
    allowed: tuple[str, ...] = ()
    minimum: str = ""
    maximum: str = ""
    required: str = ""


@dataclass(frozen=True, slots=True)
class Alignment:
    """A place in somebody's framework: a level of qualification, a competency."""

    name: str
    url: str
    framework: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Award:
    """What every record of a template has in common; a column may say more for one row."""

    type: str
    name: str = ""
    description: str = ""
    field: str = ""
    specialization: str = ""
    code: str = ""
    language: str = ""
    credits: float | int | None = None
    criteria: str = ""
    criteria_url: str = ""
    image: str = ""
    image_caption: str = ""
    alignments: tuple[Alignment, ...] = ()
