"""The moment a record goes into a wallet: its forms are kept and the offer is taken, all in one transaction."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from testamur.jsontext import Json, parse_object, write_json
from testamur.store.claims import offers as offer_rows
from testamur.store.claims.passing import grant_of, prolong_token
from testamur.store.claims.tables import (
    offer_notices,
    offer_tokens,
    offer_waiting,
    offer_wishes,
    offered_forms,
    offers,
)
from testamur.store.claims.values import (
    ENDED,
    OPEN,
    OTHER_KEYS,
    OVER,
    TAKEN,
    WITHDRAWN,
    Grant,
    Notice,
    NotNow,
    Wish,
    digest_of,
)
from testamur.store.recording import add_form
from testamur.store.rows import find_organisation, instant, seconds
from testamur.store.tables import forms, records
from testamur.store.values import Form

WALLET = "wallet"
"""Who the audit log says did it."""


@dataclass(frozen=True, slots=True)
class Made:
    """A form that was signed for the key of a holder, and is not kept yet."""

    thumbprint: str
    form: Form


def already(connection: Connection, offer: int, configuration: str) -> dict[str, str]:
    """The texts that were handed out of a configuration, by the thumbprint of the key."""
    joined = (
        select(offered_forms.c.thumbprint, forms.c.text)
        .join(offers, offers.c.id == offered_forms.c.offer)
        .join(forms, (forms.c.record == offers.c.record) & (forms.c.name == offered_forms.c.form))
        .where(offered_forms.c.offer == offer, offered_forms.c.configuration == configuration)
    )
    return {row.thumbprint: row.text for row in connection.execute(joined)}


def take(
    connection: Connection,
    grant: Grant,
    configuration: str,
    made: Sequence[Made],
    *,
    at: datetime,
    remembered: datetime,
) -> tuple[list[str], str]:
    """Keep the forms and write that the offer is taken; their texts, and the id for the wallet's report.

    Who asks again with the same keys is given the same texts, and with other keys nothing. Raises NotNow.
    """
    offer_rows.lock(connection, grant.offer)
    grant_of(connection, grant.token, at)
    entry = offer_rows.by_id(connection, grant.offer)
    if entry is None or entry.state == WITHDRAWN:
        raise NotNow(ENDED)
    held = already(connection, grant.offer, configuration)
    if held:
        if set(held) != {each.thumbprint for each in made}:
            raise NotNow(OTHER_KEYS)
        texts = [held[each.thumbprint] for each in made]
    else:
        texts = [each.form.text for each in made]
        _keep(connection, grant.offer, entry.record_id, configuration, made, at)
    offer_rows.set_taken(connection, grant.offer, at)
    others = (offer_tokens.c.offer == grant.offer, offer_tokens.c.digest != grant.token)
    connection.execute(update(offer_tokens).where(*others).values(ended=True))
    return texts, _notice(connection, grant.offer, at, remembered)


def _keep(
    connection: Connection, offer: int, record_id: str, configuration: str, made: Sequence[Made], at: datetime
) -> None:
    for each in made:
        name = add_form(connection, record_id, each.form, at=at, who=WALLET)
        connection.execute(
            insert(offered_forms).values(
                offer=offer,
                configuration=configuration,
                thumbprint=each.thumbprint,
                form=name,
                at=seconds(at),
            )
        )


def _notice(connection: Connection, offer: int, at: datetime, until: datetime) -> str:
    notice = secrets.token_urlsafe(18)
    connection.execute(
        insert(offer_notices).values(
            digest=digest_of(notice), offer=offer, event="", at=seconds(at), until=seconds(until)
        )
    )
    return notice


def note(connection: Connection, grant: Grant, notice: str, event: str, at: datetime) -> None:
    """Keep what a wallet reports; again the same is nothing new. Raises NotNow for an id that is none of its own."""
    mine = (offer_notices.c.digest == digest_of(notice), offer_notices.c.offer == grant.offer)
    row = connection.execute(select(offer_notices).where(*mine)).first()
    if row is None or seconds(at) >= row.until:
        raise NotNow(OVER)
    if row.event != event:
        connection.execute(update(offer_notices).where(*mine).values(event=event, at=seconds(at)))


def notices(connection: Connection, offer: int) -> list[Notice]:
    """What wallets reported of an offer."""
    mine = (offer_notices.c.offer == offer, offer_notices.c.event != "")
    rows = connection.execute(select(offer_notices).where(*mine).order_by(offer_notices.c.at))
    return [Notice(row.event, instant(row.at)) for row in rows]


def wait(connection: Connection, grant: Grant, said: Json, until: datetime) -> str:
    """Keep a request that is answered later; the id to come back with. Raises NotNow."""
    offer_rows.lock(connection, grant.offer)
    entry = offer_rows.by_id(connection, grant.offer)
    if entry is None or entry.state not in (OPEN, TAKEN):
        raise NotNow(ENDED)
    name = secrets.token_urlsafe(32)
    connection.execute(
        insert(offer_waiting).values(
            digest=digest_of(name), offer=grant.offer, said=write_json(said), until=seconds(until)
        )
    )
    prolong_token(connection, grant.token, until)
    return name


def waiting(connection: Connection, grant: Grant, name: str, at: datetime) -> Json:
    """A request that waits; raises NotNow where there is none of this id."""
    mine = (offer_waiting.c.digest == digest_of(name), offer_waiting.c.offer == grant.offer)
    row = connection.execute(select(offer_waiting).where(*mine)).first()
    if row is None or seconds(at) >= row.until:
        raise NotNow(OVER)
    return parse_object(row.said)


def done_waiting(connection: Connection, name: str) -> None:
    """Forget a request that was answered."""
    connection.execute(delete(offer_waiting).where(offer_waiting.c.digest == digest_of(name)))


def open_wishes(connection: Connection, offer: int) -> int:
    """How many requests of a learner nobody has dealt with."""
    waits = (offer_wishes.c.offer == offer, offer_wishes.c.done.is_(None))
    return len(connection.execute(select(offer_wishes.c.id).where(*waits)).all())


def wish(connection: Connection, offer: int, text: str, at: datetime) -> None:
    """Keep what a learner asks to have corrected."""
    connection.execute(insert(offer_wishes).values(offer=offer, text=text.replace("\0", ""), at=seconds(at)))


def wishes(connection: Connection, organisation: str, *, record_id: str = "") -> list[Wish]:
    """What learners of an organisation asked for, the oldest first."""
    number = find_organisation(connection, organisation)
    question = (
        select(offer_wishes, records.c.id.label("record_id"))
        .join(offers, offers.c.id == offer_wishes.c.offer)
        .join(records, records.c.serial == offers.c.record)
        .where(offers.c.organisation == number)
        .order_by(offer_wishes.c.id)
    )
    if record_id:
        question = question.where(records.c.id == record_id)
    return [
        Wish(
            row.id, row.record_id, row.text, instant(row.at), None if row.done is None else instant(row.done)
        )
        for row in connection.execute(question)
    ]


def close_wish(connection: Connection, organisation: str, number: int, at: datetime) -> bool:
    """Write that somebody has dealt with it; False where that was so, or it is another organisation's."""
    owned = select(offers.c.id).where(offers.c.organisation == find_organisation(connection, organisation))
    mine = (offer_wishes.c.id == number, offer_wishes.c.done.is_(None), offer_wishes.c.offer.in_(owned))
    return connection.execute(update(offer_wishes).where(*mine).values(done=seconds(at))).rowcount == 1
