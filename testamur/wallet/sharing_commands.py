"""``testamur wallet share|history``: what is handed out, and who has what."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from testamur.console import talk
from testamur.display import one_line, shown_json
from testamur.errors import OperatorError
from testamur.wallet.options import FILE, wallet_at, wallet_option

if TYPE_CHECKING:
    from testamur.wallet.choosing import Preview
    from testamur.wallet.sharing import Shared


@click.command()
@click.argument("record", metavar="RECORD")
@click.option(
    "--as",
    "way",
    type=click.Choice(("file", "qr", "film", "pdf")),
    default="file",
    help="A file, a code on the screen (or a picture), a film of codes (GIF), or a page.",
)
@click.option(
    "--show", "names", multiple=True, metavar="NAME", help="Show only this beside what is always shown."
)
@click.option("--preview", "only_preview", is_flag=True, help="Only tell what would be shown.")
@click.option("--to", "who", default="", help="Who gets it, for your history.")
@click.option("--why", default="", help="What for, for your history.")
@click.option("--out", type=FILE, help="Where it goes [its own name in this folder; qr: the screen].")
@wallet_option
def share(
    record: str,
    way: str,
    names: tuple[str, ...],
    only_preview: bool,
    who: str,
    why: str,
    out: Path | None,
    place: Path | None,
    passphrase_file: Path | None,
) -> None:
    """Hand out a record, or the parts of it that you choose."""
    from testamur.wallet.records import find_record
    from testamur.wallet.sharing import chosen
    from testamur.wallet.sharing import share as make

    wallet = wallet_at(place, passphrase_file).open()
    held = find_record(wallet.contents, record)
    if only_preview:
        tell_preview(chosen(held, list(names) or None))
        return
    made = make(wallet.contents, held, way, names=list(names) or None, to=who, why=why, at=datetime.now(UTC))
    _check_place(made, way, out)
    wallet.keep(made.contents)  # the history first: what was handed out is never unknown
    _hand_out(made, way, out)
    tell_preview(made.preview)


def tell_preview(preview: Preview) -> None:
    """Say exactly what the other side sees, and what stays."""
    for line in preview.lines:
        talk(f"{'shows' if line.is_shown else 'keeps':<6} {one_line(line.name):<20} {one_line(line.value)}")


def _check_place(made: Shared, way: str, out: Path | None) -> None:
    if way == "qr" and len(made.codes) > 1 and out is None:
        raise OperatorError(
            "it is too long for one code", hint="--as film --out FILE.gif makes a film of codes"
        )
    if out is None and way == "film":
        raise OperatorError("a film of codes is a file", hint="--out FILE.gif")


def _hand_out(made: Shared, way: str, out: Path | None) -> None:
    from testamur.files import write_whole

    for file in made.files:
        target = out or Path(file.name)
        write_whole(target, file.data)
        click.echo(str(target))
    if not made.codes:
        return
    data = _picture(made.codes, out)
    if out is None:
        click.echo(data.decode())
    else:
        write_whole(out, data)
        click.echo(str(out))


def _picture(codes: tuple[str, ...], out: Path | None) -> bytes:
    from testamur.render import film_gif, make_qr, qr_terminal

    if out is None:
        return qr_terminal(codes[0]).encode()
    if len(codes) > 1:
        return film_gif(codes)
    return make_qr(codes[0]).svg().encode() if out.suffix == ".svg" else make_qr(codes[0]).png()


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each event, a line each.")
@wallet_option
def history(as_json: bool, place: Path | None, passphrase_file: Path | None) -> None:
    """Tell what happened: who gave or got what, when, why and under which terms."""
    from dataclasses import asdict

    from testamur.jsontext import write_json

    for event in wallet_at(place, passphrase_file).open().contents.history:
        if as_json:
            click.echo(shown_json(write_json(asdict(event))))
            continue
        names = event.more.get("names")
        parts = [event.act, ", ".join(map(str, names)) if isinstance(names, list) else ""]
        parts += [f"by or to {event.who}" if event.who else "", event.why, event.terms]
        click.echo(f"{event.at[:10]}  {one_line('; '.join(part for part in parts if part))}")
        if event.shown and event.act in ("shared", "presented"):
            click.echo(f"            shown: {one_line(', '.join(event.shown))}")


COMMANDS: dict[str, click.Command] = {"share": share, "history": history}
