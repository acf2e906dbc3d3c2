"""The answer: one headline, a verdict, and a sentence for each check."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from hashlib import sha256

from testamur.checks.answer import VERDICTS, Check, Headline, Outcome, Verdict, worst
from testamur.checks.holding import beside_lines, holding_lines, opening_of_record
from testamur.checks.policy import Policy
from testamur.credentials import Facts, facts
from testamur.display import one_line, shown
from testamur.jsontext import Json
from testamur.proofs import Signature
from testamur.trust import Vouch

_REQUIRED = ("form", "proof", "dates", "status", "issuer")
_REQUIRED_OF_PRESENTATIONS = ("form", "proof", "dates", "holder")
_DECIDED = frozenset((Outcome.PASSED, Outcome.FAILED, Outcome.ABSENT))
_MAY_BE_ABSENT = frozenset(("dates", "status", "holder"))

_OPENINGS = {
    Headline.GENUINE: "The issuer signed this, it stands, and the issuer is on your list",
    Headline.ISSUER_UNLISTED: "The signature holds, but nobody you trust vouches for the issuer",
    Headline.CANNOT_TELL: "This could not be decided",
    Headline.NOT_YET_VALID: "The issuer signed this, but it is not valid yet",
    Headline.EXPIRED: "The issuer signed this, but it has expired",
    Headline.SUSPENDED: "The issuer signed this and has suspended it",
    Headline.REVOKED: "The issuer signed this and has revoked it",
    Headline.REPLACED: "The issuer signed this and has replaced it by a corrected copy",
    Headline.NOT_GENUINE: "Do not rely on this: it is not what it claims to be",
}
_OF_ITS_RECORDS = "A presentation by its holder; the answer is that of the records in it"
_SHOWN = (
    ("Name", "holder"),
    ("", "holder_latin"),
    ("Award", "award"),
    ("Result", "result"),
    ("Date", "awarded"),
    ("Number", "number"),
)


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that was asked of one record or presentation, and what follows from it.

    ``doubts`` name what the document itself was not asked: two codes on a page that disagree, printed
    words that differ from the signed ones. A report with doubts is never accepted.
    """

    source: str
    format: str
    checks: tuple[Check, ...]
    claims: Json
    told: Facts | None = None  # its facts where the claims are not to be asked for them
    policy: Policy = field(default_factory=Policy)
    listed_as: str = ""  # the issuer's name as the trust list gives it
    vouch: Vouch | None = None  # who says so
    text: str = field(default="", repr=False)  # the secured text
    doubts: tuple[str, ...] = ()
    inner: tuple[Report, ...] = ()  # of a presentation or a learner record: what it holds
    is_presentation: bool = False
    may_lack: bool = False  # its holder may have left members out
    signatures: tuple[Signature, ...] = field(default=(), repr=False)  # in the order of the proofs
    author: str = ""  # who must have signed it, as the document or its certificates name them
    endorsements: tuple[Report, ...] = ()  # what third parties say of it; they change nothing of its answer
    is_said: bool = False  # by the issuer of the record that holds it, without a signature of its own

    @property
    def facts(self) -> Facts:
        """What the record says of its holder and award, read from the claims when it is asked for.

        Whoever only its certificates name as its issuer is named too.
        """
        if self.told is not None:
            return self.told
        told = facts(self.claims, may_lack=self.may_lack)
        return told if told.issuer else replace(told, issuer=self.author)

    @property
    def digest(self) -> str:
        """SHA-256 of the secured text, in hexadecimal digits."""
        return sha256(self.text.strip().encode("utf-8", "replace")).hexdigest()

    def check(self, name: str) -> Check | None:
        """The check of this name."""
        for check in self.checks:
            if check.name == name:
                return check
        return None

    def outcome(self, name: str) -> Outcome:
        """How the check of this name ended; one that is not here was skipped."""
        check = self.check(name)
        return check.outcome if check else Outcome.SKIPPED

    @property
    def headline(self) -> Headline:
        """The answer; no better than those of the credentials in it.

        What a record's own issuer says in it stands and falls with the record, and weighs nothing by itself.
        """
        own = self.own_headline
        inner = [report.headline for report in self.inner if not report.is_said]
        return worst((own, *inner)) if inner else own

    @property
    def own_headline(self) -> Headline:
        """The answer for the document itself, whatever it holds."""
        own = self._own_headline()
        return worst((own, Headline.CANNOT_TELL)) if self.doubts else own

    @property
    def verdict(self) -> Verdict:
        """Accepted, undecided or rejected."""
        return VERDICTS[self.headline][0]

    @property
    def exit_code(self) -> int:
        """What a program that checked only this record exits with."""
        return VERDICTS[self.headline][1]

    def __bool__(self) -> bool:
        """Whether the record is accepted."""
        return self.verdict is Verdict.ACCEPTED

    @property
    def is_proved(self) -> bool:
        """Whether the issuer's signature holds, so that the claims are the issuer's words."""
        return self.outcome("proof") is Outcome.PASSED

    def _own_headline(self) -> Headline:
        failed = [check for check in self.checks if check.outcome is Outcome.FAILED]
        passed = {check.name for check in self.checks if check.outcome is Outcome.PASSED}
        if not failed and passed.issuperset(self._required()):
            return Headline.GENUINE
        if any(check.headline is None for check in failed):
            return Headline.NOT_GENUINE
        if not all(self.outcome(name) in _DECIDED for name in ("form", "proof")):
            return Headline.CANNOT_TELL
        if failed:
            return worst(check.headline for check in failed if check.headline)
        unanswered = [name for name in self._required() if not self._is_answered(name)]
        issuer = self.check("issuer")
        if unanswered == ["issuer"] and issuer and issuer.headline is Headline.ISSUER_UNLISTED:
            return Headline.ISSUER_UNLISTED
        return Headline.CANNOT_TELL if unanswered else Headline.GENUINE

    def _required(self) -> tuple[str, ...]:
        """What must be answered; who holds a record matters to whoever asked for it to be shown."""
        schema = ("schema",) if self.policy.require_schema else ()
        if self.is_presentation:
            return _REQUIRED_OF_PRESENTATIONS + schema
        return _REQUIRED + schema + (("holder",) if self.policy.audience is not None else ())

    def _is_answered(self, name: str) -> bool:
        outcome = self.outcome(name)
        if outcome is Outcome.ABSENT and name in _MAY_BE_ABSENT:
            return not (name == "status" and self.policy.require_status)
        return outcome is Outcome.PASSED

    def to_json(self) -> Json:
        """The report as one object: what was found, every check, and the claims as they were read."""
        told = self.facts
        members: Json = {
            "source": self.source,
            "verdict": self.verdict.value,
            "headline": self.headline.value,
            "checks": [check.to_json() for check in self.checks],
            "credential": self.claims,
            "format": self.format,
            "facts": {field.name: getattr(told, field.name) for field in fields(told)},
        }
        optional: Json = {
            "said": self.is_said,
            "listed_as": self.listed_as,
            "doubts": list(self.doubts),
            "credentials": [report.to_json() for report in self.inner],
            "endorsements": [report.to_json() for report in self.endorsements],
        }
        return members | {name: value for name, value in optional.items() if value}

    def to_text(self) -> str:
        """The report for a person: the answer, what was signed, then a sentence for each check."""
        title = self.headline.value.replace("_", " ").upper()
        lines = [f"{title}  {shown(self.source)}", f"  {self._opening()}."]
        lines += [f"  Doubtful: {shown(doubt)}." for doubt in self.doubts]
        lines += ["", *self._facts_lines(), *self._check_lines()]
        lines += beside_lines(self)
        if self.inner and not self.is_presentation:
            return "\n".join([*lines, "", *holding_lines(self)])
        for report in self.inner:
            lines += ["", *("  " + line if line else "" for line in report.to_text().splitlines())]
        return "\n".join(lines)

    def _opening(self) -> str:
        if not self.inner:
            return _OPENINGS[self.headline]
        if self.is_presentation:
            is_own = self._own_headline() is self.headline and self.headline is not Headline.GENUINE
            return _OPENINGS[self.headline] if is_own else _OF_ITS_RECORDS
        return opening_of_record(self) or _OPENINGS[self.headline]

    def _facts_lines(self) -> list[str]:
        if self.is_presentation:
            return []
        told = self.facts
        rows = [(label, getattr(told, name)) for label, name in _SHOWN]
        lines = [f"  {label:<8}{one_line(value)}" for label, value in rows if value]
        lines.append(f"  {'Issuer':<8}{self._issuer_words(told)}")
        if self.is_proved:
            return [*lines, "  Compare with the paper and with the person's identity card.", ""]
        return ["  It claims the following, which nobody's signature confirms:", *lines, ""]

    def _issuer_words(self, told: Facts) -> str:
        if self.listed_as:
            return f"{one_line(self.listed_as)} ({one_line(told.issuer)})"
        claimed = f"claims to be {one_line(told.issuer_name)}, " if told.issuer_name else ""
        return f"{claimed}{one_line(told.issuer)}"

    def _check_lines(self) -> list[str]:
        return [f"  {check.outcome.value:<8}{check.name:<8}{shown(check.sentence)}." for check in self.checks]
