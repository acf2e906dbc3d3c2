"""``testamur form``: a record once more, in the form that a wallet or another system asks for."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from testamur.console import ask_passphrase, home_option, passphrase_option, talk
from testamur.errors import OperatorError, TestamurError

if TYPE_CHECKING:
    from testamur.home import Home
    from testamur.keys import PublicKey

_FORMS = ("dc+sd-jwt", "vc+sd-jwt", "vc+jwt", "vc+cose", "jwt_vc_json")
_MAX_KEY = 16_384
_WHO_ASKS = {
    "dc+sd-jwt": "the European wallets and others that speak OpenID",
    "vc+sd-jwt": "W3C records of which a learner shows a part",
    "vc+jwt": "W3C records as one token",
    "vc+cose": "the same for systems that speak CBOR",
    "jwt_vc_json": "older wallets",
}


@click.command("form", epilog="; ".join(f"{name}: {who}" for name, who in _WHO_ASKS.items()))
@click.argument("record", metavar="RECORD")
@click.option("--as", "form", type=click.Choice(_FORMS), required=True, help="Which form is asked for.")
@click.option(
    "--holder",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The public key of the learner's wallet, as a JWK: what it shows can then be bound to whoever asks.",
)
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Where to write it [the screen]."
)
@home_option
@passphrase_option
def form(
    record: str,
    form: str,
    holder: Path | None,
    out: Path | None,
    home: str | None,
    passphrase_file: Path | None,
) -> None:
    """Sign a record once more, in a form that a wallet or another system asks for.

    It says the same as the record, has the same place in the status lists, and is kept in the ledger.
    """
    from testamur.files import write_whole
    from testamur.forming import Making, make_form
    from testamur.home import SETTINGS, Home
    from testamur.issuer.record_commands import find_record
    from testamur.issuer.signing import active_key
    from testamur.jsontext import parse_object
    from testamur.store import Form

    school = Home.find(home)
    if form == "dc+sd-jwt" and "jwt" not in school.token_lists:
        raise OperatorError(
            "the status of a dc+sd-jwt is looked up in a Token Status List, which this school does not publish",
            hint=f'write token_lists = ["jwt"] under [status] in {school.folder / SETTINGS}, and publish',
        )
    at = datetime.now(UTC)
    with school.ledger() as ledger:
        found = find_record(school, ledger, record)
        full = found.form("full")
        if full is None:
            raise OperatorError(f"{found.id} has no full form")
        signer = school.signer(active_key(school, ledger, "assertion"), ask_passphrase(passphrase_file))
        made = make_form(
            form,
            parse_object(full.text),
            Making(
                signer=signer,
                at=at,
                url=school.url,
                kind=_kind(school, found.template),
                holder_key=_holder(holder),
            ),
        )
        name = ledger.add_form(found.id, Form(form, made.format, made.text), at=at)
    talk(f"{found.id} has one more form: {name}")
    if out is None:
        click.echo(made.text)
    else:
        write_whole(out, made.text.encode("ascii") + b"\n")


def _kind(school: Home, template: str) -> str:
    """The kind of a record's template; "record" where the template is gone."""
    from testamur.credentials import RECORD_KINDS, Template

    try:
        kind = Template.load(school.templates_folder / f"{template}.toml").kind
    except (TestamurError, OSError):
        return "record"
    return kind if kind in RECORD_KINDS else "record"


def _holder(path: Path | None) -> PublicKey | None:
    from testamur.files import read_bounded
    from testamur.jsontext import parse_object
    from testamur.keys import PublicKey

    if path is None:
        return None
    try:
        return PublicKey.from_jwk(parse_object(read_bounded(path, _MAX_KEY), max_depth=4))
    except OperatorError:
        raise
    except TestamurError as error:
        raise OperatorError(f"{path} is not the public key of a wallet: {error}") from None


COMMANDS: dict[str, click.Command] = {"form": form}
