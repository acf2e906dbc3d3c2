"""Both sides of witnessing: approving of somebody's log, and taking in what witnesses sent back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from testamur.did import approvals, prove, read_witness_file
from testamur.errors import OperatorError, TestamurError
from testamur.files import read_bounded, write_whole
from testamur.home import Home
from testamur.issuer.history import Ask, history_of, read_foreign
from testamur.jsontext import Json, parse_object, write_json
from testamur.keys import read_key_file
from testamur.publishing import history_files

_MAX_PROOF = 20_000


def approve_of(file: Path, key_file: Path, ask: Ask, *, known: Path | None = None) -> Json:
    """Return the proof over the newest version of a log; raises OperatorError where it is not to be approved of."""
    history = read_foreign(file)
    if known is not None and not file.read_bytes().startswith(known.read_bytes()):
        raise OperatorError(f"{file} does not continue {known}", hint="ask its owner what became of the rest")
    key = read_key_file(key_file)
    name = f"did:key:{key.public_key.multikey}"
    asked = {*history.newest.witnesses.ids, *history.newest.parameters.witness.ids}
    if name not in asked:
        raise OperatorError(f"{name} is no witness of {history.newest.entry.did}")
    version_id = history.newest.entry.version_id
    signer = key.unlock(ask(f"Passphrase for {key_file}"))
    return {
        "versionId": version_id,
        "proof": [prove({"versionId": version_id}, signer, at=datetime.now(UTC))],
    }


def take_in(home: Home, files: Sequence[Path]) -> int:
    """Keep the proofs in these files; returns how many versions still wait. Raises OperatorError for one that does not hold."""
    history = history_of(home)
    kept = read_witness_file(home.site.witness_proofs) if home.site.witness_proofs else []
    for file in files:
        proof = _read(file)
        if not approvals(history, [proof]):
            raise OperatorError(
                f"{file} approves of no version of the history, or not by a witness of it",
                hint="send the witness the home's own did.jsonl",
            )
        kept = [each for each in kept if each != proof] + [proof]
    write_whole(home.witness_file, write_json(kept).encode("utf-8"))
    return history_files(home.site, at=datetime.now(UTC)).held_back


def _read(file: Path) -> Json:
    try:
        return parse_object(read_bounded(file, _MAX_PROOF), max_bytes=_MAX_PROOF, max_depth=8)
    except TestamurError as error:
        raise OperatorError(f"{file} is no proof of a witness: {error}") from None
