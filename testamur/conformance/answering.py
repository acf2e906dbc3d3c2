"""How every conformance command answers: a result and what goes with it, in a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from testamur.console import talk
from testamur.errors import TestamurError, Undecided
from testamur.files import read_bounded, write_whole
from testamur.jsontext import write_json

MAX_INPUT = 4_000_000


def read_input(path: Path) -> bytes:
    """The bytes of an input file, which are bounded; raises OperatorError."""
    return read_bounded(path, MAX_INPUT)


def answer(output: Path, act: Callable[[], Any]) -> int:
    """Write what an act gives as a success or its error as a failure; 0, since it was answered.

    What could not be decided (an unknown feature, a suite that is not known here) is indeterminate.
    """
    try:
        result, data = "success", act()
    except Undecided as error:
        result, data = "indeterminate", str(error)
    except TestamurError as error:
        result, data = "failure", str(error)
    write_whole(output, write_json({"result": result, "data": data}).encode() + b"\n")
    talk(result if result == "success" else f"{result}: {data:.200}")
    return 0
