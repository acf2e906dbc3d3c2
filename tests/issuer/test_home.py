"""The passphrase file, a backup brought back into the folder one stands in, and links in a home."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from testamur.console import counted, read_passphrase
from testamur.errors import OperatorError


@pytest.mark.parametrize("content", ["ማር\n", "\ufeffማር\r\nmore\n", "ማር"])
def test_the_passphrase_is_the_first_line_of_its_file(tmp_path, content):
    path = tmp_path / "pass.txt"
    path.write_bytes(content.encode())
    assert read_passphrase(path) == "ማር"


def test_a_passphrase_may_come_through_a_pipe():
    reading, writing = os.pipe()
    os.write(writing, "ማር\n".encode())
    os.close(writing)
    assert read_passphrase(Path(f"/dev/fd/{reading}")) == "ማር"


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfem\x00"])
def test_a_passphrase_file_that_says_nothing_usable_is_refused(tmp_path, content):
    (tmp_path / "pass.txt").write_bytes(content)
    with pytest.raises(OperatorError):
        read_passphrase(tmp_path / "pass.txt")


def test_an_endless_passphrase_file_is_not_read_to_its_end():
    assert len(read_passphrase(Path("/dev/zero"))) == 4096


def test_numbers_and_nouns_agree():
    assert [counted(n, "record") for n in (0, 1, 2, 1200)] == [
        "0 records", "1 record", "2 records", "1,200 records",
    ]  # fmt: skip


def test_a_home_is_restored_into_the_empty_folder_one_stands_in(desk, monkeypatch):
    linked = desk.folder / "course.toml"
    linked.write_bytes(Path("home/templates/diploma.toml").read_bytes())
    Path("home/templates/course.toml").symlink_to(linked)
    assert desk.type("backup", "school.bin") == 0
    place = desk.folder / "new"
    place.mkdir()
    (place / ".restore-killed").mkdir()
    monkeypatch.chdir(place)
    monkeypatch.setenv("TESTAMUR_HOME", ".")
    assert desk.type("restore", "../school.bin") == 0
    assert desk.type("template", "list") == 0
    assert desk.out.split() == ["course", "diploma"]
    names = {path.name for path in place.iterdir()}
    assert {"keys", "templates", "testamur.toml", "ledger.sqlite"} <= names
    assert not any(name.startswith(".restore") for name in names)
    assert not (place / "templates/course.toml").is_symlink()
