import gzip
import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from testamur.errors import OperatorError
from testamur.store import REVOCATION, KeyEntry, Ledger
from testamur.store.engine import REVISION
from tests.store.people import AT, LATER, PEOPLE, SCHOOL, a_record, issue
from tests.store.test_opening import OF_REVISION_2


@pytest.fixture
def ledger(ledger_url: str) -> Iterator[Ledger]:
    with Ledger.open(ledger_url) as opened:
        opened.add_key(SCHOOL, KeyEntry(id="key-1", multikey="z6Mk1", algorithm="Ed25519", created=AT))
        opened.keep_look(SCHOOL, "uEiA", "{}")
        first, second, *_ = issue(opened, range(len(PEOPLE)), look="uEiA")
        opened.set_status(first.id, REVOCATION, True, reason="corrected", at=LATER, replaced_by=second.id)
        yield opened


def _everything(ledger: Ledger) -> object:
    return (
        ledger.keys(SCHOOL),
        list(ledger.each(SCHOOL, with_forms=True)),
        [ledger.set_bits(one.id) for one in ledger.lists(SCHOOL)],
        [ledger.history(record.id) for record in ledger.each(SCHOOL)],
        list(ledger.digests(SCHOOL)),
        ledger.look(SCHOOL, "uEiA"),
    )


def test_a_restored_ledger_says_all_that_the_first_did(ledger: Ledger, tmp_path: Path) -> None:
    ledger.backup(tmp_path / "backup")
    with Ledger.restore(tmp_path / "backup", f"sqlite:///{tmp_path / 'again.sqlite'}") as again:
        assert _everything(again) == _everything(ledger)


def as_of(path: Path, revision: str) -> bytes:
    """A backup as an older testamur made it, which knew less tables; the rows it has are counted anew."""
    kept: list[bytes] = []
    skipping = False
    for line in gzip.decompress(path.read_bytes()).splitlines(keepends=True)[1:-1]:
        said = json.loads(line)
        if isinstance(said, dict):
            skipping = said["table"] not in OF_REVISION_2
        if not skipping:
            kept.append(line)
    rows = sum(line.startswith(b"[") for line in kept)
    first = json.dumps({"format": "testamur ledger 1", "revision": revision}, separators=(",", ":"))
    return b"".join([first.encode() + b"\n", *kept, b'{"rows":%d}\n' % rows])


def test_a_backup_made_before_records_could_be_hidden_is_restored_whole(
    ledger: Ledger, tmp_path: Path
) -> None:
    ledger.backup(tmp_path / "backup")
    (tmp_path / "older").write_bytes(gzip.compress(as_of(tmp_path / "backup", "0002")))
    with Ledger.restore(tmp_path / "older", f"sqlite:///{tmp_path / 'again.sqlite'}") as again:
        assert _everything(again) == _everything(ledger)
        first = next(again.each(SCHOOL)).id
        assert not again.is_hidden(first)
        assert again.hide(first, LATER)
        again.backup(tmp_path / "newer")
    with Ledger.restore(tmp_path / "newer", f"sqlite:///{tmp_path / 'third.sqlite'}") as third:
        assert third.is_hidden(first)


def test_a_backup_of_a_revision_that_is_not_known_is_refused(ledger: Ledger, tmp_path: Path) -> None:
    ledger.backup(tmp_path / "backup")
    text = gzip.decompress((tmp_path / "backup").read_bytes())
    for revision in (b'"0001"', b'"9999"'):
        (tmp_path / "other").write_bytes(gzip.compress(text.replace(f'"{REVISION}"'.encode(), revision, 1)))
        with pytest.raises(OperatorError, match="does not begin as"):
            Ledger.restore(tmp_path / "other", f"sqlite:///{tmp_path / 'again.sqlite'}")


@pytest.mark.postgres
def test_a_ledger_moves_from_sqlite_to_postgresql_and_goes_on(tmp_path: Path, postgres_url: str) -> None:
    with Ledger.open(f"sqlite:///{tmp_path / 'ledger.sqlite'}") as small:
        before = issue(small, range(3))
        small.backup(tmp_path / "backup")
    with Ledger.restore(tmp_path / "backup", postgres_url) as large:
        issue(large, range(3, 6))
        large.set_status(before[0].id, REVOCATION, True, reason="x", at=LATER)
        assert [record.number for record in large.each(SCHOOL)] == [f"2026/{n:04}" for n in range(6)]


def test_indexes_given_out_after_the_backup_are_not_given_again(ledger: Ledger, tmp_path: Path) -> None:
    ledger.backup(tmp_path / "backup")
    lost = ledger.reserve(SCHOOL, REVOCATION, 200_000)
    with Ledger.restore(tmp_path / "backup", f"sqlite:///{tmp_path / 'again.sqlite'}") as again:
        fresh = again.reserve(SCHOOL, REVOCATION, 1000)
    before = {(slot.list_number, slot.index) for slot in lost}
    assert before.isdisjoint((slot.list_number, slot.index) for slot in fresh)


def test_only_the_owner_may_read_a_backup(ledger: Ledger, tmp_path: Path) -> None:
    ledger.backup(tmp_path / "backup")
    assert stat.S_IMODE((tmp_path / "backup").stat().st_mode) == 0o600


def test_a_backup_overwrites_nothing(ledger: Ledger, tmp_path: Path) -> None:
    (tmp_path / "backup").write_text("my thesis")
    with pytest.raises(OperatorError, match="could not be written"):
        ledger.backup(tmp_path / "backup")
    assert (tmp_path / "backup").read_text() == "my thesis"


def test_a_ledger_in_use_is_not_overwritten(ledger: Ledger, tmp_path: Path) -> None:
    ledger.backup(tmp_path / "backup")
    url = f"sqlite:///{tmp_path / 'other.sqlite'}"
    with Ledger.open(url) as other:
        issue(other, range(1))
    with pytest.raises(OperatorError, match="not empty"):
        Ledger.restore(tmp_path / "backup", url)


def _damaged(whole: bytes) -> dict[str, bytes]:
    text = gzip.decompress(whole)
    lines = text.splitlines(keepends=True)
    return {
        "empty": b"",
        "not gzip": b"hello",
        "cut": whole[: len(whole) // 2],
        "a bit flipped": whole[:-6] + bytes([whole[-6] ^ 1]) + whole[-5:],
        "without its end": gzip.compress(b"".join(lines[:-1])),
        "a row missing": gzip.compress(b"".join(lines[:2] + lines[3:])),
        "another format": gzip.compress(b'{"format":"testamur ledger 2"}\n' + b"".join(lines[1:])),
        "a row too short": gzip.compress(text.replace(b'[1,"did:web', b'["did:web', 1)),
        "a foreign table": gzip.compress(text.replace(b'"table":"keys"', b'"table":"users"')),
    }


@pytest.mark.parametrize(
    "how",
    [
        "empty", "not gzip", "cut", "a bit flipped", "without its end",
        "a row missing", "another format", "a row too short", "a foreign table",
    ],
)  # fmt: skip
def test_a_damaged_backup_restores_nothing(how: str, tmp_path: Path) -> None:
    with Ledger.open(f"sqlite:///{tmp_path / 'ledger.sqlite'}") as ledger:
        ledger.add_key(SCHOOL, KeyEntry(id="key-1", multikey="z6Mk1", algorithm="Ed25519", created=AT))
        issue(ledger, range(5))
        ledger.backup(tmp_path / "backup")
    (tmp_path / "damaged").write_bytes(_damaged((tmp_path / "backup").read_bytes())[how])
    url = f"sqlite:///{tmp_path / 'again.sqlite'}"
    with pytest.raises(OperatorError, match="damaged"):
        Ledger.restore(tmp_path / "damaged", url)
    with Ledger.open(url) as again:
        assert list(again.each(SCHOOL)) == []
        assert again.get(a_record(0, ()).id) is None
