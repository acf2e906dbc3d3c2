"""How long an organisation keeps what, and erasing what is past it or what a learner asks to have erased."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from testamur.errors import OperatorError
from testamur.files import read_bounded, write_whole
from testamur.home import Home
from testamur.store import Ledger
from testamur.store.drafts import PREPARED

ERASED = "erased"
"""In the home: the ids of what was erased, one a line, so that an older backup is not restored without it."""

KEEP_DRAFTS, KEEP_LETTERS, KEEP_CONTACTS, KEEP_RECORDS = (
    "keep_drafts_days", "keep_letters_days", "keep_contacts_days", "keep_records_years",
)  # fmt: skip
USUAL = {KEEP_DRAFTS: 90, KEEP_LETTERS: 400, KEEP_CONTACTS: 400, KEEP_RECORDS: 0}
"""What is usual: records are kept for ever (0)."""

_MAX = {KEEP_RECORDS: 120}
_PAGE = 500
_MAX_FILE = 200_000_000


@dataclass(frozen=True, slots=True)
class Tidied:
    """What a round of retention let go."""

    drafts: int = 0
    letters: int = 0
    contacts: int = 0
    records: int = 0


def checked_number(name: str, value: str) -> str:
    """A number of days or years as the setting has it; raises OperatorError on anything else."""
    most = _MAX.get(name, 36_500)
    if not value.strip().isascii() or not value.strip().isdigit() or int(value) > most:
        raise OperatorError(f"{name} is a whole number from 0 to {most:,}")
    return str(int(value))


def erase(home: Home, ledger: Ledger, record_ids: Sequence[str], *, why: str, at: datetime) -> list[str]:
    """Erase the personal data of these records, each in one transaction, and note their ids in the home; gives those that were not erased before.

    The ids are noted first: a crash between the two leaves one that is erased again after a restore, not one forgotten.
    """
    _note_erased(home, record_ids)
    done = [one for one in record_ids if ledger.registry.erase(one, why=why, at=at)]
    ledger.registry.settle()
    return done


def erased_in(path: Path) -> list[str]:
    """The ids in such a file."""
    try:
        lines = read_bounded(path, _MAX_FILE).decode("utf-8").splitlines()
    except UnicodeDecodeError:
        raise OperatorError(f"{path} is no list of erased records") from None
    return [line.strip() for line in lines if line.strip()]


def erase_again(home: Home, ledger: Ledger, record_ids: Sequence[str], *, at: datetime) -> int:
    """Erase after a restore what had been erased before; records that are not in the ledger are left out."""
    there = [one for one in record_ids if ledger.get(one) is not None]
    return len(erase(home, ledger, there, why="erased before the restore", at=at))


def tidy(home: Home, ledger: Ledger, *, at: datetime) -> Tidied:
    """Let go of what is past its time, as the organisation has decided."""
    decided = ledger.registry.settings(home.did)

    def before(name: str, unit: int = 1) -> datetime | None:
        number = int(decided.get(name, USUAL[name]))
        return at - timedelta(days=number * unit) if number else None

    drafts = records = 0
    if day := before(KEEP_DRAFTS):
        for draft in ledger.drafts.listed(home.did, states=(PREPARED,), limit=100_000):
            if draft.prepared_at < day:
                ledger.drafts.withdraw(home.did, draft.id, "nobody approved it in time", at=at)
                drafts += 1
    letters, contacts = ledger.registry.forget(home.did, before(KEEP_LETTERS), before(KEEP_CONTACTS))
    if day := before(KEEP_RECORDS, 365):
        while ids := ledger.registry.due_for_erasure(home.did, day, _PAGE):
            records += len(erase(home, ledger, ids, why="past the time it is kept", at=at))
    return Tidied(drafts, letters, contacts, records)


def _note_erased(home: Home, record_ids: Sequence[str]) -> None:
    path = home.folder / ERASED
    known = erased_in(path) if path.exists() else []
    added = [one for one in record_ids if one not in set(known)]
    if added:
        write_whole(path, "".join(f"{one}\n" for one in [*known, *added]).encode("utf-8"), mode=0o600)
