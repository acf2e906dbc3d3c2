"""``testamur issue``: a spreadsheet becomes signed records, and files to hand out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from testamur.console import Progress, ask_passphrase, counted, home_option, passphrase_option, talk
from testamur.errors import OperatorError
from testamur.issuer.given_back import give_back, name_each, own_stem

if TYPE_CHECKING:
    from testamur.cohort import Cohort, Survey
    from testamur.credentials import Template
    from testamur.home import Home
    from testamur.issuer.outputs import Outputs
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


@click.command()
@click.argument("sheet", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--template", required=True, help="The template's name, or a path to its TOML file.")
@click.option(
    "--key", metavar="COLUMN", help="The column that names each row: issuing again issues nothing twice."
)
@click.option("--key-row", is_flag=True, help="No column names the rows; each whole row names itself.")
@click.option("--batch", help="What to call this batch [the sheet's name].")
@click.option("--dry-run", is_flag=True, help="Check every row and say what would happen; sign nothing.")
@click.option(
    "--changed", is_flag=True, help="Rows that changed since get a new record; the old one is replaced."
)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="The folder for the files.")
@click.option("--no-pdf", is_flag=True, help="Write the signed forms (JSON and JWT) in place of PDFs.")
@click.option(
    "--specimen", is_flag=True, help="Only show how a page would look: a PDF marked SPECIMEN, unsigned."
)
@click.option(
    "--write",
    "kinds",
    multiple=True,
    type=click.Choice(["pdf", "json", "jwt", "png", "svg", "qr"]),
    help="Which files to write; may be given again [pdf].",
)
@home_option
@passphrase_option
def issue(
    sheet: Path,
    template: str,
    key: str | None,
    key_row: bool,
    batch: str | None,
    dry_run: bool,
    changed: bool,
    out: Path | None,
    no_pdf: bool,
    specimen: bool,
    kinds: tuple[str, ...],
    home: str | None,
    passphrase_file: Path | None,
) -> int:
    """Issue a record for each row of SHEET (CSV or XLSX).

    All rows are checked before any is signed. Errors are named by row and column, and the sheet is
    given back with a column “error”. Running the same command again issues nothing twice.
    """
    from testamur.home import Home
    from testamur.issuer.template_commands import load_template

    if (key is None) == (not key_row):
        raise click.UsageError("say what names a row: --key COLUMN, or --key-row")
    if not (dry_run or specimen or out):
        raise click.UsageError("say where the files go: --out FOLDER (or try --dry-run first)")
    school = Home.find(home)
    found = load_template(school, template)
    wanted = kinds or (("json", "jwt") if no_pdf else ("pdf",))
    order = Order(sheet, Path(template).stem, key, batch or own_stem(sheet), changed, out, wanted)
    checked = _checked(order, found)
    if checked is None:
        return 1
    if specimen:
        return _specimen(school, found, checked, order)
    with school.ledger() as ledger:
        return _issue(school, ledger, found, checked, order, passphrase_file, dry_run=dry_run)


def _checked(order: Order, template: Template) -> Checked | None:
    """The sheet with every row checked; None where it has errors, which are then named and given back."""
    from testamur.rows import check_rows
    from testamur.spreadsheets import read_rows

    checked = check_rows(read_rows(order.sheet), template, key=order.key)
    name_each([str(problem) for problem in checked.warnings], "please look")
    if not checked.errors:
        return checked
    name_each([str(problem) for problem in checked.errors], "error")
    give_back(checked, order.sheet, order.template)
    talk(f"nothing was issued: {counted(len(checked.errors), 'error')}")
    return None


def _issue(
    school: Home,
    ledger: Ledger,
    template: Template,
    checked: Checked,
    order: Order,
    passphrase_file: Path | None,
    *,
    dry_run: bool,
) -> int:
    from testamur.cohort import Cohort, survey
    from testamur.issuer.outputs import Outputs

    cohort = Cohort(
        rows=checked,
        template=template,
        template_name=order.template,
        batch=order.batch,
        at=datetime.now(UTC),
        issuer_name=school.name,
        issuer_url=school.url,
    )
    issuer = _issuer(school, ledger, passphrase_file, dry_run=dry_run)
    bar = Progress("checking")
    found = survey(cohort, issuer, progress=bar)
    bar.finish()
    if not _go_on(found, order, checked):
        return 1
    if dry_run:
        talk("a dry run: nothing was signed")
        talk("next: the same with --out FOLDER in place of --dry-run")
        return 0
    if not checked.count:
        return 0
    if order.out:
        order.out.mkdir(parents=True, exist_ok=True)  # before anything is signed
    outputs = Outputs(school, ledger)
    outputs.keep_crest(template.look, template.crest)
    if found.new or found.changed:
        _sign(cohort, issuer, order)
    code = _write(cohort, issuer, outputs, order)
    _name_replaced(found, ledger, outputs, order)
    return code


def _issuer(school: Home, ledger: Ledger, passphrase_file: Path | None, *, dry_run: bool) -> Issuer:
    """The issuer with the school's key, which a dry run does not open."""
    from testamur.issuer.signing import LockedSigner, active_key
    from testamur.issuing import Issuer

    entry = active_key(school, ledger, "assertion")
    signer = (
        LockedSigner(school.did, entry) if dry_run else school.signer(entry, ask_passphrase(passphrase_file))
    )
    return Issuer(signer, ledger, school.did, school.status_url)


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


def _sign(cohort: Cohort, issuer: Issuer, order: Order) -> None:
    from testamur.cohort import issue_cohort

    bar = Progress("signing")
    done = issue_cohort(cohort, issuer, changed=order.changed, progress=bar)
    bar.finish()
    replaced = f", {done.replaced:,} in place of older ones" if done.replaced else ""
    talk(f"{counted(done.new, 'record')} signed and kept{replaced}; the batch is called {order.batch}")


def _write(cohort: Cohort, issuer: Issuer, outputs: Outputs, order: Order) -> int:
    from testamur.cohort import records_of, write_folder

    if order.out is None:
        return 0
    bar = Progress("writing")
    written = write_folder(
        records_of(cohort, issuer),
        order.out,
        names=lambda record: outputs.names(record, order.kinds),
        make=lambda record: outputs.files(record, order.kinds),
        total=cohort.rows.count,
        progress=bar,
    )
    bar.finish()
    click.echo(str(order.out))
    present = f"; those of {written.present:,} were there already" if written.present else ""
    talk(f"the files of {counted(written.made, 'record')} written{present}")
    talk("next: testamur publish FOLDER, so that everyone can check them")
    return 0


def _name_replaced(found: Survey, ledger: Ledger, outputs: Outputs, order: Order) -> None:
    """Name the files of copies that were just replaced, so that nobody hands them out."""
    from testamur.issuer.outputs import KINDS

    old = [one.known.record_id for one in found.changed_rows if one.known]
    if order.out is None or not old:
        return
    names = [name for record in ledger.get_many(old) for name in outputs.names(record, KINDS)]
    name_each(
        [str(order.out / name) for name in names if (order.out / name).exists()], "replaced, do not hand out"
    )


def _specimen(school: Home, template: Template, checked: Checked, order: Order) -> int:
    from testamur.files import write_whole
    from testamur.issuer.specimen import specimen_pdf

    row = next(checked.rows(), None)
    if row is None:
        raise OperatorError(f"{order.sheet} has no rows")
    target = (order.out or Path()) / f"specimen-{order.template}.pdf"
    write_whole(target, specimen_pdf(school, template, row, at=datetime.now(UTC)))
    click.echo(str(target))
    talk("a specimen: unsigned, not in the ledger, and marked as such")
    return 0


COMMANDS = {"issue": issue}
