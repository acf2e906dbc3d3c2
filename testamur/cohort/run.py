"""A cohort issued: shard by shard, each in one transaction, and never a row twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from testamur.cohort.meter import Meter, Progress
from testamur.cohort.plan import Cohort, Decided, Decision, decide, filled, row_digest, shards
from testamur.errors import OperatorError
from testamur.issuing import BATCH, Draft, Issuer
from testamur.store import Record

_NAMED = 20


@dataclass(frozen=True, slots=True)
class Issued:
    """How many records a run made, how many of these replace an older one, and how many rows had one."""

    new: int
    replaced: int
    known: int


def issue_cohort(
    cohort: Cohort,
    issuer: Issuer,
    *,
    changed: bool = False,
    shard_rows: int = BATCH,
    progress: Progress | None = None,
) -> Issued:
    """Issue what has no record yet; a run that was killed is finished by running it again.

    A changed row is refused unless ``changed`` is set: then it gets a new record, and the old one is
    revoked as replaced in the same transaction.
    """
    look = cohort.template.look
    look_digest = look.digest
    issuer.ledger.keep_look(issuer.organisation, look_digest, look.text)
    new = replaced = known = 0
    meter = Meter(cohort.rows.count, progress)
    for rows in shards(cohort.rows.rows(), shard_rows):
        decided = decide(cohort, issuer, rows)
        _refuse_changes(decided, allowed=changed)
        drafts = [
            _draft(cohort, issuer, one, look_digest) for one in decided if one.decision is not Decision.KNOWN
        ]
        if drafts:
            issuer.issue_batch(drafts)
        new += len(drafts)
        replaced += sum(bool(draft.replaces) for draft in drafts)
        known += len(rows) - len(drafts)
        meter.add(len(rows))
    return Issued(new, replaced, known)


def records_of(cohort: Cohort, issuer: Issuer) -> Iterator[Record]:
    """The live record of each row, with its forms, in the order of the sheet."""
    for rows in shards(cohort.rows.rows()):
        keys = [row.key for row in rows]
        known = issuer.ledger.rows(issuer.organisation, cohort.template_name, keys)
        yield from issuer.ledger.get_many([known[key].record_id for key in keys if key in known])


def _refuse_changes(decided: Sequence[Decided], *, allowed: bool) -> None:
    lines = [one.row.line for one in decided if one.decision is Decision.CHANGED]
    if lines and not allowed:
        named = ", ".join(map(str, lines[:_NAMED])) + (", …" if len(lines) > _NAMED else "")
        raise OperatorError(
            f"issued before and changed since: row {named}",
            hint="with --changed a new record is made and the old one is revoked as replaced",
        )


def _draft(cohort: Cohort, issuer: Issuer, decided: Decided, look: str) -> Draft:
    row, _, known = decided
    document = filled(cohort, issuer, row)
    if isinstance(document, list):
        raise document[0]
    return Draft(
        document=document,
        at=cohort.at,
        paper=cohort.template.paper_document,
        template=cohort.template_name,
        template_version=str(cohort.template.version),
        row_key=row.key,
        row_digest=row_digest(row),
        batch=cohort.batch,
        look=look,
        suspendable=cohort.template.suspendable,
        replaces=known.record_id if known else "",
    )
