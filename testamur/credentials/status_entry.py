"""A status entry: where a credential says its status can be looked up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from testamur.errors import Malformed, Unsupported
from testamur.jsontext import Json

BITSTRING_ENTRY = "BitstringStatusListEntry"
REVOCATION_LIST = "1EdTechRevocationList"
STATUS_CLAIM = "status_list"  # the ``status`` claim of a token, which has no type of its own
_LEGACY_ENTRY = "StatusList2021Entry"

_MAX_INDEX = 2**31
_MAX_SIZE = 8
_MAX_URL = 2048


@dataclass(frozen=True, slots=True)
class StatusEntry:
    """One member of ``credentialStatus`` (BSL §2.1); a type we do not know has its type and id only."""

    type: str
    purpose: str = ""  # "revocation" "suspension" "message" …
    index: int = -1  # -1: this type has none
    list_url: str = ""
    size: int = 1  # bits of one entry
    messages: tuple[tuple[int, str], ...] = ()  # value and what it means
    id: str = ""

    @classmethod
    def parse(cls, value: object, path: str = "credentialStatus") -> StatusEntry:
        """The entry of a JSON object; raises Malformed where a known type breaks its rules."""
        if not isinstance(value, dict):
            raise Malformed(path, "a status entry must be an object", clause="VCDM §4.10")
        kind = _kind(value, path)
        name = _text(value, "id", path, required=False) if "id" in value else ""
        if kind == REVOCATION_LIST:
            return cls(kind, "revocation", list_url=_url(value, "id", path), id=name)
        if kind not in (BITSTRING_ENTRY, _LEGACY_ENTRY):
            return cls(kind, id=name)
        size = _size(value, path)
        return cls(
            type=kind,
            purpose=_text(value, "statusPurpose", path),
            index=_index(value, path),
            list_url=_url(value, "statusListCredential", path),
            size=size,
            messages=_messages(value, size, path),
            id=name,
        )

    @classmethod
    def of_claim(cls, value: object) -> StatusEntry:
        """The entry of a token's ``status`` claim (TSL §6.2); raises Malformed, Unsupported."""
        if not isinstance(value, dict) or not value:
            raise Malformed(
                "status", "this claim must be an object that says where to look", clause="TSL §6.1"
            )
        listed = value.get("status_list")
        if listed is None:
            raise Unsupported(f"a status by {sorted(value)[0]!r:.60} is not supported", clause="TSL §6.1")
        path = "status.status_list"
        if not isinstance(listed, dict):
            raise Malformed(path, "this must be an object", clause="TSL §6.2")
        index = listed.get("idx")
        if isinstance(index, bool) or not isinstance(index, int) or not 0 <= index <= _MAX_INDEX:
            raise Malformed(f"{path}.idx", f"{index!r:.40} is not an index", clause="TSL §6.2")
        return cls(STATUS_CLAIM, index=index, list_url=_url(listed, "uri", path))

    @property
    def claim(self) -> Json:
        """The entry as the ``status`` claim of a token carries it (TSL §6.2)."""
        return {"status_list": {"idx": self.index, "uri": self.list_url}}

    @property
    def document(self) -> Json:
        """The entry as ``credentialStatus`` carries it; the Open Badges schema wants an ``id``."""
        members: Json = {"id": self.id or f"{self.list_url}#{self.index}", "type": self.type}
        if self.index >= 0:
            members |= {
                "statusPurpose": self.purpose,
                "statusListIndex": str(self.index),
                "statusListCredential": self.list_url,
            }
        if self.size > 1:
            members["statusSize"] = self.size
        if self.messages:
            members["statusMessage"] = [{"status": hex(value), "message": m} for value, m in self.messages]
        return members


def _kind(value: Mapping[str, Any], path: str) -> str:
    kinds = value.get("type")
    if kinds == BITSTRING_ENTRY:
        return BITSTRING_ENTRY
    names = kinds if isinstance(kinds, list) else [kinds]
    if not names or not all(isinstance(name, str) and name for name in names):
        raise Malformed(f"{path}.type", "a status entry must have a type", clause="VCDM §4.10")
    known = [name for name in names if name in (BITSTRING_ENTRY, _LEGACY_ENTRY, REVOCATION_LIST)]
    return str((known or names)[0])


def _text(value: Mapping[str, Any], name: str, path: str, *, required: bool = True) -> str:
    text = value.get(name, None if required else "")
    if not isinstance(text, str) or (required and not text) or len(text) > _MAX_URL:
        raise Malformed(
            f"{path}.{name}", f"{text!r:.40} is not the text that belongs here", clause="BSL §2.1"
        )
    return text


def _url(value: Mapping[str, Any], name: str, path: str) -> str:
    url = _text(value, name, path)
    if not url.startswith(("https://", "http://", "did:")):
        raise Malformed(
            f"{path}.{name}", f"{url!r:.60} is not the address of a status list", clause="BSL §2.1"
        )
    return url


def _index(value: Mapping[str, Any], path: str) -> int:
    """A decimal string; a bare number, which 1EdTech's own sample has, is read too."""
    raw = value.get("statusListIndex")
    text = str(raw) if isinstance(raw, int) and not isinstance(raw, bool) else raw
    if not isinstance(text, str) or not (text.isascii() and text.isdigit()) or len(text) > 10:
        raise Malformed(f"{path}.statusListIndex", f"{raw!r:.40} is not an index", clause="BSL §2.1")
    if int(text) > _MAX_INDEX:
        raise Malformed(f"{path}.statusListIndex", f"{text} is past any list", clause="BSL §2.1")
    return int(text)


def _size(value: Mapping[str, Any], path: str) -> int:
    if "statusSize" not in value:
        return 1
    size = value["statusSize"]
    if isinstance(size, bool) or not isinstance(size, int) or not 1 <= size <= _MAX_SIZE:
        raise Malformed(f"{path}.statusSize", f"{size!r:.40} is not a size of 1 to 8 bits", clause="BSL §2.1")
    return size


def _messages(value: Mapping[str, Any], size: int, path: str) -> tuple[tuple[int, str], ...]:
    if size == 1 and "statusMessage" not in value:
        return ()
    items = value.get("statusMessage")
    if items is None and size == 1:
        return ()
    if not isinstance(items, list) or len(items) != 2**size:
        raise Malformed(
            f"{path}.statusMessage", f"{2**size} messages are wanted for {size} bits", clause="BSL §2.1"
        )
    messages = tuple(_message(item, f"{path}.statusMessage[{place}]") for place, item in enumerate(items))
    if {number for number, _ in messages} != set(range(2**size)):
        raise Malformed(f"{path}.statusMessage", "each status must have one message", clause="BSL §2.1")
    return messages


def _message(item: object, path: str) -> tuple[int, str]:
    status = item.get("status") if isinstance(item, dict) else None
    message = item.get("message") if isinstance(item, dict) else None
    if not isinstance(status, str) or not isinstance(message, str) or not status.startswith("0x"):
        raise Malformed(path, "a status message is a status such as 0x1 and its message", clause="BSL §2.1")
    try:
        return int(status[2:6], 16), message
    except ValueError:
        raise Malformed(path, f"{status!r:.20} is not a status", clause="BSL §2.1") from None
