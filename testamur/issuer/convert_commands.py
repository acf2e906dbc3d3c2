"""``testamur convert``: signed badges into one learner record, records into the European model, old badges in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import click

from testamur.console import ask_passphrase, counted, home_option, passphrase_option, talk
from testamur.errors import Malformed, OperatorError, TestamurError

if TYPE_CHECKING:
    from testamur.checks import Report
    from testamur.home import Home
    from testamur.jsontext import Json
    from testamur.proofs import SecuredDocument

_MAX_FILE = 4_000_000
_KEPT_FOR = timedelta(days=30)


@click.command()
@click.argument(
    "sources",
    nargs=-1,
    required=True,
    metavar="FILES...",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option(
    "--to",
    "target",
    required=True,
    type=click.Choice(["clr", "elm", "badge"]),
    help="clr: badges of one person gathered into a learner record, which the school signs. elm: a record in the "
    "European Learning Model, not sealed. badge: an Open Badges 2.0 assertion as an unsigned badge of today.",
)
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file to write."
)
@click.option("--title", default="Learner record", help="clr: what the record is called [Learner record].")
@click.option("--language", default="en", help="elm: the language of the record, as a tag [en].")
@click.option("--country", default="", help="elm: where the issuer is, in three letters: ETH, KHM, PRT.")
@click.option("--ects", is_flag=True, help="elm: the credits are those of the ECTS.")
@click.option("--offline", is_flag=True, help="Look nothing up.")
@home_option
@passphrase_option
def convert(
    sources: tuple[Path, ...],
    target: str,
    out: Path,
    title: str,
    language: str,
    country: str,
    ects: bool,
    offline: bool,
    home: str | None,
    passphrase_file: Path | None,
) -> int:
    """Turn records into other forms: badges into one learner record, a record into the European model, old badges into today's.

    Only badges whose signature holds and that nobody revoked go into a learner record. A file in the
    European model is an export: it is not sealed and proves nothing by itself.
    """
    if target != "clr" and len(sources) > 1:
        raise click.UsageError("one file at a time; only a learner record gathers several")
    if target == "elm":
        document = _european(sources[0], language, country, ects)
    elif target == "badge":
        document = _badge(sources[0], offline)
    else:
        return _gathered(sources, out, title, offline, home, passphrase_file)
    _write(out, document)
    click.echo(str(out))
    talk(
        "not sealed: the record it was made from is what proves something"
        if target == "elm"
        else "unverified history: nobody signed this form of it"
    )
    return 0


def _european(source: Path, language: str, country: str, ects: bool) -> Json:
    from testamur.credentials import to_elm

    (document,) = _documents(source)
    members = {name: value for name, value in document.claims.items() if name != "proof"}
    return to_elm(members, language=language, country=country, credits_are_ects=ects)


def _badge(source: Path, offline: bool) -> Json:
    from testamur.credentials import from_badge_2
    from testamur.issuer.old_badges import read_assertion

    return from_badge_2(read_assertion(source, offline=offline))


def _documents(source: Path) -> list[SecuredDocument]:
    from testamur.files import read_bounded
    from testamur.scanning import read_scan

    found = read_scan(read_bounded(source, _MAX_FILE), source.name)
    documents = [item.document for item in found if item.document is not None]
    if not documents:
        raise OperatorError(f"{source} holds no credential")
    fullest = max(documents, key=lambda document: len(document.text))
    if fullest.is_presentation:
        raise OperatorError(f"{source} is a presentation", hint="take the credentials out of it first")
    return [fullest]


def _gathered(
    sources: tuple[Path, ...],
    out: Path,
    title: str,
    offline: bool,
    home: str | None,
    passphrase_file: Path | None,
) -> int:
    from testamur.credentials import gather
    from testamur.home import Home
    from testamur.issuer.signing import IssuerOpener, active_key

    if out.exists():
        raise OperatorError(
            f"{out} is there already", hint="give another name: each run signs a record of its own"
        )
    school, at = Home.find(home), datetime.now(UTC)
    documents = [_documents(source)[0] for source in sources]
    for source, document in zip(sources, documents, strict=True):
        _check_fit(source, document, school, at, offline)
    try:
        record = gather(
            [_as_held(document) for document in documents],
            [document.claims for document in documents],
            title=title,
            issuer_id=school.did,
            issuer_name=school.name,
            issuer_url=school.url,
            record_id=f"urn:uuid:{uuid4()}",
            at=at,
        )
    except Malformed as error:
        raise OperatorError(f"these make no learner record: {error}") from None
    with school.ledger() as ledger:
        opener = IssuerOpener(school, active_key(school, ledger, "assertion"))
        issuer = opener.asking(ask_passphrase(passphrase_file)).open(ledger)
        kept = issuer.issue(record, at=at, batch=out.stem)
    form = kept.form("full")
    _write_text(out, form.text if form else "")
    click.echo(str(out))
    talk(f"{counted(len(sources), 'credential')} gathered into one record, signed and kept: {kept.id}")
    talk("next: testamur publish FOLDER, so that everyone can check it")
    return 0


def _as_held(document: SecuredDocument) -> Json:
    """How a credential stands in a record: as it is, or a token in an envelope (VCDM §4.13)."""
    from testamur.jsontext import parse_object
    from testamur.proofs import envelope

    if document.format == "ldp_vc":
        return parse_object(document.text)
    if document.format in ("vc+jwt", "vc+sd-jwt", "vc+cose"):
        return envelope(document)
    raise OperatorError(f"a credential of the format {document.format} cannot stand in a learner record")


def _check_fit(source: Path, document: SecuredDocument, school: Home, at: datetime, offline: bool) -> None:
    """Raise OperatorError for a badge that does not stand; say it where that could not be told."""
    from testamur.checks import Verdict

    report = _report(document, school, at, offline)
    if not report.is_proved or report.verdict is Verdict.REJECTED:
        reasons = [check.sentence for check in report.checks if check.outcome == "failed"]
        raise OperatorError(f"{source}: {'; '.join(reasons) or 'its signature could not be checked'}")
    if not report:
        reasons = [check.sentence for check in report.checks if check.outcome == "unknown"]
        talk(f"please look: {source}: {'; '.join(reasons)}")


def _report(document: SecuredDocument, school: Home, at: datetime, offline: bool) -> Report:
    from testamur.checks import Policy
    from testamur.did import Resolver
    from testamur.fetch import Cached, Fetch, Fetching, NoNetwork
    from testamur.trust import all_pins
    from testamur.verifying import Verifier

    network: Fetching = NoNetwork() if offline else Fetch()
    fetch = Cached(network, school.cache_folder, _KEPT_FOR, offline=offline)
    listed = [school.trust()]
    resolver = Resolver(fetch, pins=all_pins(listed), offline=offline)
    return Verifier(resolver, fetch, listed, Policy(max_age=_KEPT_FOR)).verify(document, at=at)


def _write(out: Path, document: Json) -> None:
    from testamur.jsontext import write_json

    _write_text(out, write_json(document))


def _write_text(out: Path, text: str) -> None:
    from testamur.files import write_whole

    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        write_whole(out, (text + "\n").encode("utf-8"))
    except TestamurError:
        raise
    except OSError as error:
        raise OperatorError(f"cannot write {out}: {error.strerror}") from None


COMMANDS = {"convert": convert}
