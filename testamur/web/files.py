"""The files of the page with their media types and digests."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable

MEDIA_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
    "wasm": "application/wasm",
    "webmanifest": "application/manifest+json",
    "bin": "application/octet-stream",
    "txt": "text/plain; charset=utf-8",
}
"""By the end of a file's name. A browser runs a module and compiles WebAssembly under its own type only."""

PARTS = ("parts/noble-ed25519.js", "parts/zxing/reader/index.js", "parts/zxing/reader/zxing_reader.wasm")
"""What ``tools/web_parts.py`` brings from npm; without them the page uses what the browser has of itself."""


@dataclass(frozen=True, slots=True)
class WebFile:
    """One file as it is served."""

    path: str  # below the folder it is served from: "scanner.js", "icons/genuine.svg"
    data: bytes

    @property
    def media_type(self) -> str:
        """Its ``Content-Type``."""
        return MEDIA_TYPES[self.path.rpartition(".")[2]]

    @property
    def integrity(self) -> str:
        """Its digest as ``integrity`` attributes and ``fetch`` take it (SRI §3.1)."""
        return "sha256-" + base64.b64encode(sha256(self.data).digest()).decode("ascii")


def web_files() -> tuple[WebFile, ...]:
    """Every file a browser may ask for, in the order of their paths; parts that were not built are not there."""
    return _all()


@cache
def _all() -> tuple[WebFile, ...]:
    room = files("testamur.web")
    found = {path: data for folder in ("page", "parts") for path, data in _below(room.joinpath(folder))}
    named = {
        path.partition("/")[2] if path.startswith("page/") else path: data for path, data in found.items()
    }
    return tuple(WebFile(path, named[path]) for path in sorted(named))


def _below(folder: Traversable) -> Iterator[tuple[str, bytes]]:
    if not folder.is_dir():
        return
    for item in folder.iterdir():
        if item.is_dir():
            yield from ((f"{folder.name}/{path}", data) for path, data in _below(item))
        elif item.name.rpartition(".")[2] in MEDIA_TYPES:
            yield f"{folder.name}/{item.name}", item.read_bytes()


def missing_parts() -> tuple[str, ...]:
    """The parts that were left out when this was built."""
    there = {file.path for file in web_files()}
    return tuple(part for part in PARTS if part not in there)
