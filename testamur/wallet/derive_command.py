"""``testamur derive``: a copy of a record that shows what its holder chooses, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from testamur.console import talk
from testamur.display import shown
from testamur.errors import OperatorError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from testamur.credentials import Disclosure

_MAX_FILE = 2_000_000
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("record", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--show",
    "asked",
    multiple=True,
    metavar="NAME",
    help='What the copy shows beside what it must: a name ("grade", "birth date") or a JSON pointer '
    "(/credentialSubject/result/0). May be given again.",
)
@click.option(
    "--all", "everything", is_flag=True, help="Show everything; the copy can be checked, the record not."
)
@click.option(
    "--list", "only_list", is_flag=True, help="Only list what the record holds, by name; make nothing."
)
@click.option("--nonce", default="", help="What the one who asks wants to see in the copy (bbs-2023 only).")
@click.option("--out", type=_FILE, help="Where the copy goes [beside FILE; - for stdout].")
def derive(
    record: Path, asked: tuple[str, ...], everything: bool, only_list: bool, nonce: str, out: Path | None
) -> None:
    """Make a copy of a record that shows only a part of it.

    FILE is a record in a form made for that (ecdsa-sd-2023, bbs-2023, an SD-JWT), as its holder got it from the school.
    The copy is checked like the record itself, and shows nothing of what was left out. Who issued it, until
    when it is good and where its status is looked up are always shown. Keep FILE to yourself; hand out copies.
    """
    from testamur.credentials import disclosures, pointers_to
    from testamur.files import read_bounded, write_whole
    from testamur.proofs import decode, derivation_of
    from testamur.wallet.choosing import what_is_left_out

    document = decode(read_bounded(record, _MAX_FILE))
    how = derivation_of(document)
    said, always = how.read(document), how.always_shown(document)
    known = disclosures(said)
    if only_list:
        _list(known, always)
        return
    if not asked and not everything:
        raise OperatorError(
            "what to show is not said", hint=f"--show {_first(known, always)!r}; --list lists it all"
        )
    chosen = (
        [pointer for each in known for pointer in each.pointers] if everything else pointers_to(said, asked)
    )
    copy = how.derive(document, chosen, nonce=nonce.encode())
    if out == Path("-"):
        click.echo(copy.text)
    else:
        target = out or record.with_name(f"{record.stem}.copy{record.suffix}")
        if target.exists() and target.samefile(record):
            raise OperatorError("the copy would take the place of the record", hint="choose another --out")
        write_whole(target, copy.text.encode("utf-8") + b"\n")
        click.echo(str(target))
    gone = what_is_left_out(document, copy, said, [*always, *chosen])
    _tell([(each.name, not all(map(gone, each.pointers))) for each in known])


def _list(known: Sequence[Disclosure], always: Sequence[str]) -> None:
    for each in known:
        must = all(pointer in always for pointer in each.pointers)
        mark = "always shown" if must else "your choice"
        click.echo(shown(f"{mark:<14}{each.name:<24}{'  '.join(each.pointers)}"))


def _tell(known: Sequence[tuple[str, bool]]) -> None:
    """Say what the copy shows and what it leaves out, by name."""
    for word, wanted in (("shows", True), ("leaves out", False)):
        names = [name for name, is_shown in known if is_shown is wanted]
        if names:
            talk(shown(f"{word}: {', '.join(dict.fromkeys(names))}"))


def _first(known: Sequence[Disclosure], always: Sequence[str]) -> str:
    free = [each.name for each in known if any(pointer not in always for pointer in each.pointers)]
    return free[0] if free else "/credentialSubject"


COMMANDS = {"derive": derive}
