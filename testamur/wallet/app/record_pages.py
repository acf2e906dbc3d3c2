"""The records: all of them as cards, one of them whole, what came with it, and looking again."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException

from testamur.display import one_line
from testamur.errors import TestamurError
from testamur.vault import HeldRecord
from testamur.wallet.app.cards import by_year, card_of, checks_of, courses_of, day_of
from testamur.wallet.app.hall import Hall
from testamur.wallet.app.telling import NAMES, OPENINGS
from testamur.wallet.app.visits import NOT_THERE, Open, Visit, go
from testamur.wallet.choosing import Line, choosable, lines_of
from testamur.wallet.records import documents, removed
from testamur.wallet.refreshing import refresh

_HELD = ("verifiable credential", "association")


def record_routes(hall: Hall) -> APIRouter:
    """``/records`` and what lies below it."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/records")
    def records(visit: Open) -> Response:
        cards = [card_of(record, visit.at) for record in visit.contents.records]
        years = list(by_year(card for card in cards if not card.replaced_by))
        return visit.page(
            "records.html",
            years=years,
            replaced=[card for card in cards if card.replaced_by],
            soon=[card for card in cards if card.runs_out],
        )

    @routes.post("/records/check")
    def check_all(visit: Open) -> Response:
        visit.change(lambda contents: refresh(contents, hall.tools.verifier, at=visit.at))
        return go("/records")

    @routes.get("/records/{record_id}")
    def record(record_id: str, visit: Open) -> Response:
        return _one(visit, visit.record(record_id))

    @routes.post("/records/{record_id}/check")
    def check(record_id: str, visit: Open) -> Response:
        visit.record(record_id)
        visit.change(lambda contents: refresh(contents, hall.tools.verifier, at=visit.at, only=[record_id]))
        return go(f"/records/{record_id}")

    @routes.post("/records/{record_id}/remove")
    def remove(record_id: str, visit: Open) -> Response:
        visit.record(record_id)
        visit.change(lambda contents: (removed(contents, record_id, at=visit.at), None))
        return go("/records")

    @routes.get("/records/{record_id}/files/{number}")
    def file(record_id: str, number: int, visit: Open) -> Response:
        kept = visit.record(record_id).enclosures
        if not 0 <= number < len(kept):
            raise HTTPException(404, NOT_THERE)
        return download(kept[number].name, kept[number].media_type, kept[number].data)

    return routes


def download(name: str, media_type: str, data: bytes) -> Response:
    """A file that the browser keeps and does not open as a page of ours."""
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(one_line(name), safe='')}",
        "content-security-policy": "default-src 'none'; sandbox",
    }
    return Response(data, media_type=media_type, headers=headers)


def _one(visit: Visit, record: HeldRecord) -> Response:
    lines, wrong = _lines(record)
    return visit.page(
        "record.html",
        record=record,
        card=card_of(record, visit.at),
        opening=OPENINGS.get(record.look.headline if record.look else "", OPENINGS[""]),
        lines=[(line, NAMES.get(line.name), day_of(line.value)) for line in lines],
        unreadable=wrong,
        checks=checks_of(record),
        courses=courses_of(record),
        looks=record.looks,
        lets_choose=any(not line.must for line in lines),
    )


def _lines(record: HeldRecord) -> tuple[tuple[Line, ...], str]:
    """What the record says; why it cannot be read where that is so."""
    held = bool(courses_of(record))  # which have a table of their own
    try:
        lines = lines_of(choosable(record) or documents(record)[0])
        return tuple(line for line in lines if not (held and line.name in _HELD)), ""
    except (TestamurError, IndexError) as error:
        return (), str(error)
