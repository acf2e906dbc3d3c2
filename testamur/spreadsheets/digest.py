"""The digest of a file, so that a later change of it is seen."""

from __future__ import annotations

from hashlib import file_digest
from pathlib import Path

from testamur.errors import OperatorError


def digest_of(path: Path) -> bytes:
    """The SHA-256 of a file as it is now; raises OperatorError where it cannot be read."""
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").digest()
    except OSError as error:
        raise OperatorError(f"cannot read {path}: {error.strerror}") from None
