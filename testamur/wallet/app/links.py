"""A link to a copy: what it leads to is sealed under a key in the link's fragment, which no browser sends."""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from secrets import token_bytes, token_urlsafe

from testamur.encoding import encode_base64url
from testamur.errors import OperatorError
from testamur.jsontext import Json, write_json
from testamur.keys.aes_gcm import KEY_BYTES, seal_aes_gcm
from testamur.store.wallets import links
from testamur.vault import Contents, Event, HeldRecord
from testamur.wallet.app.hall import Hall
from testamur.wallet.app.telling import NAMES
from testamur.wallet.choosing import Preview
from testamur.wallet.records import noted, told
from testamur.wallet.sharing import as_file
from testamur.words import say

DAYS = (1, 7, 30, 90)
_MAX_OPEN = 100
_MAX_CONTENT = 4_000_000


@dataclass(frozen=True, slots=True)
class Shared:
    """A link as the history has it."""

    event: Event
    name: str
    key: str
    until: str
    withdrawn: bool

    @property
    def path(self) -> str:
        """Where it leads, on this host."""
        return f"/s/{self.name}#{self.key}"


def make_link(hall: Hall, keeper: int, record: HeldRecord, seen: Preview, days: int, *, at: datetime) -> Json:
    """What the history keeps of a new link; raises OperatorError where there are too many, or it is too long."""
    name, key = token_urlsafe(16), token_bytes(KEY_BYTES)
    until = at + timedelta(days=days if days in DAYS else DAYS[0])
    content = write_json(_content(record, seen)).encode("utf-8")
    if len(content) > _MAX_CONTENT:
        raise OperatorError(say("This record is too long for a link; share it as a file."))
    sealed = seal_aes_gcm(content, key, name.encode())
    with hall.wallets.writing() as connection:
        if links.count(connection, keeper, at) >= _MAX_OPEN:
            raise OperatorError(say("There are too many open links. Withdraw some of them first."))
        links.add(connection, name, keeper, sealed, at=at, until=until)
    return {"way": "link", "link": name, "key": encode_base64url(key), "until": until.isoformat()}


def shared_links(contents: Contents) -> dict[str, Shared]:
    """The links of a history, by the id of their event."""
    gone = {str(event.more.get("link", "")) for event in contents.history if event.act == "withdrawn"}
    found = {}
    for event in contents.history:
        name, key = event.more.get("link"), event.more.get("key")
        if event.act == "shared" and isinstance(name, str) and isinstance(key, str):
            until = str(event.more.get("until", ""))[:10]
            found[event.id] = Shared(event, name, key, until, name in gone)
    return found


def withdraw_link(hall: Hall, keeper: int, contents: Contents, event_id: str, *, at: datetime) -> Contents:
    """The content whose history says that a link was withdrawn; it leads nowhere any more."""
    link = shared_links(contents).get(event_id)
    if link is None or link.withdrawn:
        return contents
    with hall.wallets.writing() as connection:
        links.withdraw(connection, link.name, keeper)
    records = [record for record in contents.records if record.id in link.event.records]
    after = noted(contents, "withdrawn", records, at=at, who=link.event.who, more={"link": link.name})
    last = replace(after.history[-1], records=link.event.records)
    names = {"names": link.event.more.get("names", [])}
    return replace(after, history=(*after.history[:-1], replace(last, more=last.more | names)))


def _content(record: HeldRecord, seen: Preview) -> Json:
    """What the page behind the link shows: names that can be told in its reader's language, and the file."""
    said, file = told(record), as_file(seen.document, record)
    lines = [[str(NAMES.get(line.name, line.name)), line.value] for line in seen.lines if line.is_shown]
    return {
        "award": said.award,
        "issuer": said.issuer,
        "lines": lines,
        "file": {
            "name": file.name,
            "type": file.media_type,
            "data": base64.b64encode(file.data).decode("ascii"),
        },
    }
