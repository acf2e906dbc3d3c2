"""The notice list: why bits of a status list are set, signed by the school (docs/status-notices.md)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from testamur.did import Statement, open_statement, sign_statement
from testamur.errors import EvidenceUnusable, Malformed
from testamur.jsontext import Json
from testamur.keys import Signer
from testamur.proofs import FindKey
from testamur.status.list_credential import VALID_FOR
from testamur.status.reasons import REASONS, Reason, reason_named
from testamur.times import parse_instant, write_instant

NOTICE_TYPE = "testamur-notices+jwt"
MAX_NOTICES = 40_000  # what fits into a token; the oldest go first
_INDEX = re.compile(r"0|[1-9][0-9]{0,8}")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True, slots=True)
class Notice:
    """Why one bit is set and since when."""

    reason: str
    at: datetime

    @property
    def meaning(self) -> Reason:
        """The reason with its sentence."""
        return reason_named(self.reason)


@dataclass(frozen=True, slots=True)
class NoticeList:
    """The notices of one status list, checked; an index that is not in it has no known reason."""

    list_url: str
    issued: datetime
    notices: Mapping[int, Notice]

    def notice(self, index: int) -> Notice | None:
        """Return the notice of an index, if there is one."""
        return self.notices.get(index)


def notices_url(list_url: str) -> str:
    """Return where the notices of a list are: ``.json`` (or ``.jwt``) becomes ``.notices.jwt``."""
    stem = list_url.removesuffix(".json") if list_url.endswith(".json") else list_url.removesuffix(".jwt")
    return f"{stem}.notices.jwt"


def token_url(list_url: str, kind: str = "jwt") -> str:
    """Return where a list is as a status list token (TSL): ``.json`` becomes ``.token.jwt`` or ``.token.cwt``."""
    return f"{list_url.removesuffix('.json')}.token.{kind}"


def noticed_url(list_url: str) -> str:
    """Return the address under which notices speak of a list: a token is another form of the same list."""
    for kind in ("jwt", "cwt"):
        if list_url.endswith(f".token.{kind}"):
            return f"{list_url.removesuffix(f'.token.{kind}')}.json"
    return list_url


def sign_notices(
    list_url: str,
    issuer: str,
    notices: Mapping[int, Notice],
    signer: Signer,
    *,
    at: datetime,
    valid_for: timedelta = VALID_FOR,
) -> str:
    """Return the signed notice list; raises Malformed for a reason that is none of REASONS.

    Past MAX_NOTICES only the newest are told: a bit without a notice is a bit without a reason, no more.
    """
    members: Json = {}
    newest = sorted(notices, key=lambda index: notices[index].at, reverse=True)[:MAX_NOTICES]
    for index in sorted(newest):
        notice = notices[index]
        if index < 0:
            raise Malformed("notices", f"{index} is no index of a list")
        if notice.reason not in REASONS:
            raise Malformed(f"notices.{index}", f"{notice.reason!r:.60} is no reason a notice can give")
        members[str(index)] = {"reason": notice.reason, "at": write_instant(notice.at)}
    claims = {"list": list_url, "notices": members}
    return sign_statement(NOTICE_TYPE, issuer, claims, signer, at=at, valid_for=valid_for)


def open_notices(token: str, find_key: FindKey, *, list_url: str, issuer: str, at: datetime) -> NoticeList:
    """Return the notices of a list by its issuer; raises EvidenceUnusable for anything else."""
    statement = open_statement(token, NOTICE_TYPE, find_key, issuer=issuer, at=at)
    try:
        return NoticeList(list_url, statement.issued, MappingProxyType(_read(statement, list_url)))
    except Malformed as error:
        raise EvidenceUnusable(f"the notice list is not usable: {error}") from None


def _read(statement: Statement, list_url: str) -> dict[int, Notice]:
    if statement.claims.get("list") != list_url:
        raise Malformed("list", "it belongs to another status list")
    members = statement.claims.get("notices")
    if not isinstance(members, dict):
        raise Malformed("notices", "this must be an object")
    return {_index(name): _notice(value, f"notices.{name:.12}") for name, value in members.items()}


def _index(name: str) -> int:
    if not _INDEX.fullmatch(name):
        raise Malformed("notices", f"{name!r:.40} is not an index")
    return int(name)


def _notice(value: Any, path: str) -> Notice:
    reason = value.get("reason") if isinstance(value, dict) else None
    if not isinstance(reason, str) or not _NAME.fullmatch(reason):
        raise Malformed(path, "a notice has a reason, one word in lower case")
    return Notice(reason, parse_instant(value.get("at"), f"{path}.at"))
