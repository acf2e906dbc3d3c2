"""Where the official vectors lie: beside the checkout, or where TESTAMUR_VECTORS says."""

import os
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


def vectors(topic: str) -> Path:
    """The folder of one topic; CI fails where it is missing, other machines leave the test out by name."""
    root = Path(os.environ.get("TESTAMUR_VECTORS") or SHARED / "vectors")
    folder = root / topic
    if not folder.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail(f"official vectors are missing: {topic}")
        pytest.skip(f"left out: official vectors {topic}")
    return folder


def contexts_index() -> Path:
    """The index of official contexts with their digests."""
    path = vectors("vc-di-eddsa").parent.parent / "contexts" / "index.json"
    if not path.is_file():
        if os.environ.get("CI") == "true":
            pytest.fail("the index of official contexts is missing")
        pytest.skip("left out: index of official contexts")
    return path
