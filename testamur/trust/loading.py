"""A trust file from the disk."""

from __future__ import annotations

from pathlib import Path

from testamur.errors import Malformed, OperatorError
from testamur.files import read_bounded
from testamur.trust.pinned import PinnedTrust
from testamur.trust.reading import MAX_TEXT

MEDIA_TYPES = {".toml": "application/toml", ".json": "application/json"}
"""By the end of a trust file's name."""


def load_pinned(path: Path) -> PinnedTrust:
    """The issuers of a trust file; raises OperatorError saying what is wrong with it."""
    media = MEDIA_TYPES.get(path.suffix.lower())
    if media is None:
        raise OperatorError(f"{path} is no trust file: its name must end in {' or '.join(MEDIA_TYPES)}")
    try:
        return PinnedTrust.load(read_bounded(path, MAX_TEXT).decode("utf-8-sig"), media, label=str(path))
    except UnicodeDecodeError:
        raise OperatorError(f"{path} is not UTF-8 text") from None
    except Malformed as error:
        raise OperatorError(f"{path}: {error}") from None
