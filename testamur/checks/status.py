"""status: whether the issuer has revoked, suspended or replaced it since."""

from __future__ import annotations

from testamur.checks.answer import Check, Headline, Outcome
from testamur.checks.case import Case, objects
from testamur.checks.evidence import open_list, open_notice_list
from testamur.credentials import StatusEntry
from testamur.errors import Malformed, TestamurError, Undecided, Unsupported
from testamur.status import STATUS_METHODS, Notice, StatusValue, look_up

_MAX_ENTRIES = 8
_HEADLINES = {"revocation": Headline.REVOKED, "suspension": Headline.SUSPENDED}
_WORDS = {"revocation": "revoked", "suspension": "suspended"}
_INFORMATIVE = frozenset(("message", "refresh"))
_CLAUSE = "BSL §3.2"


def check_status(case: Case) -> Check:
    """Look up every entry; the worst of what they say is the answer."""
    if case.document.is_presentation:
        return Check(
            "status", Outcome.ABSENT, "A presentation has no status; each credential in it has its own"
        )
    entries = _entries(case)
    if not entries:
        return Check("status", Outcome.ABSENT, "It names no place where its status could be looked up")
    checks = [_check_entry(case, entry) for entry in entries]
    for outcome in (Outcome.FAILED, Outcome.UNKNOWN):
        if found := [check for check in checks if check.outcome is outcome]:
            return max(found, key=_gravity)
    sentences = sorted({check.sentence for check in checks})
    return Check("status", Outcome.PASSED, "; ".join(sentences), clause=_CLAUSE)


def _entries(case: Case) -> list[StatusEntry]:
    """The entries of ``credentialStatus``, and of a token's ``status`` claim (TSL §6.2)."""
    written = objects(case.claims, "credentialStatus")
    if len(written) > _MAX_ENTRIES:
        raise Malformed("credentialStatus", f"{len(written)} entries are more than {_MAX_ENTRIES}")
    claim = [StatusEntry.of_claim(case.claims["status"])] if "status" in case.claims else []
    return [*map(StatusEntry.parse, written), *claim]


def _check_entry(case: Case, entry: StatusEntry) -> Check:
    if entry.type not in STATUS_METHODS:
        raise Unsupported(f"status entries of type {entry.type!r:.60} are not supported", clause="VCDM §4.10")
    try:
        value = look_up(entry, open_list(case, entry), case.at, credential_id=case.claims.get("id", ""))
    except Undecided as error:
        return Check("status", Outcome.UNKNOWN, _sentence(error), problem=error.problem, clause=error.clause)
    day = f" as of {value.as_of:%Y-%m-%d}" if value.as_of else ""
    if entry.purpose in _INFORMATIVE:
        return _passed(
            f"The issuer notes: {value.message}" if value.message else "Nothing is noted against it"
        )
    if not value.is_set:
        return _passed(f"Not {_WORDS.get(value.purpose, value.purpose)}{day}")
    if value.purpose not in _HEADLINES:
        raise Unsupported(
            f"its status says {value.purpose!r:.40}, a purpose that is not known here", clause=_CLAUSE
        )
    return _set(case, entry, value, day)


def _set(case: Case, entry: StatusEntry, value: StatusValue, day: str) -> Check:
    notice = _notice(case, entry)
    why = f": {notice.meaning.sentence}" if notice else f": {value.message}" if value.message else ""
    since = f" on {notice.at:%Y-%m-%d}" if notice else day
    headline = _HEADLINES[value.purpose]
    if notice and notice.reason == "replaced" and headline is Headline.REVOKED:
        headline = Headline.REPLACED
    sentence = f"The issuer {_WORDS[value.purpose]} it{since}{why}"
    return Check("status", Outcome.FAILED, sentence, clause=_CLAUSE, headline=headline)


def _notice(case: Case, entry: StatusEntry) -> Notice | None:
    """Why the bit is set, where the issuer says; not knowing why changes nothing."""
    try:
        return open_notice_list(case, entry).notice(entry.index)
    except TestamurError:
        return None


def _gravity(check: Check) -> tuple[int, str]:
    """Entries are a set: which of two that speak against a record is told does not depend on their order."""
    return list(Headline).index(check.headline) if check.headline else -1, check.sentence


def _passed(sentence: str) -> Check:
    return Check("status", Outcome.PASSED, sentence, clause=_CLAUSE)


def _sentence(error: TestamurError) -> str:
    return f"Its status could not be looked up: {error}"
