"""The example in the README runs, and says what it should."""

import subprocess
import sys
from pathlib import Path

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "library.py"


def test_the_library_issues_publishes_and_verifies_in_one_small_program() -> None:
    done = subprocess.run([sys.executable, EXAMPLE], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("genuine – ሰላም በቀለ\n")
    assert [line.split()[1] for line in done.stdout.splitlines()[1:]] == [
        "form", "proof", "dates", "status", "schema", "issuer", "holder",
    ]  # fmt: skip
