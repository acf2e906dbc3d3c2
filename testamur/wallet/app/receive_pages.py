"""Receiving: files, a pasted text, a scanned code, an address; each record is verified on the way in."""

from __future__ import annotations

from fastapi import APIRouter, Response

from testamur.errors import Malformed, TestamurError
from testamur.leaves import Form
from testamur.scanning import MAX_FILE
from testamur.vault import Contents, HeldRecord
from testamur.wallet.app.cards import card_of
from testamur.wallet.app.hall import Hall
from testamur.wallet.app.offer_pages import is_offer, show_offer
from testamur.wallet.app.visits import Open, Visit, go
from testamur.wallet.receiving import Receipt, receive
from testamur.words import Sentence, say

_NOTHING = say("There is nothing in it that could be kept.")
_PASTED = "pasted text"
_MAX_ADDRESS = 4000


def receive_routes(hall: Hall) -> APIRouter:
    """``/receive``."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/receive")
    def ask(visit: Open) -> Response:
        return _ask(visit)

    @routes.post("/receive")
    def take(visit: Open) -> Response:
        if is_offer(visit.form.text("text")):
            return show_offer(visit, visit.form.text("text"))
        try:
            found = given(hall, visit.form)
        except TestamurError as error:
            return _ask(visit, _NOTHING, str(error), 400)
        if not found:
            return _ask(visit, say("Choose a file, or paste a text or an address."), "", 400)
        receipt = visit.change(lambda contents: _take(contents, found, hall, visit))
        if not (receipt.taken or receipt.known):
            return _ask(visit, _NOTHING, "; ".join(receipt.refused), 400)
        if len(receipt.taken) == 1 and not (receipt.known or receipt.refused):
            return go(f"/records/{receipt.taken[0].id}?new=1")
        return visit.page(
            "received.html",
            taken=[card_of(record, visit.at) for record in receipt.taken],
            known=[card_of(record, visit.at) for record in _once(receipt.known)],
            refused=receipt.refused,
        )

    return routes


def given(hall: Hall, form: Form) -> list[tuple[str, bytes]]:
    """What a form brings, by name; raises TestamurError where an address cannot be opened."""
    found = [(upload.name[:200], upload.data) for upload in form.uploads("file")]
    text = form.text("text")
    if text.lower().startswith("https://") and "#" not in text:
        if len(text) > _MAX_ADDRESS or any(letter.isspace() for letter in text):
            raise Malformed("", "this is no address that can be opened")
        found.append((text[:200], hall.tools.fetch.get(text, max_bytes=MAX_FILE).body))
    elif text:
        found.append((_PASTED, text.encode("utf-8", "replace")))
    return found


def _take(
    contents: Contents, found: list[tuple[str, bytes]], hall: Hall, visit: Visit
) -> tuple[Contents, Receipt]:
    """The content with all of them; what cannot be read is told and stops no other."""
    whole = Receipt(contents)
    for name, data in found:
        try:
            part = receive(whole.contents, data, name, hall.tools.verifier, at=visit.at)
        except TestamurError as error:
            part = Receipt(whole.contents, refused=(f"{name}: {error}",))
        whole = Receipt(
            part.contents,
            (*whole.taken, *part.taken),
            (*whole.known, *part.known),
            (*whole.refused, *part.refused),
        )
    return whole.contents, whole


def _once(records: tuple[HeldRecord, ...]) -> list[HeldRecord]:
    return list({record.id: record for record in records}.values())


def _ask(visit: Visit, wrong: Sentence | None = None, detail: str = "", status: int = 200) -> Response:
    return visit.page("receive.html", status, wrong=wrong, detail=detail)
