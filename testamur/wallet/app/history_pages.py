"""History: who got what, when, why and how; withdrawing a link, and a letter that asks for erasure."""

from __future__ import annotations

from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException

from testamur.store.wallets import links
from testamur.times import parse_instant
from testamur.vault import Event
from testamur.wallet.app.cards import day_of
from testamur.wallet.app.hall import Hall
from testamur.wallet.app.links import Shared, shared_links, withdraw_link
from testamur.wallet.app.share_pages import WAYS
from testamur.wallet.app.telling import ACTS, NAMES
from testamur.wallet.app.visits import NOT_THERE, Open, Visit, go
from testamur.wallet.records import noted

_SHOWN = 200
_GIVEN = ("shared", "presented")


def history_routes(hall: Hall) -> APIRouter:
    """``/history``."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/history")
    def history(visit: Open) -> Response:
        known = shared_links(visit.contents)
        events = list(reversed(visit.contents.history))[:_SHOWN]
        return visit.page(
            "history.html", events=[_told(visit, event, known.get(event.id)) for event in events]
        )

    @routes.post("/history/{event_id}/withdraw")
    def withdraw(event_id: str, visit: Open) -> Response:
        visit.change(
            lambda contents: (withdraw_link(hall, visit.keeper.id, contents, event_id, at=visit.at), None)
        )
        return go("/history")

    @routes.get("/history/{event_id}/letter")
    def letter(event_id: str, visit: Open) -> Response:
        event = _given(visit, event_id)
        return visit.page("letter.html", event=event, names=_names(event), day=parse_instant(event.at))

    @routes.post("/history/{event_id}/letter")
    def asked(event_id: str, visit: Open) -> Response:
        event = _given(visit, event_id)
        records = [record for record in visit.contents.records if record.id in event.records]
        more = {"names": _names(event)}
        visit.change(
            lambda contents: (
                noted(contents, "erasure asked", records, at=visit.at, who=event.who, more=more),
                None,
            )
        )
        return go("/history")

    return routes


def _given(visit: Visit, event_id: str) -> Event:
    found = next((event for event in visit.contents.history if event.id == event_id), None)
    if found is None or found.act not in _GIVEN:
        raise HTTPException(404, NOT_THERE)
    return found


def _told(visit: Visit, event: Event, link: Shared | None) -> dict[str, object]:
    """What the page says of one event."""
    way = event.more.get("way")
    return {
        "event": event,
        "act": ACTS.get(event.act),
        "day": parse_instant(event.at),
        "names": _names(event),
        "shown": [NAMES.get(name, name) for name in event.shown],
        "way": WAYS.get(str(way)) if way else None,
        "link": link,
        "is_open": link is not None and not link.withdrawn and _is_open(visit, link),
        "until": day_of(link.until) if link else None,
        "may_ask": event.act in _GIVEN,
    }


def _is_open(visit: Visit, link: Shared) -> bool:
    with visit.hall.wallets.reading() as connection:
        found = links.find(connection, link.name)
    return found is not None and not found.is_withdrawn and found.until > visit.at


def _names(event: Event) -> list[str]:
    names = event.more.get("names")
    return [str(name) for name in names] if isinstance(names, list) else []
