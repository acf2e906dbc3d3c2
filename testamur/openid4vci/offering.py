"""Credential offers (OID4VCI §4.1): what a learner's wallet is handed, by value or by reference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from testamur.errors import Malformed
from testamur.jsontext import Json, parse_object, write_json

PRE_AUTHORIZED = "urn:ietf:params:oauth:grant-type:pre-authorized_code"
AUTHORIZATION_CODE = "authorization_code"
SCHEME = "openid-credential-offer"
HAIP_SCHEME = "haip-vci"
MAX_OFFER = 100_000

_MAX_IDS = 64
_MAX_TEXT = 4096
_CLAUSE = "OID4VCI §4.1.1"


@dataclass(frozen=True, slots=True)
class TxCode:
    """The one-time code that the learner was given by another way, as an offer describes it."""

    input_mode: str = "numeric"
    length: int = 0  # 0: not said
    description: str = ""

    @property
    def document(self) -> Json:
        """The member ``tx_code``."""
        said: Json = {"input_mode": self.input_mode}
        if self.length:
            said["length"] = self.length
        if self.description:
            said["description"] = self.description[:300]
        return said

    @classmethod
    def parse(cls, value: Any) -> TxCode:
        """From the member; an empty object asks for a code as well."""
        if not isinstance(value, dict):
            raise _broken("tx_code", "it must be an object")
        mode, length = value.get("input_mode", "numeric"), value.get("length", 0)
        if mode not in ("numeric", "text"):
            raise _broken("tx_code.input_mode", 'it is "numeric" or "text"')
        if not isinstance(length, int) or isinstance(length, bool) or not 0 <= length <= 100:
            raise _broken("tx_code.length", "it must be a small number")
        return cls(mode, length, _text(value, "description")[:300])


@dataclass(frozen=True, slots=True)
class Offer:
    """What an issuer offers, and by which ways it can be had; ``issuer_state`` is None where the code flow is not."""

    credential_issuer: str
    configuration_ids: tuple[str, ...]
    pre_authorized_code: str = ""
    tx_code: TxCode | None = None
    issuer_state: str | None = None
    authorization_server: str = ""

    @property
    def document(self) -> Json:
        """The offer as JSON."""
        server = {"authorization_server": self.authorization_server} if self.authorization_server else {}
        grants: Json = {}
        if self.issuer_state is not None:
            state = {"issuer_state": self.issuer_state} if self.issuer_state else {}
            grants[AUTHORIZATION_CODE] = state | server
        if self.pre_authorized_code:
            grant: Json = {"pre-authorized_code": self.pre_authorized_code}
            if self.tx_code is not None:
                grant["tx_code"] = self.tx_code.document
            grants[PRE_AUTHORIZED] = grant | server
        offered: Json = {
            "credential_issuer": self.credential_issuer,
            "credential_configuration_ids": list(self.configuration_ids),
        }
        return offered | ({"grants": grants} if grants else {})

    @classmethod
    def parse(cls, document: Json) -> Offer:
        """An offer out of JSON; raises Malformed."""
        issuer = _text(document, "credential_issuer")
        if not issuer:
            raise _broken("credential_issuer", "the offer names no issuer")
        grants = document.get("grants", {})
        if not isinstance(grants, dict):
            raise _broken("grants", "it must be an object")
        code = _grant(grants, AUTHORIZATION_CODE)
        pre = _grant(grants, PRE_AUTHORIZED)
        if pre is not None and not _text(pre, "pre-authorized_code"):
            raise _broken("pre-authorized_code", "the offer has none")
        servers = {_text(each, "authorization_server") for each in (code or {}, pre or {})} - {""}
        if len(servers) > 1:
            raise _broken("authorization_server", "two grants name two servers")
        return cls(
            issuer,
            _ids(document.get("credential_configuration_ids")),
            _text(pre or {}, "pre-authorized_code"),
            TxCode.parse(pre["tx_code"]) if pre and "tx_code" in pre else None,
            None if code is None else _text(code, "issuer_state"),
            servers.pop() if servers else "",
        )

    def link(self, scheme: str = SCHEME) -> str:
        """The offer by value, as a link that a wallet opens."""
        return f"{scheme}://?credential_offer={quote(write_json(self.document), safe='')}"


def reference_link(url: str, scheme: str = SCHEME) -> str:
    """The offer that lies at an address, as a link that a wallet opens."""
    return f"{scheme}://?credential_offer_uri={quote(url, safe='')}"


def read_link(text: str) -> Offer | str:
    """What a link or a scanned code holds: an offer, or the address of one; raises Malformed.

    A wallet may be opened by any scheme; what counts is exactly one of the two parameters.
    """
    text = text.strip()
    if len(text) > MAX_OFFER:
        raise _broken("", "the link is too long")
    if text.startswith("{"):
        return Offer.parse(parse_object(text, max_bytes=MAX_OFFER, max_depth=8))
    try:
        query = dict(parse_qsl(urlsplit(text).query, max_num_fields=16))
    except ValueError:
        raise _broken("", "this is no offer") from None
    value, reference = query.get("credential_offer"), query.get("credential_offer_uri")
    if (value is None) is (reference is None):
        raise _broken("", "a link to an offer has either credential_offer or credential_offer_uri")
    if value is not None:
        return Offer.parse(parse_object(value, max_bytes=MAX_OFFER, max_depth=8))
    if not str(reference).startswith(("https://", "http://")):
        raise _broken("credential_offer_uri", "it is no address")
    return str(reference)


def _grant(grants: Mapping[str, Any], name: str) -> Json | None:
    if name not in grants:
        return None
    if not isinstance(grants[name], dict):
        raise _broken(f"grants.{name}", "it must be an object")
    found: Json = grants[name]
    return found


def _ids(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not 0 < len(value) <= _MAX_IDS:
        raise _broken("credential_configuration_ids", "it must be a list that is not empty")
    if not all(isinstance(each, str) and 0 < len(each) <= 512 for each in value):
        raise _broken("credential_configuration_ids", "each one is a text")
    if len(set(value)) != len(value):
        raise _broken("credential_configuration_ids", "each one stands there once")
    return tuple(value)


def _text(members: Mapping[str, Any], name: str) -> str:
    value = members.get(name, "")
    if not isinstance(value, str) or len(value) > _MAX_TEXT:
        raise _broken(name, "it must be a text of bearable length")
    return value


def _broken(path: str, message: str) -> Malformed:
    return Malformed(path, message, clause=_CLAUSE)
