"""Taking an offer (OpenID4VCI): who offers what is shown first; the records are taken with a new key and verified."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Response

from testamur.errors import Malformed, TestamurError
from testamur.keys import PrivateKey
from testamur.openid4vci import (
    HAIP_SCHEME,
    SCHEME,
    Access,
    Denial,
    Issuer,
    Line,
    Offer,
    ask,
    look_up,
    notify,
    read_offer,
    redeem,
)
from testamur.proofs import SecuredDocument
from testamur.vault import Contents, HolderKey
from testamur.wallet.app.cards import card_of
from testamur.wallet.app.hall import Hall
from testamur.wallet.app.visits import Open, Visit, go
from testamur.wallet.holder_keys import new_key, private_key
from testamur.wallet.receiving import Receipt, receive_documents
from testamur.words import Sentence, say

_UNREADABLE = say("This offer cannot be taken here. Ask whoever sent it for another one.")
_WRONG_CODE = say("The code is wrong, or the offer was taken already.")
_SIGN_IN = say("This offer asks you to sign in at its issuer, which this wallet cannot do yet.")
_MAX_OFFER = 100_000


@dataclass(frozen=True, slots=True)
class Offered:
    """An offer with who makes it."""

    offer: Offer
    issuer: Issuer

    @property
    def names(self) -> list[str]:
        """What is offered, as the issuer calls it."""
        known = self.issuer.metadata.configurations
        return [_name_of(known[each].display) or each for each in self.offer.configuration_ids]


def is_offer(text: str) -> bool:
    """Whether a scanned or pasted text is an offer."""
    return text.lower().startswith((f"{SCHEME}:", f"{HAIP_SCHEME}:")) or "credential_offer" in text[:4000]


def offer_routes(hall: Hall) -> APIRouter:
    """``/receive/offer``."""
    routes = APIRouter(include_in_schema=False)

    @routes.post("/receive/offer")
    def offer(visit: Open) -> Response:
        text = visit.form.text("offer")[:_MAX_OFFER]
        return _take(visit, text) if visit.form.text("agreed") else show_offer(visit, text)

    return routes


def show_offer(visit: Visit, text: str, wrong: Sentence | None = None, status: int = 200) -> Response:
    """Who offers what, before anything is taken."""
    try:
        found = _read(visit.hall, text)
    except TestamurError as error:
        return visit.page("receive.html", 400, wrong=_UNREADABLE, detail=str(error))
    if not found.offer.pre_authorized_code:
        return visit.page("receive.html", 400, wrong=_SIGN_IN, detail="")
    return visit.page("offer.html", status, found=found, text=text, wrong=wrong)


def _read(hall: Hall, text: str) -> Offered:
    fetch = hall.tools.fetch
    offer = read_offer(text, fetch)
    return Offered(offer, look_up(offer.credential_issuer, fetch, offer=offer))


def _take(visit: Visit, text: str) -> Response:
    """The records of an offer; the key that they are bound to is kept before they are asked for."""
    try:
        found = _read(visit.hall, text)
        if visit.hall.posting is None:
            raise Malformed("", "nothing can be sent from here; the wallet is offline")
        line = Line(visit.hall.posting, PrivateKey.generate("P-256"))
        access = redeem(found.issuer, found.offer, line, tx_code=visit.form.text("tx_code"), at=visit.at)
        key = visit.change(lambda contents: _keyed(contents, found, visit))
        receipts = [_one(visit, found, access, each, key, line) for each in found.offer.configuration_ids]
    except Denial as denial:
        wrong = _WRONG_CODE if denial.error == "invalid_grant" else _UNREADABLE
        return show_offer(visit, text, wrong, 400)
    except TestamurError as error:
        return visit.page("receive.html", 400, wrong=_UNREADABLE, detail=str(error))
    taken = {record.id: record for receipt in receipts for record in (*receipt.taken, *receipt.known)}
    if len(taken) == 1:
        return go(f"/records/{next(iter(taken))}")
    cards = [card_of(record, visit.at) for record in taken.values()]
    refused = [reason for receipt in receipts for reason in receipt.refused]
    return visit.page("received.html", taken=cards, known=[], refused=refused)


def _keyed(contents: Contents, found: Offered, visit: Visit) -> tuple[Contents, HolderKey]:
    return new_key(contents, found.offer.credential_issuer, at=visit.at, method="jwk", algorithm="P-256")


def _one(
    visit: Visit, found: Offered, access: Access, configuration: str, key: HolderKey, line: Line
) -> Receipt:
    """What came of one configuration, kept before the issuer is told."""
    received = ask(found.issuer, access, configuration, [private_key(key)], line, at=visit.at)
    if not received.records:
        raise Malformed("", "the issuer has not made the record yet; take the offer again later")
    display = found.issuer.metadata.configurations[configuration].display
    first = dict(display[0]) if display else {}
    source = f"offer of {found.offer.credential_issuer}"

    def act(contents: Contents) -> tuple[Contents, Receipt]:
        receipt = Receipt(contents)
        for record in received.records:
            receipt = _added(receipt, record, visit, source, first)
        return receipt.contents, receipt

    receipt = visit.change(act)
    event = "credential_accepted" if receipt.taken or receipt.known else "credential_failure"
    notify(found.issuer, access, received, event, line, at=visit.at)
    return receipt


def _added(
    receipt: Receipt, record: SecuredDocument, visit: Visit, source: str, display: dict[str, object]
) -> Receipt:
    verifier = visit.hall.tools.verifier
    found = receive_documents(
        receipt.contents, [record], verifier, at=visit.at, source=source, display=display
    )
    return Receipt(
        found.contents,
        (*receipt.taken, *found.taken),
        (*receipt.known, *found.known),
        (*receipt.refused, *found.refused),
    )


def _name_of(display: tuple[dict[str, object], ...]) -> str:
    name = display[0].get("name") if display else ""
    return name[:200] if isinstance(name, str) else ""
