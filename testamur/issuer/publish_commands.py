"""``testamur publish``."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from testamur.console import ask_passphrase, counted, home_option, passphrase_option, talk
from testamur.errors import OperatorError

if TYPE_CHECKING:
    from testamur.home import Home
    from testamur.publishing import Published
    from testamur.store import KeyEntry, Ledger

RENEW_AFTER = timedelta(days=30)
"""Lists are good for 90 days; renewed at 30, there is time to notice that it fails."""


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--trust",
    "trust_files",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    metavar="FILE",
    help="Issuers the verifier page vouches for beside this school (TOML or JSON); may be given again.",
)
@click.option(
    "--due", is_flag=True,
    help="Only if the status of a record changed since, or the lists are older than 30 days: for cron.",
)  # fmt: skip
@click.option("--check", "url", metavar="URL", help="Write nothing; compare what URL serves with FOLDER.")
@click.option("--allow", multiple=True, metavar="ORIGIN", help="With --check: an origin that may be private.")
@click.option(
    "--ca-file",
    type=click.Path(exists=True, dir_okay=False),
    metavar="FILE",
    help="With --check: certificates (PEM) to believe beside the system's.",
)
@home_option
@passphrase_option
def publish(
    folder: Path,
    trust_files: tuple[Path, ...],
    due: bool,
    url: str | None,
    allow: tuple[str, ...],
    ca_file: str | None,
    home: str | None,
    passphrase_file: Path | None,
) -> int:
    """Write the folder that a web host serves: DID document, status and notice lists, digests, pages.

    The page under Q/ is a verifier: the code on paper opens it, it checks in the browser, and after one
    visit it works without a network.

    Nothing in it names a learner. Lists are good for 90 days: run it after each revocation and once a
    month from cron. It needs the status key only.
    """
    if url:
        return _check(folder, url, allow, ca_file)
    from testamur.home import Home
    from testamur.issuer.seconds import in_a_later_second
    from testamur.issuer.signing import active_key
    from testamur.publishing import PAGE
    from testamur.publishing import publish as write
    from testamur.trust import load_pinned

    trust = [entry for path in trust_files for entry in load_pinned(path).issuers.values()]
    school = Home.find(home)
    with school.ledger() as ledger:
        if due and not _is_due(school, ledger, datetime.now(UTC)):
            talk(f"nothing is due: last published on {school.published:%Y-%m-%d}, and nothing changed since")
            return 0
        _continue_history(school, ledger, passphrase_file)
        change = ledger.last_change(school.did)  # events are kept by the second: publish all of one
        at = in_a_later_second(change) if change else datetime.now(UTC)
        entry = active_key(school, ledger, "status")
        signer = school.signer(entry, ask_passphrase(passphrase_file))
        done = write(school.site, ledger, signer, folder, at=at, trust=trust)
        ledger.audit.note(school.did, "published", at=at)
        school.note_head(ledger.audit.head(school.did).text)
    school.note_published(at)
    _tell_waiting(school, at)
    for path in done.written:
        if not path.startswith(PAGE):
            click.echo(path)
    if any(path.startswith(PAGE) for path in done.written):
        click.echo(PAGE)  # the many files of the verifier page, as one
    _tell(school, entry, folder, done, at)
    return 0


def _is_due(school: Home, ledger: Ledger, at: datetime) -> bool:
    """Whether a status changed since the last time, or what was signed then should be signed anew."""
    published, change = school.published, ledger.last_change(school.did)
    if published is None or at - published > RENEW_AFTER:
        return True
    return change is not None and change >= published.replace(microsecond=0)


def _tell(school: Home, entry: KeyEntry, folder: Path, done: Published, at: datetime) -> None:
    from testamur.publishing import GOOD_FOR

    if entry.use != "status" and not school.did.startswith("did:key:"):
        talk(f"please look: there is no status key, so {entry.id}, which signs diplomas, signed the lists")
        talk("hint: make one: testamur key new --for status")
    removed = f", {len(done.removed):,} removed" if done.removed else ""
    talk(f"{counted(len(done.written), 'file')} written, {len(done.unchanged):,} unchanged{removed}")
    talk(f"the lists are good until {at + GOOD_FOR:%Y-%m-%d}; publish again before")
    talk(f"next: copy {folder} to the web host, then testamur publish {folder} --check {school.url}")


def _continue_history(school: Home, ledger: Ledger, passphrase_file: Path | None) -> None:
    """Add to a did:webvh's log what an earlier command could not; without its key the lists are published still."""
    if not school.did.startswith("did:webvh:"):
        return
    from testamur.issuer.history import catch_up, history_of

    history_of(school)
    try:
        if number := catch_up(school, ledger, ask_passphrase(passphrase_file)):
            talk(f"version {number} was added to the history")
    except OperatorError as error:
        talk(f"please look: the history is published as it was, without the last change of keys: {error}")
        talk(f"hint: {error.hint}")


def _tell_waiting(school: Home, at: datetime) -> None:
    from testamur.publishing import history_files

    site = school.site
    waiting = history_files(site, at=at).held_back if site.has_history else 0
    if waiting:
        talk(
            f"please look: {counted(waiting, 'version')} of the history wait for witnesses and are not published"
        )
        talk(
            "hint: send them home/did.jsonl, and take in what they send back: testamur did webvh approve PROOF"
        )


def _check(folder: Path, url: str, allow: tuple[str, ...], ca_file: str | None) -> int:
    from testamur.fetch import Fetch
    from testamur.publishing import check_served

    if not url.startswith(("https://", "http://")):
        raise OperatorError(f"{url!r:.80} is no address", hint="write it as https://diplomas.example.edu")
    fetch = Fetch(allow=allow, ca_file=ca_file)
    differences = check_served(folder, url, fetch, at=datetime.now(UTC))
    for difference in differences:
        click.echo(f"{difference.path}: {difference.sentence}")
    if differences:
        talk(f"{counted(len(differences), 'thing')} to put right at {url}")
        return 1
    talk(f"{url} serves what was published")
    return 0


COMMANDS = {"publish": publish}
