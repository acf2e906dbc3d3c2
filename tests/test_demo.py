"""The demo's town is played to its end, twice, and leaves the environment as it was."""

import os
from pathlib import Path

import pytest

from testamur.cli import run


@pytest.mark.slow
def test_the_demo_plays_to_its_end_and_again(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TESTAMUR_HOME", "somebody's own")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("TESTAMUR_PASSPHRASE", raising=False)
    assert run(["demo"]) == 0
    out, err = capsys.readouterr()
    headlines = [line.split("  ")[0] for line in out.splitlines() if line[:2].isupper() and "  " in line]
    assert headlines == ["GENUINE", "GENUINE", "NOT GENUINE", "REVOKED"]
    assert "All as it should be" in err
    assert all(Path(line.strip()).exists() for line in out.splitlines()[-4:])
    assert len(list(Path("demo/diplomas").glob("*.pdf"))) == 24
    assert os.environ["TESTAMUR_HOME"] == "somebody's own"
    assert "TESTAMUR_PASSPHRASE" not in os.environ
    assert run(["demo"]) == 0


def test_the_demo_leaves_a_folder_with_other_things_alone(tmp_path, capsys):
    (tmp_path / "thesis.odt").touch()
    assert run(["demo", "--to", str(tmp_path)]) == 2
    assert "holds other things" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.odt"]
