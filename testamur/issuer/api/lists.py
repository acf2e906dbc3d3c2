"""The status lists of an instance, signed anew when a bit was set or they grow old."""

from __future__ import annotations

from datetime import datetime

from testamur.fetch import Memory
from testamur.issuer.api.instance import IssuerInstance
from testamur.jsontext import write_json
from testamur.proofs import DataIntegrity, SecuredDocument, VcJwt, suite_for
from testamur.status import list_credential
from testamur.store import SetBit, StatusList
from testamur.vcalm import now

_SIGNED_FOR = 600.0  # seconds until an unchanged list is signed anew
_LISTS = 64
_DATA_INTEGRITY = ("Ed25519", "P-256", "P-384")


class StatusLists:
    """The lists of one instance, by number."""

    def __init__(self, instance: IssuerInstance) -> None:
        self._instance = instance
        self._memory: Memory[SecuredDocument] = Memory(_LISTS, _SIGNED_FOR)

    def find(self, number: str) -> SecuredDocument | None:
        """The list of this number, signed; None where there is none."""
        ledger = self._instance.equipment.ledger
        if ledger is None or not (number.isascii() and number.isdigit()) or len(number) > 9:
            return None
        issuer = self._instance.equipment.issuer_id
        found = next((each for each in ledger.lists(issuer) if each.number == int(number)), None)
        if found is None:
            return None
        bits = ledger.set_bits(found.id)
        return self._memory.get((found.id, frozenset(bits)), lambda: self._signed(found, bits, now()))

    def page(self, rest: str) -> tuple[bytes, str] | None:
        """The same for the server's own look-ups, by what stands after ``/status-lists/``."""
        secured = self.find(rest)
        return (secured.text.encode(), secured.media_type) if secured else None

    def _signed(self, found: StatusList, bits: dict[int, SetBit], at: datetime) -> SecuredDocument:
        equipment = self._instance.equipment
        url = f"{equipment.status_url}/{found.number}{equipment.status_suffix}"
        document = list_credential(
            url, equipment.issuer_id, bits, purpose=found.purpose, at=at, size=found.size
        )
        key = equipment.signer.public_key
        how = DataIntegrity(suite_for(key)) if key.algorithm in _DATA_INTEGRITY else VcJwt()
        return how.secure(write_json(document), equipment.signer, at=at)
