"""What importing costs: the heavy libraries wait for the first signature."""

import subprocess
import sys

import pytest

HEAVY = ("pyld", "cryptography", "nacl", "httpx", "pkcs11")


@pytest.mark.parametrize("room", ["testamur.keys", "testamur.proofs"])
def test_importing_the_room_loads_none_of_the_heavy_libraries(room):
    code = f"import sys, {room}; print([name for name in {HEAVY!r} if name in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
