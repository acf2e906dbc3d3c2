"""Packages of npm for the tests: as a lock file pins them, in a folder outside the tree, never installed twice."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from fcntl import LOCK_EX, flock
from hashlib import sha256
from pathlib import Path
from typing import Any

from benchmarks.peers.installing import LeftOut, cache_folder, node, npm_command
from tests.leaving_out import leave_out

_NPM = ("package.json", "package-lock.json")


def installed(folder: Path) -> Path:
    """A copy of the folder with its packages beside it; where they cannot be had the test is left out."""
    try:
        node()
        npm = npm_command()
        digest = sha256(b"".join((folder / name).read_bytes() for name in _NPM)).hexdigest()[:12]
        place = cache_folder() / f"npm-{digest}"
        place.parent.mkdir(parents=True, exist_ok=True)
        with (place.parent / f"{place.name}.lock").open("w") as lock:
            flock(lock, LOCK_EX)
            if not (place / "whole").exists():
                shutil.rmtree(place, ignore_errors=True)
                place.mkdir()
                for name in _NPM:
                    shutil.copy(folder / name, place)
                command = [*npm, "ci", "--silent", "--no-fund", "--no-audit", "--ignore-scripts"]
                done = subprocess.run(command, cwd=place, capture_output=True, timeout=300, check=False)
                if done.returncode:
                    raise LeftOut(f"npm ci: {done.stderr.decode(errors='replace')[:300]}")
                (place / "whole").touch()
            for script in folder.glob("*.mjs"):
                shutil.copy(script, place)
    except (LeftOut, OSError, subprocess.TimeoutExpired) as error:
        leave_out(f"wallets of npm ({error})")
    return place


def run_script(place: Path, script: str, tasks: Any) -> Any:
    """What a script answers to tasks."""
    environment = {**os.environ, "NODE_NO_WARNINGS": "1"}
    done = subprocess.run(
        [node(), script, json.dumps(tasks)],
        cwd=place,
        capture_output=True,
        timeout=240,
        check=False,
        env=environment,
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")[-2000:]
    return json.loads(done.stdout.decode().strip().splitlines()[-1])
