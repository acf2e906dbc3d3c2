"""``testamur publish``."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from testamur.console import ask_passphrase, home_option, passphrase_option, talk
from testamur.errors import OperatorError


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--check", "url", metavar="URL", help="Write nothing; compare what URL serves with FOLDER.")
@click.option("--allow", multiple=True, metavar="ORIGIN", help="With --check: an origin that may be private.")
@home_option
@passphrase_option
def publish(
    folder: Path, url: str | None, allow: tuple[str, ...], home: str | None, passphrase_file: Path | None
) -> None:
    """Write the folder that a web host serves: DID document, status and notice lists, digests, pages.

    Nothing in it names a learner. Lists are good for 90 days: run it after each revocation and once a
    month from cron. It needs the status key only.
    """
    if url:
        _check(folder, url, allow)
        return
    from testamur.home import Home
    from testamur.issuer.signing import active_key
    from testamur.publishing import publish as write

    school = Home.find(home)
    with school.ledger() as ledger:
        signer = school.signer(active_key(school, ledger, "status"), ask_passphrase(passphrase_file))
        done = write(school.site, ledger, signer, folder, at=datetime.now(UTC))
    for path in done.written:
        click.echo(path)
    talk(f"{len(done.written)} files written, {len(done.unchanged)} unchanged, {len(done.removed)} removed")
    talk(f"next: copy {folder} to the web host, then testamur publish {folder} --check {school.url}")


def _check(folder: Path, url: str, allow: tuple[str, ...]) -> None:
    from testamur.fetch import Fetch
    from testamur.publishing import check_served

    differences = check_served(folder, url, Fetch(allow=allow), at=datetime.now(UTC))
    for difference in differences:
        click.echo(f"{difference.path}: {difference.sentence}")
    if differences:
        raise OperatorError(f"{len(differences)} files are not served as they should be")
    talk(f"{url} serves what was published")


COMMANDS = {"publish": publish}
