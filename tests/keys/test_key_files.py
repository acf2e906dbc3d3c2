import json
import stat
import unicodedata

import pytest

from testamur.errors import OperatorError
from testamur.keys import PrivateKey, open_signer, read_key_file, write_key_file

METHOD = "did:web:school.example#key-1"
PASSPHRASE = "चाबी café مفتاح"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    path = tmp_path_factory.mktemp("keys") / "registrar.key"
    key = PrivateKey.generate("Ed25519")
    write_key_file(path, key, PASSPHRASE, verification_method=METHOD)
    return path, key


def test_a_key_comes_back_out_of_its_file(made):
    path, key = made
    asked = []
    signer = open_signer(f"file:{path}", ask=lambda prompt: asked.append(prompt) or PASSPHRASE)
    assert signer.public_key == key.public_key
    assert signer.verification_method == METHOD
    key.public_key.verify(signer.sign(b"x"), b"x")
    assert len(asked) == 1


def test_the_file_is_for_its_owner_only_and_nothing_else_is_left_beside_it(made):
    path, _ = made
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["registrar.key"]


def test_the_file_shows_the_public_half_without_its_passphrase(made):
    path, key = made
    said = read_key_file(path)
    assert (said.public_key, said.verification_method) == (key.public_key, METHOD)
    assert key.secret.hex() not in path.read_text()
    assert "secret" not in repr(said).replace("secretKey", "")


def test_a_passphrase_is_the_same_however_its_accents_are_typed(made):
    path, key = made
    other = unicodedata.normalize("NFD", PASSPHRASE)
    assert other != PASSPHRASE
    assert read_key_file(path).unlock(other).public_key == key.public_key


@pytest.mark.parametrize("wrong", ["", "चाबी", PASSPHRASE + " "])
def test_a_wrong_passphrase_is_told_to_the_operator(made, wrong):
    with pytest.raises(OperatorError) as told:
        open_signer(f"file:{made[0]}", ask=lambda prompt: wrong)
    assert PASSPHRASE not in str(told.value)
    assert told.value.hint


def test_nobody_to_ask_is_told_to_the_operator(made):
    with pytest.raises(OperatorError, match="nobody to ask"):
        open_signer(f"file:{made[0]}")


def changed(made, tmp_path, change):
    members = json.loads(made[0].read_bytes())
    change(members)
    path = tmp_path / "changed.key"
    path.write_text(json.dumps(members))
    return path


@pytest.mark.parametrize(
    "change",
    [
        lambda m: m.update(verificationMethod="did:web:thief.example#key-1"),
        lambda m: m.update(publicKeyMultibase=PrivateKey.generate("Ed25519").public_key.multikey),
        lambda m: m.update(more="than before"),
        lambda m: m["kdf"].update(passes=4),
        lambda m: m.update(secret=("A" if m["secret"][0] != "A" else "B") + m["secret"][1:]),
    ],
)
def test_a_changed_file_does_not_open(made, tmp_path, change):
    with pytest.raises(OperatorError, match="wrong passphrase, or the file was changed"):
        read_key_file(changed(made, tmp_path, change)).unlock(PASSPHRASE)


@pytest.mark.parametrize(
    "change",
    [
        lambda m: m["kdf"].update(memory=2**40),
        lambda m: m["kdf"].update(memory=True),
        lambda m: m["kdf"].update(passes=10**9),
        lambda m: m["kdf"].update(name="pbkdf2"),
        lambda m: m["kdf"].update(salt="AAAA"),
        lambda m: m["cipher"].update(nonce="!"),
        lambda m: m.update(cipher=None),
        lambda m: m.update(algorithm="P-256"),
        lambda m: m.pop("secret"),
        lambda m: m.update(type="something else"),
    ],
)
def test_a_file_that_asks_for_too_much_or_says_too_little_is_no_key_file(made, tmp_path, change):
    with pytest.raises(OperatorError, match="is not a key file"):
        read_key_file(changed(made, tmp_path, change))


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff\xfe", b"[" * 9000, b" " * 20000], ids=len)
def test_rubbish_is_no_key_file(tmp_path, content):
    path = tmp_path / "rubbish.key"
    path.write_bytes(content)
    with pytest.raises(OperatorError, match=r"is not a key file|is longer than"):
        read_key_file(path)


def test_a_missing_file_and_an_unknown_scheme_are_told_to_the_operator(tmp_path):
    with pytest.raises(OperatorError):
        open_signer(f"file:{tmp_path}/none.key", ask=lambda prompt: "x")
    for uri in ("vault:registrar", "registrar.key", ""):
        with pytest.raises(OperatorError, match="names no signer"):
            open_signer(uri)


def test_a_key_is_not_overwritten_unless_asked(made, tmp_path):
    path = tmp_path / "k.key"
    first, second = PrivateKey.generate("P-256"), PrivateKey.generate("P-384")
    write_key_file(path, first, "x", verification_method=METHOD)
    with pytest.raises(OperatorError, match="exists already"):
        write_key_file(path, second, "x", verification_method=METHOD)
    assert read_key_file(path).public_key == first.public_key
    write_key_file(path, second, "x", verification_method=METHOD, replace=True)
    assert read_key_file(path).unlock("x").public_key == second.public_key


def test_a_folder_that_cannot_be_written_is_told_to_the_operator(tmp_path):
    (tmp_path / "no").touch()
    with pytest.raises(OperatorError, match="could not be written"):
        write_key_file(
            tmp_path / "no" / "k.key", PrivateKey.generate("P-256"), "x", verification_method=METHOD
        )
