"""``testamur form``: a record once more, in the form that a wallet or another system asks for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from testamur.console import ask_passphrase, home_option, passphrase_option, talk
from testamur.errors import OperatorError, TestamurError

if TYPE_CHECKING:
    from testamur.forming import Terms
    from testamur.home import Home
    from testamur.keys import PublicKey

_FORMS = ("dc+sd-jwt", "vc+sd-jwt", "ecdsa-sd-2023", "bbs-2023", "vc+jwt", "vc+cose", "jwt_vc_json")
_MAX_KEY = 16_384
_WHO_ASKS = {
    "dc+sd-jwt": "the European wallets and others that speak OpenID",
    "vc+sd-jwt": "W3C records of which a learner shows a part",
    "ecdsa-sd-2023": "the same, secured by Data Integrity",
    "bbs-2023": "the same in such a way that two copies cannot be linked, an experiment",
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
    from testamur.credentials import IN_PART, NOT_IN_PART, is_clr
    from testamur.files import write_whole
    from testamur.forming import file_of
    from testamur.home import Home
    from testamur.issuer.record_commands import find_record
    from testamur.issuer.signing import check_lists, open_form
    from testamur.jsontext import parse_object, write_json
    from testamur.store import Form

    school = Home.find(home)
    at = datetime.now(UTC)
    with school.ledger() as ledger:
        found = find_record(school, ledger, record)
        full = found.form("full")
        if full is None:
            raise OperatorError(f"{found.id} has no full form")
        document = {name: value for name, value in parse_object(full.text).items() if name != "proof"}
        check_lists(school, (form,))
        if form in IN_PART and is_clr(document):
            raise OperatorError(f"{form} is not made of a transcript: {NOT_IN_PART}")
        terms = replace(_terms(school, found.template), holder_key=_holder(holder))
        way = open_form(school, ledger, form, terms, ask_passphrase(passphrase_file))
        made = way.format.secure(write_json(document), way.signer, at=at)
        name = ledger.add_form(found.id, Form(form, made.format, made.text), at=at)
    talk(f"{found.id} has one more form: {name}")
    if out is None:
        click.echo(made.text)
    else:
        write_whole(out, file_of(made.format, made.text))


def _terms(school: Home, template: str) -> Terms:
    """What the record's template has settled; where the template is gone, what the school's site has."""
    from testamur.credentials import Template
    from testamur.forming import Terms
    from testamur.ways import terms_of

    try:
        return terms_of(Template.load(school.templates_folder / f"{template}.toml"), school.url)
    except (TestamurError, OSError):
        return Terms(url=school.url)


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
