"""The roles in words."""

from __future__ import annotations

from collections.abc import Mapping

from testamur.issuer.desk.permissions import Role
from testamur.words import Sentence, say

NAMES: Mapping[Role, Sentence] = {
    Role.CLERK: say("Clerk"),
    Role.REGISTRAR: say("Registrar"),
    Role.AUDITOR: say("Auditor"),
    Role.ADMINISTRATOR: say("Administrator"),
}
ABOUT: Mapping[Role, Sentence] = {
    Role.CLERK: say("prepares sheets and corrections, hands out files"),
    Role.REGISTRAR: say("approves and signs, withdraws, keeps the templates, publishes"),
    Role.AUDITOR: say("reads everything and changes nothing"),
    Role.ADMINISTRATOR: say("invites people, gives roles, decides the settings; sees no records by that"),
}
