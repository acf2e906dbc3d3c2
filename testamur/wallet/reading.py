"""What a learner has: a key, and files with a record in them."""

from __future__ import annotations

from pathlib import Path

from testamur.console import ask_passphrase
from testamur.errors import OperatorError, TestamurError
from testamur.files import read_bounded
from testamur.jsontext import parse_object
from testamur.keys import PrivateKey, Signer, open_signer
from testamur.presenting import holder_signer
from testamur.proofs import SecuredDocument
from testamur.scanning import MAX_FILE, read_scan

_MAX_KEY = 16_384


def holder_of(path: Path, passphrase_file: Path | None) -> Signer:
    """The signer of a key file, or of a private JWK, whose holder is then the key itself (did:key)."""
    try:
        members = parse_object(read_bounded(path, _MAX_KEY), max_depth=4)
        if "kty" in members:
            return holder_signer(PrivateKey.from_jwk(members))
    except OperatorError:
        raise
    except TestamurError as error:
        raise OperatorError(f"{path} is no key: {error}") from None
    return open_signer(f"file:{path}", ask=ask_passphrase(passphrase_file))


def record_in(path: Path) -> SecuredDocument:
    """The one record in a file; of several forms of it, as a PDF has them, the fullest."""
    try:
        found = read_scan(read_bounded(path, MAX_FILE), path.name)
    except OperatorError:
        raise
    except TestamurError as error:
        raise OperatorError(f"{path}: {error}") from None
    documents = [each.document for each in found if each.document is not None]
    if not documents:
        raise OperatorError(f"{path} holds no record that could be shown")
    return max(documents, key=lambda document: len(document.text))
