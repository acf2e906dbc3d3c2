"""Queueing letters: to whom, about which record, and what they say besides."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from typing import Any

from testamur.errors import OperatorError
from testamur.issuer.mailing.letters_text import KINDS
from testamur.keys.box import Box
from testamur.store import Ledger
from testamur.store.mail import NewLetter

_ADDRESS = re.compile(r"[^\s@<>\"(),:;\x00-\x1f]{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,63}")


@dataclass(frozen=True, slots=True)
class Addressed:
    """A record, where its learner is written to, and the claim link where there is one."""

    record_id: str
    address: str
    language: str = ""
    link: str = ""
    until: str = ""


def checked_address(address: str) -> str:
    """An e-mail address that can stand in a header; raises OperatorError otherwise, without repeating it."""
    if not _ADDRESS.fullmatch(address.strip()):
        raise OperatorError("an e-mail address cannot be used")
    return address.strip()


def new_letter(box: Box, kind: str, to: Addressed, *, language: str) -> NewLetter:
    """A letter ready to be queued; its address and link are sealed."""
    if kind not in KINDS:
        raise OperatorError(f"there is no letter {kind!r:.40}", hint=f"there is {', '.join(KINDS)}")
    if kind == "claim" and not to.link:
        raise OperatorError(f"the letter for {to.record_id} has no claim link")
    token = token_hex(16)
    said = {"address": checked_address(to.address), "link": to.link, "until": to.until}
    sealed = box.seal(json.dumps(said).encode("utf-8"), f"letter:{token}")
    return NewLetter(
        token=token, record_id=to.record_id, kind=kind, language=to.language or language, sealed=sealed
    )


def queue_letters(
    ledger: Ledger, box: Box, kind: str, to: Sequence[Addressed], *, language: str, at: datetime
) -> list[int]:
    """Queue a letter to each, all or none, and keep their addresses for later ones; gives the letters' numbers."""
    letters = [new_letter(box, kind, one, language=language) for one in to]
    numbers = ledger.outbox.queue(letters, at=at)
    ledger.outbox.keep_contacts(sealed_contacts(box, {one.record_id: one.address for one in to}))
    return numbers


def sealed_contacts(box: Box, addresses: Mapping[str, str]) -> dict[str, bytes]:
    """Addresses by record id, each sealed for its record."""
    return {
        record_id: box.seal(checked_address(address).encode("utf-8"), f"contact:{record_id}")
        for record_id, address in addresses.items()
    }


def contact_of(ledger: Ledger, box: Box, record_id: str) -> str:
    """Where a learner is written to, "" where that is not kept."""
    sealed = ledger.outbox.contact(record_id)
    return box.open(sealed, f"contact:{record_id}").decode("utf-8") if sealed else ""


def tell_corrected(
    ledger: Ledger, box: Box, connection: Any, new_id: str, address: str, *, language: str, at: datetime
) -> None:
    """Within the transaction of a correction: the learner is told, and the address goes over to the new copy."""
    from testamur.store.mail.outbox import keep_contacts_in

    letter = new_letter(box, "corrected", Addressed(new_id, address), language=language)
    keep_contacts_in(connection, sealed_contacts(box, {new_id: address}))
    ledger.outbox.queue_in(connection, [letter], at=at)
