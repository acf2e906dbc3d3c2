"""Whatever is sent through whatever door is answered, soon, in bounded memory, and never with a failure of ours."""

import random
import time
from pathlib import Path

import pytest

from tests.town import Town
from tests.verifier.app_desk import verifying_app
from tests.verifier.uploads import send

MEMORY = 400_000_000
SECONDS = 45.0


@pytest.fixture(scope="module")
def app():
    with verifying_app(Town(), receipts=True) as served:
        yield served


def memory() -> int:
    """The bytes of memory this process, and so the app, has now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


@pytest.mark.parametrize(
    "seeds",
    [
        pytest.param(range(250), id="slice"),
        pytest.param(range(250, 500), id="slice-2"),
        pytest.param(range(1_000, 11_000), id="full", marks=[pytest.mark.soak, pytest.mark.timeout(7200)]),
    ],
)
def test_hostile_uploads_are_answered_without_a_failure_of_ours(app, seeds):
    send(app, random.Random(0))
    before = memory()
    slowest = 0.0
    for seed in seeds:
        begun = time.monotonic()
        door, answer = send(app, random.Random(seed))
        slowest = max(slowest, time.monotonic() - begun)
        assert answer.status < 500, (seed, door, answer.text[:300])
        assert "Traceback" not in answer.body.decode("utf-8", "replace"), (seed, door)
        assert answer.headers["x-content-type-options"] == "nosniff", (seed, door)
    assert slowest < SECONDS
    assert memory() - before < MEMORY
