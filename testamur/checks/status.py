"""status: whether the issuer has revoked, suspended or replaced it since."""

from __future__ import annotations

from testamur.checks.answer import Check, Headline, Outcome
from testamur.checks.case import Case, objects
from testamur.checks.evidence import open_list, open_notice_list
from testamur.checks.status_words import not_looked_up, noted, standing, withdrawn
from testamur.credentials import STATUS_CLAIM, StatusEntry
from testamur.errors import Malformed, TestamurError, Undecided, Unsupported
from testamur.status import STATUS_METHODS, Notice, StatusValue, look_up
from testamur.words import joined, say

_MAX_ENTRIES = 8
_HEADLINES = {"revocation": Headline.REVOKED, "suspension": Headline.SUSPENDED}
_INFORMATIVE = frozenset(("message", "refresh"))
_CLAUSE = "BSL §3.2"


def check_status(case: Case) -> Check:
    """Look up every entry; the worst of what they say is the answer."""
    if case.document.is_presentation:
        sentence = say("A presentation has no status; each credential in it has its own")
        return Check("status", Outcome.ABSENT, sentence)
    entries = _entries(case)
    checks = [_check_entry(case, entry) for entry in entries]
    for outcome in (Outcome.FAILED, Outcome.UNKNOWN):
        if found := [check for check in checks if check.outcome is outcome]:
            return max(found, key=_gravity)
    if case.may_lack_members and not any(map(_tells_revocation, entries)):
        hidden = say("It shows no status, which its holder may have left out")
        return Check("status", Outcome.UNKNOWN, hidden, clause=_CLAUSE)
    if not entries:
        return Check("status", Outcome.ABSENT, say("It names no place where its status could be looked up"))
    if len(checks) == 1:
        return checks[0]
    sentences = {check.sentence: None for check in sorted(checks, key=lambda check: check.sentence)}
    oldest = min((check.as_of for check in checks if check.as_of), default=None)
    return Check("status", Outcome.PASSED, joined("; ", sentences), clause=_CLAUSE, as_of=oldest)


def _entries(case: Case) -> list[StatusEntry]:
    """The entries of ``credentialStatus``, and of a token's ``status`` claim (TSL §6.2)."""
    written = objects(case.claims, "credentialStatus")
    if len(written) > _MAX_ENTRIES:
        raise Malformed("credentialStatus", f"{len(written)} entries are more than {_MAX_ENTRIES}")
    claim = [StatusEntry.of_claim(case.claims["status"])] if "status" in case.claims else []
    return [*map(StatusEntry.parse, written), *claim]


def _tells_revocation(entry: StatusEntry) -> bool:
    """Whether an entry is of a list that tells what was revoked; that of a token tells everything (TSL §7.1)."""
    return entry.purpose == "revocation" or entry.type == STATUS_CLAIM


def _check_entry(case: Case, entry: StatusEntry) -> Check:
    if entry.type not in STATUS_METHODS:
        raise Unsupported(
            say("status entries of type {type} are not supported", type=f"{entry.type!r:.60}"),
            clause="VCDM §4.10",
        )
    try:
        value = look_up(entry, open_list(case, entry), case.at, credential_id=case.claims.get("id", ""))
    except Undecided as error:
        return Check(
            "status",
            Outcome.UNKNOWN,
            not_looked_up(error.message),
            problem=error.problem,
            clause=error.clause,
        )
    if entry.purpose in _INFORMATIVE:
        return _passed(noted(value.message), value)
    if not value.is_set:
        return _passed(standing(value.purpose, value.as_of), value)
    if value.purpose not in _HEADLINES:
        raise Unsupported(
            say(
                "its status says {purpose}, a purpose that is not known here",
                purpose=f"{value.purpose!r:.40}",
            ),
            clause=_CLAUSE,
        )
    return _set(case, entry, value)


def _set(case: Case, entry: StatusEntry, value: StatusValue) -> Check:
    notice = _notice(case, entry)
    why = notice.meaning.sentence if notice else value.message
    headline = _HEADLINES[value.purpose]
    if notice and notice.reason == "replaced" and headline is Headline.REVOKED:
        headline = Headline.REPLACED
    sentence = withdrawn(value.purpose, notice.at if notice else None, value.as_of, why)
    return Check("status", Outcome.FAILED, sentence, clause=_CLAUSE, headline=headline, as_of=value.as_of)


def _notice(case: Case, entry: StatusEntry) -> Notice | None:
    """Why the bit is set, where the issuer says; not knowing why changes nothing."""
    try:
        return open_notice_list(case, entry).notice(entry.index)
    except TestamurError:
        return None


def _gravity(check: Check) -> tuple[int, str]:
    """Entries are a set: which of two that speak against a record is told does not depend on their order."""
    return list(Headline).index(check.headline) if check.headline else -1, check.sentence


def _passed(sentence: str, value: StatusValue) -> Check:
    return Check("status", Outcome.PASSED, sentence, clause=_CLAUSE, as_of=value.as_of)
