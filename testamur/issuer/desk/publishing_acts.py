"""Publishing from the desk: when somebody asks, when something changed, and before anything signed expires."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from testamur.errors import OperatorError, TestamurError
from testamur.issuer.desk.office import Office
from testamur.issuer.desk.school import School
from testamur.issuer.desk.visits import account_of
from testamur.issuer.desk.working import Told
from testamur.issuer.history import catch_up
from testamur.issuer.seconds import in_a_later_second
from testamur.publishing import GOOD_FOR, PAGE
from testamur.publishing import publish as write
from testamur.store.desk import Job, JobState, jobs

PUBLISH = "publish"
RENEW_AFTER = timedelta(days=30)
"""Lists are good for 90 days; renewed at 30, there is a month to notice that it fails, and another."""

_AGAIN_AFTER = timedelta(minutes=10)
_FILES = 2_000


@dataclass(frozen=True, slots=True)
class PublicFile:
    """A file that was published: where, when it was last written, and until when it is good."""

    path: str
    written: datetime
    until: datetime | None


def public_folder(office: Office, school: School) -> Path:
    """Where the public files of an organisation are written."""
    place = str(office.settings.section("publish").get("folder", ""))
    return Path(place.replace("{slug}", school.slug)) if place else school.home.folder / "public"


def publish(office: Office, school: School, job: Job, told: Told) -> str:
    """Write the public folder; what is there and the same stays as it is."""
    home, ledger = school.home, school.ledger
    if home.did.startswith("did:webvh:"):
        catch_up(home, ledger, school.ask)
    change = ledger.last_change(home.did)
    at = in_a_later_second(change) if change else datetime.now(UTC)
    done = write(home.site, ledger, school.signer("status"), public_folder(office, school), at=at)
    home.note_published(at)
    who = account_of(job.person) if job.person else "desk"
    ledger.by(who).audit.note(home.did, "published", at=at, detail={"files": len(done.written)})
    home.note_head(ledger.audit.head(home.did).text)
    return ""


def ask_to_publish(office: Office, school: School, person: int) -> None:
    """Have it done by the worker."""
    with office.people.writing() as connection:
        jobs.add(connection, school.did, person, PUBLISH, "", office.now())


def publish_what_is_due(office: Office) -> None:
    """Have published again what changed, and what would expire; who never published begins by asking for it."""
    if office.settings.section("publish").get("automatic", True) is not True:
        return
    for school in office.schools():
        if _is_due(office, school):
            last = _last_asker(office, school)
            if last is not None:
                ask_to_publish(office, school, last)


def _is_due(office: Office, school: School) -> bool:
    try:
        published = school.home.published
    except TestamurError:
        return False
    if published is None:
        return False
    change = school.ledger.last_change(school.did)
    changed = change is not None and change >= published.replace(microsecond=0)
    return changed or office.now() - published > RENEW_AFTER


def _last_asker(office: Office, school: School) -> int | None:
    """In whose name: of whoever published last; None while a job waits or has just failed."""
    with office.people.reading() as connection:
        job = jobs.newest(connection, school.did, PUBLISH, "")
        if job is None:
            return jobs.anybody(connection, school.did)
    if job.state is JobState.WAITING:
        return None
    if job.state is JobState.FAILED and office.now() - job.lease < _AGAIN_AFTER:
        return None
    return job.person


def published_files(office: Office, school: School) -> list[PublicFile]:
    """What lies in the public folder, the verifier page as one."""
    folder = public_folder(office, school)
    found: list[PublicFile] = []
    if not folder.is_dir():
        return found
    published = school.home.published
    for path in sorted(folder.rglob("*"))[:_FILES]:
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not path.name.startswith(".") and not name.startswith(PAGE):
            written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            signed = name.startswith(("status/", "digests"))
            found.append(PublicFile(name, written, published + GOOD_FOR if published and signed else None))
    return found


def check_folder(office: Office, school: School) -> None:
    """Raise OperatorError where the public folder cannot be written."""
    folder = public_folder(office, school)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OperatorError(f"{folder} cannot be made: {error.strerror}") from None
