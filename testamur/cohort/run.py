"""A cohort issued: cut into numbered shards, each in one transaction, on every core, and never a row twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from hashlib import sha256
from typing import Any

from testamur.cohort.meter import Meter, Progress
from testamur.cohort.plan import Cohort, OpenIssuer
from testamur.cohort.shard import SHARD_ROWS, Issued, ShardWork
from testamur.encoding import encode_base64url
from testamur.issuing import Issuer
from testamur.pool import spread
from testamur.store import DONE, Ledger, Record


def issue_cohort(
    cohort: Cohort,
    issuer: Issuer,
    *,
    changed: bool = False,
    shard_rows: int = SHARD_ROWS,
    progress: Progress | None = None,
    jobs: int = 1,
    open_issuer: OpenIssuer | None = None,
) -> Issued:
    """Issue what has no record yet; a run that was killed is finished by running it again.

    A changed row is refused unless ``changed`` is set: then it gets a new record, and the old one is
    revoked as replaced in the same transaction. More ``jobs`` than one need ``open_issuer``.
    """
    fresh = not issuer.ledger.knows_rows(issuer.organisation, cohort.template_name)
    keep_look(cohort, issuer)
    plan = plan_cohort(cohort, issuer, shard_rows, anew=changed)
    done = {shard.number: shard.rows for shard in issuer.ledger.shards(plan) if shard.state == DONE}
    issued = Issued(known=sum(done.values()))
    meter = Meter(cohort.rows.count, progress, done=issued.known)
    open_shards = (
        shard for shard in enumerate(cohort.rows.portions(shard_rows)) if shard[0] not in done
    )  # fmt: skip
    if jobs > 1 and open_issuer and cohort.rows.count - issued.known > shard_rows:
        light = replace(cohort, rows=cohort.rows.light())
        work: Callable[[], Callable[[tuple[int, Any]], Issued]] = partial(
            _working, light, open_issuer, plan, changed, fresh
        )
    else:
        jobs, work = 1, lambda: ShardWork(cohort, issuer, plan=plan, changed=changed, fresh=fresh)
    for one in spread(work, open_shards, jobs=jobs):
        issued += one
        meter.add(one.new + one.known)
    return issued


def plan_cohort(cohort: Cohort, issuer: Issuer, shard_rows: int, *, anew: bool, task: str = "") -> int:
    """The plan of these rows in the ledger: the same sheet cut the same way has the same plan."""
    digest = plan_digest(cohort.rows.digest, cohort.template_name, shard_rows)
    sizes = [min(shard_rows, cohort.rows.count - at) for at in range(0, cohort.rows.count, shard_rows)]
    return issuer.ledger.plan(issuer.organisation, cohort.batch, digest, sizes, task=task, anew=anew)


def plan_digest(sheet: bytes, template_name: str, shard_rows: int) -> str:
    """What names the plan of a sheet for a template, cut into shards of this size."""
    parts = (sheet.hex(), template_name, str(shard_rows))
    return encode_base64url(sha256("\n".join(parts).encode()).digest())


def keep_look(cohort: Cohort, issuer: Issuer) -> None:
    """Keep how the pages of a cohort look, before records name it."""
    look = cohort.template.look
    issuer.ledger.keep_look(issuer.organisation, look.digest, look.text)


def records_of(cohort: Cohort, issuer: Issuer) -> Iterator[Record]:
    """The live record of each row, with its forms, in the order of the sheet."""
    for portion in cohort.rows.portions(SHARD_ROWS):
        yield from records_in(cohort, issuer.ledger, issuer.organisation, portion)


def records_in(cohort: Cohort, ledger: Ledger, organisation: str, portion: Any) -> Sequence[Record]:
    """The live record of each row of a portion, with its forms."""
    keys = [row.key for row in cohort.rows.read(portion)]
    known = ledger.rows(organisation, cohort.template_name, keys)
    return ledger.get_many([known[key].record_id for key in keys if key in known])


def _working(cohort: Cohort, open_issuer: OpenIssuer, plan: int, changed: bool, fresh: bool) -> ShardWork:
    return ShardWork(cohort, open_issuer(), plan=plan, changed=changed, fresh=fresh)
