"""The vault: what opens it, what does not, and that nothing of it can be read or changed by others."""

import base64
import json
import os
import struct
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from shamir_mnemonic import generate_mnemonics

from testamur.errors import Malformed, OperatorError, TestamurError
from testamur.vault import (
    Contact,
    Contents,
    Enclosure,
    Event,
    HeldForm,
    HeldRecord,
    HolderKey,
    Look,
    Passphrase,
    RandomKey,
    SealedVault,
    Vault,
    VaultFile,
    guardians_of,
    new_device,
    new_guardians,
    new_recovery,
    open_device,
    recovery_of,
    seal_device,
)
from testamur.vault.unlocking import make_slot

AT = datetime(2026, 9, 1, tzinfo=UTC)
NAME, GRADE = "ሰላም ተስፋዬ", "17.5 of 20"
CHEAP = Passphrase("ስንዴ እና ማር", passes=1, memory=8192)


def a_record(number: int = 1) -> HeldRecord:
    text = json.dumps({"name": NAME, "grade": GRADE, "number": number}, ensure_ascii=False)
    return HeldRecord(
        f"urn:uuid:{number}",
        (HeldForm(text, "ldp_vc", "application/vc", "key-1"),),
        "2026-09-01T00:00:00Z",
        "file diploma.pdf",
        (Look("2026-09-01T00:00:00Z", "genuine", {"facts": {"holder": NAME}}, "Not revoked"),),
        (Enclosure("diploma.pdf", "application/pdf", b"%PDF-1.7 \0\xff"),),
        display={"name": "Diploma"},
    )


FULL = Contents(
    (a_record(),),
    (HolderKey("key-1", "Ed25519", bytes(range(32)), "did:key:z6Mk", "https://school.example", "2026"),),
    (Event("e", "2026-09-01T00:00:00Z", "received", ("urn:uuid:1",), "school", shown=("name",)),),
    (Contact("did:web:school.example", "Universidad", "2026"),),
    {"language": "am"},
)


def a_vault(*unlocks) -> Vault:
    return Vault.make(unlocks or (CHEAP,), at=AT).holding(FULL)


def test_what_is_put_in_comes_out_again():
    sealed = SealedVault.parse(a_vault().seal())
    opened = sealed.unlock(CHEAP)
    assert opened.contents == FULL
    assert (sealed.version, opened.version) == (1, 1)
    assert SealedVault.parse(opened.seal()).version == 2


def test_each_way_opens_it_and_no_other_does():
    device, (recovery, words) = new_device(), new_recovery()
    guardians, shares = new_guardians(2, 3)
    passkey = RandomKey("passkey", bytes(range(32)))
    sealed = SealedVault.parse(a_vault(CHEAP, device, recovery, guardians, passkey).seal())
    for unlock in (CHEAP, device, passkey, recovery_of(words), guardians_of([shares[2], shares[0]])):
        assert sealed.unlock(unlock).contents == FULL
    for wrong in (
        Passphrase("ስንዴ እና ወተት"),
        new_device(),
        new_recovery()[0],
        RandomKey("device", passkey.secret),  # the right bytes, in a slot of another kind
    ):
        with pytest.raises(OperatorError):
            sealed.unlock(wrong)
    assert len(words.split()) == 20
    assert words.upper() != words
    assert recovery_of("  ".join(words.upper().split())) == recovery_of(words)


def test_fewer_guardians_than_needed_open_nothing_and_a_wrong_word_is_noticed():
    _, shares = new_guardians(3, 5)
    with pytest.raises(OperatorError):
        guardians_of(shares[:2])
    first = shares[0].split()
    first[6] = "academic" if first[6] != "academic" else "acid"
    with pytest.raises(OperatorError):
        guardians_of([" ".join(first), *shares[1:3]])
    for threshold, count in ((1, 2), (4, 3), (0, 0), (2, 17)):
        with pytest.raises(OperatorError):
            new_guardians(threshold, count)


def test_words_that_ask_for_minutes_of_work_are_refused_at_once():
    slow = generate_mnemonics(1, [(1, 1)], bytes(16), iteration_exponent=8)[0][0]
    began = time.monotonic()
    with pytest.raises(OperatorError, match="another kind"):
        recovery_of(slow)
    assert time.monotonic() - began < 1
    with pytest.raises(OperatorError):
        guardians_of([new_recovery()[1]] * 17)


def test_a_pin_opens_the_key_of_a_device_only():
    device = new_device()
    kept = seal_device(device, "4711", passes=1, memory=8192)
    assert open_device(kept, "4711") == device
    with pytest.raises(OperatorError):
        open_device(kept, "4712")
    with pytest.raises(Malformed):
        open_device(kept.replace(b'"memory":8192', b'"memory":8'), "4711")
    sealed = SealedVault.parse(a_vault(CHEAP, device).seal())
    with pytest.raises(OperatorError):
        sealed.unlock(Passphrase("4711"))


def test_a_changed_bit_anywhere_is_noticed():
    data = a_vault().seal()
    for place in range(0, len(data), 97):
        changed = bytearray(data)
        changed[place] ^= 1
        with pytest.raises(TestamurError):
            SealedVault.parse(bytes(changed)).unlock(CHEAP)
    for length in (0, 10, 20, 200, len(data) - 1):
        with pytest.raises(TestamurError):
            SealedVault.parse(data[:length]).unlock(CHEAP)


def _with_header(data: bytes, **changes: object) -> bytes:
    start = data.index(b"\n") + 5
    (length,) = struct.unpack(">I", data[start - 4 : start])
    header = json.loads(data[start : start + length])
    header["slots"][0]["kdf"] |= changes
    raw = json.dumps(header).encode()
    return data[: start - 4] + struct.pack(">I", len(raw)) + raw + data[start + length :]


@pytest.mark.parametrize(
    "changes",
    [{"passes": 10**9}, {"memory": 2**40}, {"memory": 1}, {"passes": 0}, {"passes": True}, {"name": "md5"}],
)
def test_a_file_cannot_ask_for_endless_work(changes):
    with pytest.raises(Malformed):
        SealedVault.parse(_with_header(a_vault().seal(), **changes))


def test_many_slots_cannot_ask_for_endless_work_together():
    dear = Passphrase("x", passes=16, memory=2**28)
    slots = [make_slot(CHEAP, bytes(32), "x", made="") for _ in range(3)]
    slots = [replace(slot, kdf=dear.parameters()) for slot in slots]
    few, many = (replace(a_vault(), slots=tuple(slots[:count])).seal() for count in (2, 3))
    assert SealedVault.parse(few).slots
    with pytest.raises(Malformed, match="too long"):
        SealedVault.parse(many)


def test_a_passphrase_costs_what_rfc_9106_recommends():
    slot = Vault.make([Passphrase("x")], at=AT).slots[0]
    assert (slot.kdf["name"], slot.kdf["passes"], slot.kdf["memory"]) == ("argon2id", 3, 64 * 2**20)
    begun = time.perf_counter()
    Passphrase("y").key(slot.kdf)
    assert time.perf_counter() - begun > 0.03


def test_who_is_shut_out_opens_nothing_new_and_a_new_key_shuts_out_every_copy_of_the_old_one():
    device = new_device()
    vault = a_vault(CHEAP, device)
    shut = vault.without(vault.slots[1].id)
    with pytest.raises(OperatorError):
        SealedVault.parse(shut.seal()).unlock(device)
    with pytest.raises(OperatorError):
        shut.without(shut.slots[0].id)
    anew = SealedVault.parse(vault.rekeyed([CHEAP], at=AT).seal())
    with pytest.raises(Malformed):
        anew.open(vault.key)
    assert anew.unlock(CHEAP).contents == FULL


def _readings(word: str) -> list[bytes]:
    raw = [word.encode(), word.encode("utf-16-le"), json.dumps(word)[1:-1].encode()]
    shifted = [base64.b64encode(b" " * n + word.encode())[4:-4] for n in range(3)]
    return [*raw, *shifted]


def test_nothing_in_the_file_can_be_read_and_its_length_tells_little(tmp_path):
    place = VaultFile(tmp_path / "w.vault")
    place.create(a_vault())
    data = place.path.read_bytes()
    for word in (NAME, GRADE, "did:key:z6Mk", "school.example"):
        assert not any(reading in data for reading in _readings(word))
    assert place.path.stat().st_mode & 0o077 == 0
    longer = replace(FULL, records=(a_record(), a_record(22)))
    assert len(a_vault().holding(longer).seal()) == len(data)
    assert "ስንዴ" not in repr(CHEAP)
    assert str(base64.b16encode(a_vault().key)) not in repr(a_vault())


def test_a_file_is_not_written_over_a_change_that_was_not_seen(tmp_path):
    place = VaultFile(tmp_path / "w.vault")
    place.create(a_vault())
    sealed, digest = place.read()
    first = sealed.unlock(CHEAP)
    place.write(first.holding(replace(FULL, settings={"n": 1})), digest)
    with pytest.raises(OperatorError, match="in the meantime"):
        place.write(first.holding(replace(FULL, settings={"n": 2})), digest)
    assert place.read()[0].unlock(CHEAP).contents.settings == {"n": 1}
    with pytest.raises(OperatorError, match="exists already"):
        place.create(a_vault())
    assert sorted(path.name for path in tmp_path.iterdir()) == [".w.vault.lock", "w.vault"]


@pytest.mark.parametrize(
    "junk", [b"", b"testamur vault 1\n", b"testamur vault 2\nxxxxxxxxxx", b"\0" * 500, b"{}"]
)
def test_what_is_no_vault_is_refused(junk):
    with pytest.raises(Malformed):
        SealedVault.parse(junk)


def test_what_a_killed_process_left_is_swept_and_nothing_of_others(tmp_path):
    place = VaultFile(tmp_path / "w.vault")
    left, young, foreign = (tmp_path / f".{letter * 16}.part" for letter in "abc")
    for path in (left, young):
        path.write_bytes(a_vault().seal()[:300])
    foreign.write_bytes(b"somebody's download")
    for path in (left, foreign):
        os.utime(path, (0, 0))
    place.create(a_vault())
    assert [path.exists() for path in (left, young, foreign)] == [False, True, True]
