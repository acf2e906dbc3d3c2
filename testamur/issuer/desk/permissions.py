"""Who may do what: one table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum


class Role(StrEnum):
    """What somebody is in one organisation; a person may be several."""

    CLERK = "clerk"
    REGISTRAR = "registrar"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Act(StrEnum):
    """What a page or a button does."""

    ENTER = "enter"  # the first page of the organisation
    READ = "read"  # records and what happened to them
    PREPARE = "prepare"  # sheets, drafts, corrections to be approved
    APPROVE = "approve"  # approve and sign what was prepared
    WITHDRAW = "withdraw"  # revoke, suspend, reinstate, correct, undo
    HAND_OUT = "hand out"  # files, letters, claim links
    DESIGN = "design"  # templates, crest, colours
    PUBLISH = "publish"
    FIGURES = "figures"
    AUDIT = "audit"  # the log of who did what
    PEOPLE = "people"  # invite, give roles
    SETTINGS = "settings"


MAY: Mapping[Role, frozenset[Act]] = {
    Role.CLERK: frozenset({Act.ENTER, Act.READ, Act.PREPARE, Act.HAND_OUT, Act.FIGURES}),
    Role.REGISTRAR: frozenset(
        {
            Act.ENTER, Act.READ, Act.PREPARE, Act.APPROVE, Act.WITHDRAW, Act.HAND_OUT, Act.DESIGN,
            Act.PUBLISH, Act.FIGURES, Act.AUDIT,
        }
    ),
    Role.AUDITOR: frozenset({Act.ENTER, Act.READ, Act.FIGURES, Act.AUDIT}),
    Role.ADMINISTRATOR: frozenset({Act.ENTER, Act.PEOPLE, Act.SETTINGS, Act.PUBLISH, Act.AUDIT}),
}  # fmt: skip


def acts_of(roles: Iterable[str]) -> frozenset[Act]:
    """Everything that somebody with these roles may do."""
    return frozenset().union(*(MAY[Role(role)] for role in roles))
