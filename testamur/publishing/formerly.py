"""What a school that moved goes on publishing under its former name: the history, and the lists of diplomas that are out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from testamur.keys import PublicKey, Signer
from testamur.publishing.histories import history_files
from testamur.publishing.lists import signed_lists
from testamur.publishing.site import Site
from testamur.store import Ledger


@dataclass(frozen=True, slots=True)
class RenamedSigner:
    """The same key under the name it had before a move."""

    signer: Signer
    verification_method: str

    @property
    def public_key(self) -> PublicKey:
        """The key's public half."""
        return self.signer.public_key

    def sign(self, data: bytes) -> bytes:
        """The signature of the key."""
        return self.signer.sign(data)


def former_files(site: Site, ledger: Ledger, signer: Signer, *, at: datetime) -> Iterator[tuple[str, bytes]]:
    """A folder ``formerly/HOST`` for each former place, which its host serves in place of what was there."""
    for former in site.former_sites:
        place = f"formerly/{former.url.removeprefix('https://')}"
        if former.did_path:
            stem = former.did_path.removesuffix("did.json")
            files = history_files(former, at=at).by_name
            yield from ((f"{place}/{stem}{name}", data) for name, data in files if name != "did.json")
        fragment = signer.verification_method.partition("#")[2]
        renamed = RenamedSigner(signer, f"{former.did}#{fragment}")
        for path, data in signed_lists(former, ledger, renamed, at=at):
            yield f"{place}/{path}", data
