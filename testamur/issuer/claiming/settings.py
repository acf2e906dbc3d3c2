"""What an operator sets for wallets: the table ``[wallets]`` of ``desk.toml``, all of it optional."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from testamur.errors import OperatorError
from testamur.files import read_bounded
from testamur.keys import read_certificate
from testamur.openid4vci import FORMATS, Attesters, Rules

_END = "-----END CERTIFICATE-----"
_MAX = 1_000_000


def read_rules(folder: Path, table: Mapping[str, Any]) -> Rules:
    """The rules of an installation; raises OperatorError naming what is wrong."""
    formats = table.get("formats", list(FORMATS))
    if not isinstance(formats, list) or not formats or not set(formats) <= set(FORMATS):
        raise OperatorError(f"formats in [wallets] is a list of {', '.join(FORMATS)}")
    batch = table.get("batch_size", 10)
    if not isinstance(batch, int) or isinstance(batch, bool) or not 1 <= batch <= 100:
        raise OperatorError("batch_size in [wallets] is a number from 1 to 100")
    return Rules(
        haip=table.get("haip", False) is True,
        formats=tuple(formats),
        batch_size=batch,
        attesters=Attesters(
            tuple(read_certificate(text) for text in _certificates(folder, table, "attesters"))
        ),
        attested_keys_only=table.get("attested_keys_only", False) is True,
        dpop_nonces=table.get("dpop_nonces", False) is True,
        x5c=tuple(_bare(text) for text in _certificates(folder, table, "certificates")),
    )


def _certificates(folder: Path, table: Mapping[str, Any], name: str) -> list[str]:
    """The certificates of the PEM files that a setting names, in their order."""
    files = table.get(name, [])
    if not isinstance(files, list) or not all(isinstance(each, str) for each in files):
        raise OperatorError(f"{name} in [wallets] is a list of PEM files")
    found: list[str] = []
    for each in files:
        text = read_bounded(folder / each, _MAX).decode("ascii", "replace")
        found += [part + _END for part in text.split(_END)[:-1]]
    return found


def _bare(pem: str) -> str:
    import base64

    return base64.b64encode(read_certificate(pem)).decode("ascii")
