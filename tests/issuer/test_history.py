"""A school that lives on a did:webvh: nothing is lost, whatever stops it, and what it publishes resolves."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from testamur.crashpoints import FOUNDING_POINTS, HISTORY_POINTS, MOVING_POINTS, VARIABLE
from testamur.did import Resolver, log_url
from testamur.errors import EvidenceUnusable
from testamur.fetch import Fetched, Mirror, NoNetwork
from testamur.home import Home
from testamur.issuer.history import history_of
from testamur.keys import read_key_file
from testamur.proofs import decode
from testamur.trust import PinnedTrust
from testamur.verifying import Verifier
from tests.issuer.conftest import ISSUE, SHEET, Desk

PLACE = ("--name", "ክፍለ ከተማ ትምህርት ቢሮ", "--url", "https://valdoria.example/diplomas", "--did", "webvh")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    """A desk without a home yet."""
    monkeypatch.chdir(tmp_path)
    for name, value in (("HOME", "home"), ("PASSPHRASE", "ማር")):
        monkeypatch.setenv(f"TESTAMUR_{name}", value)
    Path("graduates.csv").write_text(SHEET, "utf-8")
    return Desk(tmp_path, capsys)


@pytest.fixture
def school(place: Desk) -> Desk:
    assert place.type("init", *PLACE) == 0
    assert place.type("template", "new", "diploma") == 0
    return place


def killed_at(point: str, *arguments: str) -> None:
    """Type a command in a process of its own that is killed at a point."""
    ended = subprocess.run(
        [sys.executable, "-m", "testamur", *arguments],
        env=os.environ | {VARIABLE: f"{point}:1"},
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr


def resolver() -> Resolver:
    return Resolver(Mirror(Path("public"), NoNetwork()))


@pytest.mark.parametrize("point", FOUNDING_POINTS)
def test_a_founding_that_is_killed_is_finished_by_the_next(place: Desk, point: str) -> None:
    killed_at(point, "init", *PLACE)
    assert place.type("init", *PLACE) == 0
    did = place.out.strip()
    for name in ("key-1", "status-1"):
        assert read_key_file(f"home/keys/{name}.key").verification_method == f"{did}#{name}"
    assert place.type("template", "new", "diploma") == 0
    assert place.type(*ISSUE, "--out", "diplomas", "--no-pdf") == 0
    assert place.type("publish", "public") == 0
    assert "version" not in place.err
    assert place.type("verify", "diplomas", "--mirror", "public") == 0


@pytest.mark.parametrize(
    ("point", "command"),
    [
        *((point, ("key", "rotate")) for point in HISTORY_POINTS),
        (HISTORY_POINTS[0], ("key", "compromise", "key-1")),
    ],
)
def test_a_change_of_keys_that_is_killed_is_told_by_the_next_run(
    school: Desk, point: str, command: tuple[str, ...]
) -> None:
    assert school.type(*ISSUE, "--out", "diplomas", "--no-pdf") == 0
    killed_at(point, *command)
    assert school.type("publish", "public") == 0
    home = Home.find("home")
    found = resolver().resolve(home.did)
    assert found.version_number == 2
    with home.ledger() as ledger:
        assert (
            found.document.document["verificationMethod"]
            == home.site.document(ledger.keys(home.did))["verificationMethod"]
        )
    assert school.type("publish", "public") == 0
    assert resolver().resolve(home.did).version_number == 2
    assert school.type("verify", "diplomas", "--mirror", "public") == 0


def test_a_diploma_stays_genuine_through_all_that_happens_to_its_key(school: Desk) -> None:
    assert school.type(*ISSUE, "--out", "diplomas", "--no-pdf") == 0
    for command in (("key", "rotate"), ("key", "rotate", "--for", "status"), ("key", "compromise", "key-1")):
        assert school.type(*command) == 0
        assert school.type("publish", "public") == 0
        assert school.type("verify", *map(str, Path("diplomas").glob("V-1*.json")), "--mirror", "public") == 0
        assert "in version 1 of its history" in school.out


def test_what_was_signed_in_the_second_of_a_change_stays_in_the_version_before(school: Desk) -> None:
    time.sleep(1 - time.time() % 1)
    begun = datetime.now(UTC).replace(microsecond=0)
    assert school.type("key", "rotate") == 0
    assert history_of(Home.find("home")).newest.entry.time > begun


def test_the_parallel_did_web_lies_beside_the_log_and_points_to_it(school: Desk) -> None:
    assert school.type("publish", "public") == 0
    did = Home.find("home").did
    parallel = json.loads(Path("public/did.json").read_text())
    assert parallel["id"] == "did:web:valdoria.example:diplomas"
    assert parallel["alsoKnownAs"] == [did]
    assert log_url(did) == "https://valdoria.example/diplomas/did.jsonl"
    assert resolver().resolve(parallel["id"]).document.id == parallel["id"]
    assert did not in Path("public/did.json").read_text().replace(json.dumps([did]), "")


def test_a_backup_has_the_history_and_goes_on_where_it_was(school: Desk) -> None:
    assert school.type("key", "rotate") == 0
    before = Path("home/did.jsonl").read_bytes()
    assert school.type("backup", "home.backup") == 0
    assert school.type("restore", "home.backup", "--home", "again") == 0
    assert Path("again/did.jsonl").read_bytes() == before
    assert school.type("key", "rotate", "--home", "again") == 0
    assert Path("again/did.jsonl").read_bytes().count(b"\n") == 3


def test_without_the_update_key_the_lists_are_published_and_the_change_waits(school: Desk) -> None:
    Path("home/keys/update-2.key").rename("update-2.key")
    assert school.type("key", "retire", "status-1") == 0
    assert "the key that may continue the history is not in keys/" in school.err
    assert school.type("publish", "public") == 0
    assert "published as it was" in school.err
    assert Path("public/status").exists() or Path("public/digests.jwt").exists()
    Path("update-2.key").rename("home/keys/update-2.key")
    assert school.type("did", "webvh", "update") == 0
    assert school.type("did", "webvh", "log") == 0
    assert "key status-1 retired" in school.out


def test_what_witnesses_have_not_seen_is_not_published(school: Desk) -> None:
    assert (
        school.type(
            "init", "--home", "ministry", "--name", "Ministry", "--url", "https://min.example", "--did", "key"
        )
        == 0
    )
    witness = school.out.strip()
    assert school.type("did", "webvh", "witnesses", witness) == 0
    assert school.type("key", "rotate") == 0
    assert school.type("publish", "public") == 0
    assert "2 versions of the history wait for witnesses" in school.err
    did = Home.find("home").did
    assert resolver().resolve(did).version_number == 1
    (key,) = Path("ministry/keys").glob("*.key")
    approve = ("did", "webvh", "witness", "home/did.jsonl", "--key", str(key))
    assert school.type(*approve, "--known", "public/did.jsonl") == 0
    Path("proof.json").write_text(school.out)
    assert school.type("did", "webvh", "approve", "proof.json") == 0
    assert school.type("publish", "public") == 0
    assert resolver().resolve(did).version_number == 3
    Path("other.jsonl").write_bytes(b"{}\n" + Path("home/did.jsonl").read_bytes())
    assert school.type(*approve, "--known", "other.jsonl") == 2
    assert "does not continue other.jsonl" in school.err


def test_a_proof_that_approves_of_nothing_is_not_taken_in(school: Desk) -> None:
    for text in ("{", "[]", '{"versionId": "1-x", "proof": []}'):
        Path("proof.json").write_text(text)
        assert school.type("did", "webvh", "approve", "proof.json") == 2
    assert not Path("home/did-witness.json").exists()


def test_who_is_no_witness_cannot_approve(school: Desk) -> None:
    assert school.type("did", "webvh", "witness", "home/did.jsonl", "--key", "home/keys/key-1.key") == 2
    assert "is no witness of" in school.err


def test_a_did_that_is_given_up_signs_nothing_after_and_what_it_signed_stays(school: Desk) -> None:
    assert school.type(*ISSUE, "--out", "diplomas", "--no-pdf") == 0
    assert school.type("publish", "public") == 0
    assert school.type("did", "webvh", "deactivate") == 2
    assert school.type("did", "webvh", "deactivate", "--yes") == 0
    home = Home.find("home")
    Path("public/did.jsonl").write_bytes(home.log_file.read_bytes())
    found = resolver()
    assert found.resolve(home.did).deactivated
    history = found.resolve(home.did).history
    assert history is not None
    begun = history.versions[0].entry.time
    assert found.method(f"{home.did}#key-1", "assertionMethod", begun).version.startswith("1-")
    assert school.type("key", "rotate") == 0
    assert school.type("did", "webvh", "update") == 0
    assert "the history says all there is to say" in school.err


def test_a_history_that_is_damaged_stops_the_publishing_and_says_what_to_do(school: Desk) -> None:
    log = Path("home/did.jsonl")
    log.write_bytes(log.read_bytes().replace(b"assertionMethod", b"assertionMethoD", 1))
    assert school.type("publish", "public") == 2
    assert "the history of did:webvh:" in school.err
    assert "bring back did.jsonl" in school.err


def test_a_school_without_a_history_is_told_so(desk: Desk) -> None:
    assert desk.type("did", "webvh", "log") == 2
    assert "which has no history" in desk.err


class Hosts:
    """The old host and the new one, each serving its part of the public folder."""

    def __init__(self) -> None:
        self.places = {
            "https://valdoria.example/diplomas/": Path("public/formerly/valdoria.example/diplomas"),
            "https://education.example/": Path("public"),
        }

    def get(self, url: str, *, accept: str = "*/*", max_bytes: int = 4_000_000) -> Fetched:
        for start, folder in self.places.items():
            file = folder / url.removeprefix(start)
            if url.startswith(start) and file.is_file():
                return Fetched(url, file.read_bytes(), "", datetime.now(UTC))
        raise EvidenceUnusable(f"{url} is not there")


def verdicts(folder: str) -> set[str]:
    """What somebody makes of the records in a folder who knows the school by its first name only."""
    hosts = Hosts()
    verifier = Verifier(
        Resolver(hosts), hosts, [PinnedTrust.load(Path("trusted.json").read_text(), "application/json")]
    )
    documents = [decode(path.read_bytes()) for path in Path(folder).iterdir()]
    return {verifier.verify(document, at=datetime.now(UTC)).headline.value for document in documents}


@pytest.mark.parametrize("point", ["", *MOVING_POINTS])
def test_a_school_that_moves_takes_its_history_along_and_goes_on_publishing_where_it_was(
    school: Desk, point: str
) -> None:
    assert school.type(*ISSUE, "--out", "before", "--no-pdf") == 0
    assert school.type("publish", "public") == 0
    Path("trusted.json").write_bytes(Path("public/trust.json").read_bytes())
    former = Home.find("home").did
    if point:
        killed_at(point, "did", "webvh", "move", "https://education.example")
    assert school.type("did", "webvh", "move", "https://education.example") == 0
    home = Home.find("home")
    assert home.did == former.replace("valdoria.example:diplomas", "education.example")
    assert home.formerly == ((former, "https://valdoria.example/diplomas"),)
    head = SHEET.splitlines()[0]
    Path("graduates.csv").write_text(
        f"{head}\n9,Анна Шевченко,,Nursing,Health,Pass,240,2026-07-03,V-9\n", "utf-8"
    )
    assert school.type(*ISSUE, "--out", "after", "--no-pdf") == 0
    assert school.type("publish", "again") == 0
    Path("public").rename("old")
    Path("again").rename("public")
    assert verdicts("before") == {"genuine"}
    assert verdicts("after") == {"genuine"}
    if point:
        return
    with home.ledger() as ledger:
        (record,) = (each for each in ledger.each(home.did) if each.number == "V-1")
    assert school.type("revoke", record.id, "--reason", "withdrawn") == 0
    assert school.type("publish", "public") == 0
    assert verdicts("before") == {"genuine", "revoked"}
    assert school.type("did", "webvh", "log") == 0
    assert "moved to education.example" in school.out
    assert school.type("did", "webvh", "move", "https://education.example") == 2
