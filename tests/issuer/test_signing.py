"""Which of several keys signs."""

from datetime import UTC, datetime
from pathlib import Path

from testamur.home import Home
from testamur.issuer.signing import active_key
from testamur.keys import PrivateKey
from testamur.store import KeyEntry, Ledger

NOW = datetime(2026, 7, 1, tzinfo=UTC)
DID = "did:web:diplomas.example.edu"


def entry(name: str, use: str = "assertion") -> KeyEntry:
    key = PrivateKey.generate("Ed25519").public_key
    return KeyEntry(id=name, multikey=key.multikey, algorithm="Ed25519", created=NOW, use=use)


def test_of_keys_made_in_one_second_the_tenth_signs_and_not_the_ninth(tmp_path: Path) -> None:
    home = Home(tmp_path, "Valdoria", "https://diplomas.example.edu", DID, "", "diplomas.example.edu")
    with Ledger.open(f"sqlite:///{tmp_path}/ledger.sqlite") as ledger:
        for number in (10, 9, 1):
            ledger.add_key(DID, entry(f"key-{number}"))
        ledger.add_key(DID, entry("status-1", "status"))
        assert active_key(home, ledger, "assertion").id == "key-10"
        assert [key.id for key in ledger.keys(DID)] == ["key-1", "key-9", "key-10", "status-1"]
