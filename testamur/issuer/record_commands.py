"""``testamur list``, ``show``, ``render``, ``revoke``, ``suspend`` and ``reinstate``."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from testamur.console import counted, home_option, talk
from testamur.display import shown
from testamur.errors import OperatorError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from testamur.home import Home
    from testamur.store import Ledger, Record

_PAGE = 500
_SEVERAL = 20


@click.command("list")
@click.option("--batch", default="", help="Only this batch, named after its spreadsheet.")
@click.option(
    "--state",
    type=click.Choice(["valid", "suspended", "revoked", "replaced"]),
    default=None,
    help="Only records that stand so.",
)
@click.option("--search", "text", default="", help="Only records with this in name, award, number or id.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@home_option
def list_records(batch: str, state: str | None, text: str, as_json: bool, home: str | None) -> None:
    """List what was issued, the oldest first."""
    from testamur.home import Home

    school, count, after = Home.find(home), 0, 0
    with school.ledger() as ledger:
        while page := ledger.find(
            school.did, text=text, batch=batch, state=state or "", after=after, limit=_PAGE
        ):
            for record in page:
                click.echo(_json_line(record) if as_json else _line(record))
            count, after = count + len(page), page[-1].serial
    talk(counted(count, "record"))
    if count:
        _remind(school)


def _remind(school: Home) -> None:
    """Say when nothing was published yet, or so long ago that the lists will run out."""
    from testamur.publishing import GOOD_FOR, WARN_BEFORE

    published = school.published
    if published is None:
        talk("please look: nothing is published yet, so nobody can check these")
    elif datetime.now(UTC) - published > GOOD_FOR - WARN_BEFORE:
        until = published + GOOD_FOR
        talk(
            f"please look: last published on {published:%Y-%m-%d}; the lists are good until {until:%Y-%m-%d}"
        )
    else:
        return
    talk("hint: testamur publish FOLDER")


@click.command()
@click.argument("name", metavar="ID")
@click.option(
    "--json", "as_json", is_flag=True, help="The full signed form itself, exactly as it was issued."
)
@click.option("--paper", is_flag=True, help="The paper form itself, a vc+jwt token.")
@click.option(
    "--form", "form", default="", metavar="NAME", help="Another signed form itself, such as ecdsa-sd-2023."
)
@click.option("--qr", is_flag=True, help="The code, to be scanned off the screen.")
@home_option
def show(name: str, as_json: bool, paper: bool, form: str, qr: bool, home: str | None) -> None:
    """Show one record: what it says, how it stands and what happened to it. ID may be its number."""
    from testamur.home import Home
    from testamur.issuer.outputs import Outputs

    school = Home.find(home)
    with school.ledger() as ledger:
        record = find_record(school, ledger, name)
        history = ledger.history(record.id)
        code = Outputs(school, ledger).code(record) if qr else ""
    if as_json or paper or form:
        click.echo(_form(record, form or ("paper" if paper else "full")))
        return
    if qr:
        from testamur.render import qr_terminal

        click.echo(qr_terminal(code), nl=False)
        return
    for label, value in _described(record):
        click.echo(f"{label:<12}{shown(value)}")
    for event in history:
        change = "set" if event.value else "lifted"
        reason = f": {shown(event.reason)}" if event.reason else ""
        click.echo(f"{event.at:%Y-%m-%d}  {event.purpose} {change}{reason}")
    published = school.published
    if history and (published is None or history[-1].at >= published):
        talk("please look: this is not published yet, so others do not see it")
        talk("hint: testamur publish FOLDER")


@click.command()
@click.argument("name", metavar="ID")
@click.option(
    "--format", "kind", type=click.Choice(["pdf", "png", "svg", "qr"]), default="pdf", show_default=True
)
@click.option("--out", type=click.Path(path_type=Path), help="A file or folder [here; - for stdout].")
@home_option
def render(name: str, kind: str, out: Path | None, home: str | None) -> None:
    """Make the PDF, the baked PNG or SVG badge, or the QR code (SVG) of a record again."""
    from testamur.files import write_whole
    from testamur.home import Home
    from testamur.issuer.outputs import Outputs

    school = Home.find(home)
    with school.ledger() as ledger:
        record = find_record(school, ledger, name)
        outputs = Outputs(school, ledger)
        data = outputs.make(record, kind)
    if out == Path("-"):
        click.echo(data, nl=False)
        return
    name = outputs.names(record, [kind])[0]
    target = out / name if out and out.is_dir() else out or Path(name)
    write_whole(target, data)
    click.echo(str(target))


def _standing_command(
    name: str, purpose: str, value: bool, done: str, stood: str, help_text: str
) -> click.Command:
    """A command that sets or lifts a status: ``done`` says that it was, ``stood`` that it was so before."""
    needed = purpose == "revocation"

    @click.command(name, help=help_text)
    @click.argument("ids", metavar="ID...", nargs=-1, required=True)
    @click.option("--reason", default="", help="Why; kept in the ledger." + " Required." * needed)
    @home_option
    def command(ids: tuple[str, ...], reason: str, home: str | None) -> None:
        from testamur.home import Home
        from testamur.issuer.drafts.preparing import refuse_alone

        if needed and not reason.strip():
            raise OperatorError("why is not said", hint='give the reason: --reason "issued_in_error"')
        school = Home.find(home)
        with school.ledger() as ledger:
            if needed:
                refuse_alone(ledger, school.did, "revoke")
            records = [find_record(school, ledger, name) for name in ids]
            _all_have(records, purpose)
            changed = 0
            for record in records:
                at = datetime.now(UTC)
                new = ledger.set_status(record.id, purpose, value, reason=reason.strip(), at=at)
                click.echo(record.id)
                talk(f"{_who(record)} {done if new else f'{stood}; nothing was changed'}")
                changed += new
        if changed:
            talk("next: testamur publish FOLDER, so that others see it")

    return command


def _all_have(records: Sequence[Record], purpose: str) -> None:
    """Raise OperatorError, before anything is changed, where a record has no such entry."""
    for record in records:
        if all(slot.purpose != purpose for slot in record.slots):
            raise OperatorError(
                f"{record.id} was issued to be revoked only, not to be suspended",
                hint="records of a template with `suspendable = true` can be suspended",
            )


def _who(record: Record) -> str:
    name = record.holder_latin or record.holder
    return ", ".join(part for part in (name, record.number) if part) or record.id


revoke = _standing_command(
    "revoke",
    "revocation",
    True,
    "is revoked",
    "is revoked already",
    "Withdraw records for good. A reason that is one of issued_in_error, withdrawn, lapsed, holder_request is "
    "published beside the list; any other text stays in the ledger.",
)
suspend = _standing_command(
    "suspend",
    "suspension",
    True,
    "is suspended",
    "is suspended already",
    "Suspend records for a time; their template must say `suspendable = true`.",
)
reinstate = _standing_command(
    "reinstate", "suspension", False, "is reinstated", "was not suspended", "End the suspension of records."
)


def find_record(school: Home, ledger: Ledger, text: str) -> Record:
    """The record of this id, or the only one with this number or text; raises OperatorError otherwise."""
    if not text.strip():
        raise OperatorError("the id is empty", hint="`testamur list` shows the records")
    record = ledger.get(text) or ledger.get(f"urn:uuid:{text}")
    if record is not None and record.organisation == school.did:
        return record
    found = ledger.find(school.did, text=text, limit=_SEVERAL)
    exact = [item for item in found if item.number == text and item.state != "replaced"]
    if len(exact) == 1 or len(found) == 1:
        one = ledger.get((exact or found)[0].id)
        if one is not None:
            return one
    if found:
        raise OperatorError(
            f"{'many' if len(found) == _SEVERAL else len(found)} records have {text!r:.80} in them",
            hint=f"`testamur list --search {text!r}` shows their ids",
        )
    raise OperatorError(f"there is no record {text!r:.80} in the ledger", hint="`testamur list` shows them")


def _form(record: Record, name: str) -> str:
    form = record.form(name)
    if form is None:
        raise OperatorError(f"{record.id} has no {name} form")
    if not form.text:
        raise OperatorError(f"what {record.id} says was erased; its status and digests are kept")
    return form.text


def _line(record: Record) -> str:
    name = record.holder if not record.holder_latin else f"{record.holder} ({record.holder_latin})"
    return f"{record.id}  {record.issued_at:%Y-%m-%d}  {record.state:<9}  {shown(record.number):<12}  {shown(name)}"


def _json_line(record: Record) -> str:
    from testamur.jsontext import write_json

    return write_json(dict(_described(record)))


def _described(record: Record) -> list[tuple[str, str]]:
    rows = [
        ("id", record.id),
        ("state", record.state),
        ("holder", record.holder),
        ("latin", record.holder_latin),
        ("award", record.award),
        ("number", record.number),
        ("issued", f"{record.issued_at:%Y-%m-%dT%H:%M:%SZ}"),
        ("valid_from", f"{record.valid_from:%Y-%m-%dT%H:%M:%SZ}"),
        ("template", f"{record.template} {record.template_version}".strip()),
        ("batch", record.batch),
        ("key", record.row_key),
        ("replaced_by", record.replaced_by),
        ("status", ", ".join(f"{slot.purpose} {slot.list_number}#{slot.index}" for slot in record.slots)),
        ("forms", ", ".join(f"{form.name} ({form.format})" for form in record.forms)),
    ]
    return [(label, value) for label, value in rows if value]


COMMANDS = {
    "list": list_records,
    "show": show,
    "render": render,
    "revoke": revoke,
    "suspend": suspend,
    "reinstate": reinstate,
}
