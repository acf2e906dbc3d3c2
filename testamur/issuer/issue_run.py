"""An order to issue, carried out: what is there is surveyed, what is missing is signed, the files are made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from testamur.cohort import SHARD_ROWS, Cohort, Survey, issue_cohort, survey
from testamur.console import Progress, ask_passphrase, counted, talk
from testamur.errors import OperatorError
from testamur.forming import FURTHER_FORMS
from testamur.issuer.delivery import Delivery
from testamur.issuer.drafts.preparing import refuse_alone
from testamur.issuer.given_back import name_each
from testamur.issuer.outputs import KINDS, Outputs
from testamur.issuer.signing import IssuerOpener

if TYPE_CHECKING:
    from testamur.credentials import Template
    from testamur.home import Home
    from testamur.issuing import Issuer
    from testamur.rows import Checked
    from testamur.store import Ledger


@dataclass(frozen=True, slots=True)
class Order:
    """What the registrar asked for."""

    sheet: Path
    template: str
    key: str | None
    batch: str
    changed: bool
    out: Path | None
    kinds: tuple[str, ...]
    jobs: int
    queue: bool
    dry_run: bool
    forms: tuple[str, ...] = ()  # beside those of the template

    @property
    def name(self) -> str:
        """The template's name in the ledger."""
        return Path(self.template).stem


def run_order(
    school: Home, template: Template, checked: Checked, order: Order, passphrase_file: Path | None
) -> int:
    """Carry out an order whose rows are free of errors; gives the exit code."""
    cohort = Cohort(
        rows=checked,
        template=template,
        template_name=order.name,
        batch=order.batch,
        at=datetime.now(UTC),
        issuer_name=school.name,
        issuer_url=school.url,
    )
    with school.ledger() as ledger:
        if not order.dry_run:
            for kind in ("issue", "correct")[: 1 + order.changed]:
                refuse_alone(ledger, school.did, kind)
        locked = IssuerOpener.of(school, ledger, template, forms=order.forms)
        keyless = order.dry_run or order.queue  # the workers have the key
        opener = locked if keyless else locked.asking(ask_passphrase(passphrase_file))
        issuer = opener.open(ledger)
        found = _survey(locked, issuer, cohort, order)
        if not _go_on(found, order, checked):
            return 1
        if order.dry_run:
            talk("a dry run: nothing was signed")
            talk("next: the same with --out FOLDER in place of --dry-run")
        if order.dry_run or not checked.count:
            return 0
        delivery = Delivery(school, order.out, (*order.kinds, *locked.forms)) if order.out else None
        if delivery:
            delivery.prepare()  # before anything is signed
        outputs = Outputs(school, ledger)
        outputs.keep_crest(template.look, template.crest)
        if found.new or found.changed:
            if order.queue:
                _sign_elsewhere(school, issuer, cohort, checked, found, order)
            else:
                _sign(opener, issuer, cohort, order)
        if delivery:
            _deliver(delivery, cohort, ledger, order)
            _name_replaced(found, ledger, outputs, delivery)
        else:
            talk("no files were made; the same command with --out FOLDER in place of --no-files makes them")
    return 0


def _survey(locked: IssuerOpener, issuer: Issuer, cohort: Cohort, order: Order) -> Survey:
    """What the rows need; other processes need no key for it."""
    bar = Progress("checking")
    jobs = order.jobs if cohort.rows.count > SHARD_ROWS else 1
    found = survey(cohort, issuer, progress=bar, jobs=jobs, open_issuer=locked)
    bar.finish()
    return found


def _go_on(found: Survey, order: Order, checked: Checked) -> bool:
    """Say what will happen; False where something has to be put right first."""
    name_each([str(problem) for problem in found.problems], "error")
    rows = [
        f"row {one.row.line}: {one.row.key} was issued before and says something else now"
        for one in found.changed_rows
    ]
    name_each(rows, "changed")
    parts = (
        (found.new, "to issue"),
        (found.known, "issued before"),
        (found.changed, "issued before and changed since"),
    )
    said = [f"{number:,} {words}" for number, words in parts if number]
    talk(f"{counted(checked.count, 'row')}: {', '.join(said) or 'nothing to issue'}")
    if found.changed and not order.changed:
        talk("hint: with --changed the new copy is issued and the old one revoked as replaced")
        return False
    return not found.problems


def _sign(opener: IssuerOpener, issuer: Issuer, cohort: Cohort, order: Order) -> None:
    bar = Progress("signing")
    done = issue_cohort(
        cohort, issuer, changed=order.changed, progress=bar, jobs=order.jobs, open_issuer=opener
    )
    bar.finish()
    replaced = f", {done.replaced:,} in place of older ones" if done.replaced else ""
    talk(f"{counted(done.new, 'record')} signed and kept{replaced}; the batch is called {order.batch}")


def _sign_elsewhere(
    school: Home, issuer: Issuer, cohort: Cohort, checked: Checked, found: Survey, order: Order
) -> None:
    """Hand the rows to workers and wait until they are signed."""
    from testamur.cohort.handing import issue_elsewhere
    from testamur.cohort.task import Task
    from testamur.credentials import Template
    from testamur.issuer.template_commands import template_path

    text = template_path(school, order.template).read_text("utf-8")
    if Template.again(text, cohort.template.crest) != cohort.template:
        raise OperatorError("the template was changed just now", hint="run the same command again")
    task = Task.of(cohort, checked.reading, text, school.status_url, changed=order.changed, forms=order.forms)
    bar = Progress("signing")
    issue_elsewhere(cohort, issuer, task, progress=bar, say=talk)
    bar.finish()
    replaced = f", {found.changed:,} in place of older ones" if found.changed else ""
    signed = counted(found.new + found.changed, "record")
    talk(f"{signed} signed and kept{replaced}; the batch is called {order.batch}")


def _deliver(delivery: Delivery, cohort: Cohort, ledger: Ledger, order: Order) -> None:
    bar = Progress("writing")
    written = delivery.deliver(cohort, ledger, jobs=order.jobs, progress=bar)
    bar.finish()
    click.echo(str(delivery.out))
    present = f"; those of {written.present:,} were there already" if written.present else ""
    talk(f"the files of {counted(written.made, 'record')} written{present}")
    talk("next: testamur publish FOLDER, so that everyone can check them")


def _name_replaced(found: Survey, ledger: Ledger, outputs: Outputs, delivery: Delivery) -> None:
    """Name the files of copies that were just replaced, so that nobody hands them out."""
    old = [one.known.record_id for one in found.changed_rows if one.known]
    if not delivery.is_folder or not old:
        return
    places = [
        folder / name
        for record in ledger.get_many(old)
        for name in outputs.names(record, (*KINDS, *FURTHER_FORMS))
        for folder in (delivery.out, delivery.out / record.id[-2:])
    ]
    name_each([str(place) for place in places if place.exists()], "replaced, do not hand out")
