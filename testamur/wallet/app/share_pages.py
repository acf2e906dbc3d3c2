"""Sharing: what to show and how, exactly what the other side will see, then the thing itself."""

from __future__ import annotations

import base64
from typing import Any

from fastapi import APIRouter, Response

from testamur.errors import Malformed, TestamurError
from testamur.vault import Contents, HeldRecord
from testamur.wallet.app.cards import card_of, day_of
from testamur.wallet.app.hall import Hall
from testamur.wallet.app.links import DAYS, make_link, shared_links
from testamur.wallet.app.record_pages import download
from testamur.wallet.app.telling import NAMES
from testamur.wallet.app.visits import Open, Visit
from testamur.wallet.choosing import Line, Preview, choosable, lines_of
from testamur.wallet.records import documents, noted
from testamur.wallet.sharing import Shared, chosen, share
from testamur.words import Sentence, say

WAYS = {
    "qr": say("A code on this screen"),
    "link": say("A link that you can withdraw"),
    "file": say("A file"),
    "pdf": say("A page to print (PDF)"),
}
_IMPOSSIBLE = say("It cannot be shared like this. Choose another way.")
_MAX_WORDS = 300


def share_routes(hall: Hall) -> APIRouter:
    """``/records/ID/share``."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/records/{record_id}/share")
    def choose(record_id: str, visit: Open) -> Response:
        return _choose(visit, visit.record(record_id))

    @routes.post("/records/{record_id}/share")
    def see(record_id: str, visit: Open) -> Response:
        record = visit.record(record_id)
        try:
            seen = chosen(record, _names(visit, record))
            if visit.form.text("agreed"):
                return _hand_out(visit, record)
        except TestamurError as error:
            wrong = error.message if isinstance(error.message, Sentence) else _IMPOSSIBLE
            return _choose(visit, record, wrong, 400)
        return visit.page("preview.html", record=record, **_preview(visit, record, seen))

    return routes


def _choose(visit: Visit, record: HeldRecord, wrong: Sentence | None = None, status: int = 200) -> Response:
    document = choosable(record)
    lines = lines_of(document or documents(record)[0])
    return visit.page(
        "share.html",
        status,
        record=record,
        card=card_of(record, visit.at),
        wrong=wrong,
        ways=WAYS,
        days=DAYS,
        may_choose=document is not None and any(not line.must for line in lines),
        must=[_told(line) for line in lines if line.must],
        free=[_told(line) for line in lines if not line.must],
    )


def _told(line: Line) -> tuple[Line, Sentence | None, Any]:
    return line, NAMES.get(line.name), day_of(line.value)


def _names(visit: Visit, record: HeldRecord) -> list[str] | None:
    """The pointers of what is to be shown; None for all of it."""
    if visit.form.text("part") != "some":
        return None
    asked = visit.form.texts("show")
    lines = lines_of(choosable(record) or documents(record)[0])
    return [pointer for line in lines if line.name in asked for pointer in line.pointers]


def _way(visit: Visit) -> str:
    way = visit.form.text("way")
    if way not in WAYS:
        raise Malformed("", _IMPOSSIBLE)
    return way


def _preview(visit: Visit, record: HeldRecord, seen: Preview) -> dict[str, Any]:
    way = _way(visit)
    return {
        "card": card_of(record, visit.at),
        "shown": [_told(line) for line in seen.lines if line.is_shown],
        "kept_back": [_told(line) for line in seen.lines if not line.is_shown],
        "way": WAYS[way],
        "who": visit.form.text("who")[:_MAX_WORDS],
        "given": [
            (name, value[:_MAX_WORDS]) for name, value in visit.form.fields if name not in ("csrf", "agreed")
        ],
    }


def _hand_out(visit: Visit, record: HeldRecord) -> Response:
    """The thing itself, once the history says who gets it."""
    way, names = _way(visit), _names(visit, record)
    who, why = visit.form.text("who")[:_MAX_WORDS], visit.form.text("why")[:_MAX_WORDS]
    if way == "link":
        return _link(visit, record, names, who, why)

    def act(contents: Contents) -> tuple[Contents, Shared]:
        made = share(contents, record, way, names=names, to=who, why=why, at=visit.at)
        return made.contents, made

    made = visit.change(act)
    if made.files:
        file = made.files[0]
        return download(file.name, file.media_type, file.data)
    return visit.page(
        "code.html", record=record, card=card_of(record, visit.at), picture=_picture(made.codes)
    )


def _picture(codes: tuple[str, ...]) -> str:
    """The code, or a film of codes, as a picture in the page."""
    from testamur.render import film_gif, make_qr

    kind, data = ("gif", film_gif(codes)) if len(codes) > 1 else ("svg+xml", make_qr(codes[0]).svg().encode())
    return f"data:image/{kind};base64,{base64.b64encode(data).decode('ascii')}"


def _link(visit: Visit, record: HeldRecord, names: list[str] | None, who: str, why: str) -> Response:
    seen = chosen(record, names)
    days = visit.form.text("days")
    more = make_link(
        visit.hall,
        visit.keeper.id,
        record,
        seen,
        int(days) if days.isdecimal() and len(days) < 4 else 1,
        at=visit.at,
    )
    kept = {"kept_back": list(seen.kept_back)}

    def act(contents: Contents) -> tuple[Contents, str]:
        after = noted(
            contents, "shared", [record], at=visit.at, who=who, why=why, shown=seen.shown, more=more | kept
        )
        return after, after.history[-1].id

    event_id = visit.change(act)
    link = shared_links(visit.contents)[event_id]
    origin = visit.hall.url.rstrip("/") if visit.hall.url.count("/") > 2 or "." in visit.hall.url else ""
    base = origin or str(visit.request.base_url).rstrip("/")
    return visit.page(
        "link.html", record=record, card=card_of(record, visit.at), link=link, address=base + link.path
    )
