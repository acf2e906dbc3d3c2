"""Leaving a test out by name where something of the machine is missing; CI leaves nothing out."""

import os
from typing import NoReturn

import pytest


def leave_out(what: str) -> NoReturn:
    """Skip the test and say what is missing; in CI, fail."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI leaves nothing out: {what}")
    pytest.skip(f"left out: {what}")
