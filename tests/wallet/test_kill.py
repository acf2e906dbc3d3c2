"""A wallet that is killed at random moments of receiving, sharing, backing up and restoring loses no record.

What was told as kept is there afterwards, the file opens, and nothing that lies about can be read.
"""

import os
import random
import signal
import time
from multiprocessing import get_context
from pathlib import Path

import pytest

from testamur.files import write_whole
from testamur.vault import SealedVault, Vault, VaultFile
from testamur.wallet.receiving import receive
from testamur.wallet.recovering import backup, restore
from testamur.wallet.sharing import share
from testamur.wallet.wallet_file import WalletFile
from tests.town import NOW, Town
from tests.verifier.canaries import left_in
from tests.wallet.people import CHEAP

CANARY, GRADE = "Zephyrine Quillfeather", "grade 19.87 of 20"
FORK = get_context("fork")
TOWN = Town()
VERIFIER = TOWN.employer()


def _record(number: int) -> bytes:
    document = TOWN.school.diploma(CANARY, latin="", index=number)
    document["credentialSubject"]["result"][0]["value"] = GRADE
    return TOWN.school.issue(document).text.encode()


RECORDS = [_record(number) for number in range(8)]


def _told(notes: Path, line: str) -> None:
    with notes.open("ab", buffering=0) as stream:
        stream.write(line.encode() + b"\n")


def _live(folder: Path, notes: Path) -> None:
    """Receive, share, back up and restore, over and over, telling after each what is kept."""
    for turn in range(1000):
        place = VaultFile(folder / "wallet.vault")
        wallet = WalletFile(place, lambda: CHEAP).open()
        number = len(wallet.contents.records) % len(RECORDS)
        receipt = receive(wallet.contents, RECORDS[number], f"{number}.json", VERIFIER, at=NOW)
        wallet.keep(receipt.contents)
        _told(notes, f"record {number}")
        shared = share(wallet.contents, wallet.contents.records[0], "film", to="x", at=NOW)
        wallet.keep(shared.contents)
        _told(notes, f"events {len(shared.contents.history)}")
        write_whole(folder / "backup.vault", backup(wallet.vault), mode=0o600)
        _told(notes, f"backed {len(wallet.contents.records)}")
        again = folder / f"restored-{os.getpid()}-{turn}.vault"
        VaultFile(again).create(restore((folder / "backup.vault").read_bytes(), CHEAP, [CHEAP], at=NOW))
        again.unlink()
        again.with_name(f".{again.name}.lock").unlink()


def _wait_for(notes: Path) -> None:
    for _ in range(1200):
        if notes.exists():
            return
        time.sleep(0.05)
    raise AssertionError("nothing was ever kept")


def _check(folder: Path, notes: Path) -> None:
    told = [line.split() for line in notes.read_text().splitlines()] if notes.exists() else []
    contents = WalletFile(VaultFile(folder / "wallet.vault"), lambda: CHEAP).open().contents
    texts = [record.forms[0].text.encode() for record in contents.records]
    for kind, number in told:
        if kind == "record":
            assert RECORDS[int(number)] in texts, "a record was lost"
        elif kind == "events":
            assert len(contents.history) >= int(number), "something was handed out and is not in the history"
    saved = max((int(number) for kind, number in told if kind == "backed"), default=0)
    for path in folder.glob("*.vault"):
        kept = SealedVault.parse(path.read_bytes()).unlock(CHEAP).contents
        if path.name == "backup.vault":
            assert len(kept.records) >= saved
    assert left_in(folder, [CANARY, GRADE]) == []


SEEDS = [pytest.param(seed, marks=[pytest.mark.soak] if seed > 3 else []) for seed in range(100)]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_wallet_that_is_killed_loses_nothing(tmp_path, seed):
    moments = random.Random(seed)
    folder, notes = tmp_path / "home", tmp_path / "notes"
    VaultFile(folder / "wallet.vault").create(Vault.make([CHEAP], at=NOW))
    for _ in range(3):
        process = FORK.Process(target=_live, args=(folder, notes))
        process.start()
        _wait_for(notes)
        time.sleep(moments.uniform(0.02, 0.4))
        os.kill(process.pid or 0, signal.SIGKILL)
        process.join(30)
        assert process.exitcode == -signal.SIGKILL
        _check(folder, notes)


def test_two_writers_at_once_lose_nothing_of_each_other(tmp_path):
    place = VaultFile(tmp_path / "wallet.vault")
    place.create(Vault.make([CHEAP], at=NOW))
    processes = [FORK.Process(target=_insist, args=(place, number)) for number in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
        assert process.exitcode == 0
    contents = WalletFile(place, lambda: CHEAP).open().contents
    assert len(contents.records) == 4


def _insist(place: VaultFile, number: int) -> None:
    from testamur.errors import OperatorError

    for _ in range(200):
        wallet = WalletFile(place, lambda: CHEAP).open()
        receipt = receive(wallet.contents, RECORDS[number], "x", VERIFIER, at=NOW)
        try:
            wallet.keep(receipt.contents)
        except OperatorError:
            continue
        return
    raise AssertionError("never came through")
