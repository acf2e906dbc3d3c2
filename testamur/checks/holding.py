"""How a learner record of many credentials is told in few lines: what does not stand comes first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from testamur.checks.answer import Headline
from testamur.checks.held import BLOCKING
from testamur.credentials import attached, comment_of
from testamur.display import one_line, shown

if TYPE_CHECKING:
    from testamur.checks.report import Report

_SAID = "said in it by its issuer"


def opening_of_record(record: Report) -> str:
    """The sentence for a record that stands while something in it does not; "" for any other."""
    own = record.own_headline
    if own is record.headline or own not in (Headline.GENUINE, Headline.ISSUER_UNLISTED):
        return ""
    fallen = [report for report in record.inner if not report and not report.is_said]
    itself = (
        "is genuine" if own is Headline.GENUINE else "is signed by an issuer nobody you trust vouches for"
    )
    of = f"{len(fallen)} of the {len(record.inner)} credentials in it"
    return f"The record itself {itself}, but {of} cannot be relied on: {_counted(fallen)}"


def holding_lines(record: Report) -> list[str]:
    """What a record holds, a line each; why, for those that are not accepted."""
    apart = [report for report in record.inner if not report.is_said]
    said = [report for report in record.inner if report.is_said]
    parts = [_counted(apart)] if apart else []
    parts += [f"{len(said)} {_SAID}"] if said else []
    count = len(record.inner)
    said_in_short = record.claims.get("description")
    if len(record.inner) == 1 and isinstance(said_in_short, str):  # an extract for paper
        return [f"  It sums up its courses: {one_line(said_in_short)}.", ""]
    lines = [f"  It holds {count} {'credential' if count == 1 else 'credentials'}: {', '.join(parts)}."]
    for report in sorted(record.inner, key=_rank):
        lines += [f"  {_label(report, record):<16}{_line(report)}", *_reasons(report)]
    return lines


def beside_lines(record: Report) -> list[str]:
    """What stands beside the claims of a record: endorsements, each with its own answer, evidence and terms."""
    lines: list[str] = []
    for report in record.endorsements:
        headline = report.headline.value.replace("_", " ")
        by = one_line(report.listed_as or report.facts.issuer or "somebody who is not named")
        lines.append(f"  Endorsed by {by}: {headline if report else headline.upper()}")
        if report.is_proved and (comment := comment_of(report.claims)):
            lines.append(f"          {one_line(comment)}")
    if record.is_proved:
        lines += [f"  {label}: {one_line(words)}" for label, words in attached(record.claims)]
    return ["", *lines] if lines else []


def _rank(report: Report) -> tuple[int, int]:
    return int(report.is_said), -list(Headline).index(report.headline)


def _label(report: Report, record: Report) -> str:
    """The headline; what is only said and fares as the record does shares that of the record."""
    if report.is_said and report.headline is record.own_headline:
        return "said"
    name = report.headline.value.replace("_", " ")
    return name if report else name.upper()


def _line(report: Report) -> str:
    facts = report.facts
    day = facts.awarded if not report.is_said or "awardedDate" in report.claims else ""
    told = [facts.result, f"{facts.credits} credits" if facts.credits else "", day]
    what = ", ".join(one_line(text) for text in told if text)
    name = one_line(facts.award or facts.id or "unnamed")
    by = "" if report.is_said else f" ({one_line(report.listed_as or facts.issuer_name or facts.issuer)})"
    return f"{name}: {what}{by}" if what else f"{name}{by}"


def _reasons(report: Report) -> list[str]:
    """Why a credential of a record is not accepted; what is only said shares the reasons of the record."""
    if report:
        return []
    inherited = ["form", "proof", "issuer"] if report.is_said else []
    if report.is_said and not report.may_lack and "credentialStatus" not in report.claims:
        inherited.append("status")
    blocking = [
        check.sentence for check in report.checks if check.outcome in BLOCKING and check.name not in inherited
    ]
    return [f"  {'':<16}{shown(reason)}." for reason in (*report.doubts, *blocking)]


def _counted(reports: Sequence[Report]) -> str:
    counts = Counter(report.headline.value.replace("_", " ") for report in reports).most_common()
    return ", ".join(f"{count} {headline}" for headline, count in counts)
