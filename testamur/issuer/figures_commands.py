"""``testamur figures``."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import click

from testamur.console import ask_passphrase, counted, home_option, passphrase_option, talk
from testamur.errors import OperatorError

_MAX_ROWS = 5_000_000


@click.command()
@click.option("--year", "years", type=click.IntRange(1900, 9999), multiple=True, required=True,
              help="A year that is over; may be given again.")  # fmt: skip
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="FILE.csv, or FILE.jwt: signed, for `verify`.",
)
@click.option("--traits", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="What the school holds besides: a CSV with the column id (or number) and sex, district, level.")  # fmt: skip
@click.option("--threshold", type=click.IntRange(2, 1000), default=5, show_default=True,
              help="Counts below this are not told, nor what would tell of them.")  # fmt: skip
@home_option
@passphrase_option
def figures(
    years: tuple[int, ...],
    out: Path,
    traits: Path | None,
    threshold: int,
    home: str | None,
    passphrase_file: Path | None,
) -> None:
    """Write how many good records there are by programme, level, sex and district, without telling of anybody.

    Small counts are suppressed, and as many others as keep anybody from working them out.
    """
    from testamur.files import write_whole
    from testamur.home import Home
    from testamur.issuer.figures import dataset_csv, dataset_document, facts_of, publishable, tables_of
    from testamur.issuer.signing import active_key
    from testamur.jsontext import write_json
    from testamur.proofs import VcJwt

    if out.suffix.lower() not in (".csv", ".jwt"):
        raise click.UsageError("--out is FILE.csv or FILE.jwt")
    school, at = Home.find(home), datetime.now(UTC)
    with school.ledger() as ledger:
        facts = list(facts_of(ledger, school.did, _traits(traits) if traits else None))
        made = [publishable(tables_of(facts, year), threshold=threshold) for year in sorted(set(years))]
        if out.suffix.lower() == ".csv":
            write_whole(out, b"\xef\xbb\xbf" + dataset_csv(made).encode("utf-8"))
        else:
            signer = school.signer(active_key(school, ledger, "assertion"), ask_passphrase(passphrase_file))
            document = dataset_document(
                made, issuer_id=school.did, issuer_name=school.name, issuer_url=school.url, at=at
            )
            token = VcJwt().secure(write_json(document), signer, at=at).text
            write_whole(out, token.encode("ascii") + b"\n")
        detail = {"years": sorted(set(years)), "threshold": threshold}
        ledger.audit.note(school.did, "figures_written", at=at, detail=detail)
    click.echo(str(out))
    for one in made:
        cells, hidden = len(one.tables.counts), len(one.hidden)
        talk(f"{one.tables.year}: {counted(cells, 'count')}, {hidden:,} of them suppressed")


def _traits(path: Path) -> dict[str, dict[str, str]]:
    """What a CSV tells, by the id, number or key in its first column named ``id`` or ``number``."""
    from testamur.issuer.figures.counting import TRAITS

    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            names = reader.fieldnames or []
            key = next((name for name in ("id", "number") if name in names), None)
            if key is None or not set(TRAITS) & set(names):
                raise OperatorError(f"{path} needs the column id or number, and one of {', '.join(TRAITS)}")
            return {
                str(row[key]).strip(): {name: str(row.get(name) or "").strip() for name in TRAITS}
                for _, row in zip(range(_MAX_ROWS), reader, strict=False)
            }
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise OperatorError(f"{path} cannot be read: {error}") from None


COMMANDS: dict[str, click.Command] = {"figures": figures}
