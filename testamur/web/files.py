"""The files of the page with their media types and digests."""

from __future__ import annotations

import base64
import re
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
    found = dict(_below(files("testamur.web").joinpath("page")))
    return tuple(WebFile(path, _lean(path, found[path])) for path in sorted(found))


_COMMENT = re.compile(r"^[ \t]*(?://[^\n]*|/\*(?:[^*]|\*(?!/))*\*/[ \t]*)\n", re.MULTILINE)


def _lean(path: str, data: bytes) -> bytes:
    """A script or style sheet without the comments that have lines of their own: half of it, on a slow line."""
    if not path.endswith((".js", ".css")) or path.startswith("parts/zxing/"):
        return data
    return _COMMENT.sub("", data.decode("utf-8")).encode("utf-8")


def _below(folder: Traversable, before: str = "") -> Iterator[tuple[str, bytes]]:
    for item in folder.iterdir():
        if item.is_dir():
            yield from _below(item, f"{before}{item.name}/")
        elif item.name.rpartition(".")[2] in MEDIA_TYPES:
            yield before + item.name, item.read_bytes()


def missing_parts() -> tuple[str, ...]:
    """The parts that were left out when this was built."""
    there = {file.path for file in web_files()}
    return tuple(part for part in PARTS if part not in there)
