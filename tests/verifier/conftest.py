"""An employer's desk: a trust file, a published folder in place of the web, and a cache of its own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from testamur.cli import run
from testamur.trust import add_issuer
from tests.mirrors import write_mirror
from tests.town import Town

AT = "2026-09-01T12:00:00Z"


@dataclass
class Desk:
    """A folder to work in, and what a command said."""

    folder: Path
    town: Town
    capture: pytest.CaptureFixture[str]
    out: str = ""
    err: str = ""

    def publish(self) -> None:
        """Write what the school publishes into the folder that stands for its site."""
        write_mirror(self.town.school, self.folder / "public")

    def put(self, name: str, data: bytes | str) -> str:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return str(path)

    def verify(self, *arguments: str, at: str = AT) -> int:
        options = [
            "--max-age",
            "3650d",
            "--trust",
            str(self.folder / "trusted.toml"),
            "--mirror",
            str(self.folder / "public"),
            "--at",
            at,
        ]
        return self.run("verify", *arguments, *options)

    def run(self, *arguments: str) -> int:
        code = run(arguments)
        self.out, self.err = self.capture.readouterr()
        assert "Traceback" not in self.err
        return code


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("TESTAMUR_HOME", raising=False)
    monkeypatch.chdir(tmp_path)
    desk = Desk(tmp_path, Town(), capsys)
    desk.publish()
    desk.put("trusted.toml", add_issuer("", desk.town.school.trusted()))
    return desk
