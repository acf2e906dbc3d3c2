from collections.abc import Iterator

import pytest

from testamur.errors import OperatorError
from testamur.store import KeyEntry, Ledger
from tests.store.people import AT, LATER, SCHOOL

KEY = KeyEntry(id="key-1", multikey="z6Mk1", algorithm="Ed25519", created=AT, uri="file:keys/key-1.key")


@pytest.fixture
def ledger(ledger_url: str) -> Iterator[Ledger]:
    with Ledger.open(ledger_url) as opened:
        opened.add_key(SCHOOL, KEY)
        yield opened


def test_keys_come_back_as_they_were_added_and_per_school(ledger: Ledger) -> None:
    status = KeyEntry(id="key-2", multikey="z6Mk2", algorithm="Ed25519", created=LATER, use="status")
    ledger.add_key(SCHOOL, status)
    assert ledger.keys(SCHOOL) == [KEY, status]
    assert ledger.keys("did:web:other.example") == []


def test_a_key_name_is_given_once(ledger: Ledger) -> None:
    with pytest.raises(OperatorError, match="key-1 already, and it is active"):
        ledger.add_key(SCHOOL, KEY)


def test_a_retired_key_expires_and_a_compromised_one_is_revoked(ledger: Ledger) -> None:
    ledger.retire_key(SCHOOL, "key-1", LATER)
    (key,) = ledger.keys(SCHOOL)
    assert (key.state, key.expires, key.revoked) == ("retired", LATER, None)
    ledger.compromise_key(SCHOOL, "key-1", AT)
    (key,) = ledger.keys(SCHOOL)
    assert (key.state, key.expires, key.revoked) == ("compromised", LATER, AT)


def test_a_compromised_key_does_not_become_merely_retired(ledger: Ledger) -> None:
    ledger.compromise_key(SCHOOL, "key-1", AT)
    with pytest.raises(OperatorError, match="compromised already"):
        ledger.retire_key(SCHOOL, "key-1", LATER)


def test_an_unknown_key_is_named(ledger: Ledger) -> None:
    with pytest.raises(OperatorError, match="there is no key key-9"):
        ledger.retire_key(SCHOOL, "key-9", LATER)
