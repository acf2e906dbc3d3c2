"""A registrar's desk: a folder with a home in it, and commands that are typed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from testamur.cli import run

SHEET = """\
student_number,name,name_latin,programme,field,grade,credits,awarded,diploma_number
1,Inés Quiroga,,Nursing,Health,Pass,240,2026-07-03,V-1
2,សុខា សុខ,Sokha Sok,Nursing,Health,Pass,240,2026-07-03,V-2
3,فاطمة المنصوري,Fatima al-Mansuri,Nursing,Health,Pass,240,2026-07-03,V-3
"""
ISSUE = ("issue", "graduates.csv", "--template", "diploma", "--key", "student_number")


@dataclass
class Desk:
    """Where the registrar works, and what the last command said."""

    folder: Path
    capture: pytest.CaptureFixture[str]
    out: str = ""
    err: str = ""

    def type(self, *arguments: str) -> int:
        self.capture.readouterr()
        code = run(arguments)
        self.out, self.err = self.capture.readouterr()
        return code


@pytest.fixture
def desk(tmp_path, monkeypatch, capsys) -> Desk:
    monkeypatch.chdir(tmp_path)
    for name, value in (("HOME", "home"), ("PASSPHRASE", "ማር")):
        monkeypatch.setenv(f"TESTAMUR_{name}", value)
    desk = Desk(tmp_path, capsys)
    assert desk.type("init", "--name", "Valdoria", "--url", "https://valdoria.example") == 0
    assert desk.type("template", "new", "diploma") == 0
    Path("graduates.csv").write_text(SHEET, "utf-8")
    return desk
