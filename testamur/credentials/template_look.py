"""The look of a template, read and checked, with the words of its language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from testamur.credentials.languages import knows_language, label_names, labels
from testamur.credentials.look import Look, Signatory
from testamur.credentials.template_kinds import Kind
from testamur.credentials.template_toml import Table
from testamur.encoding import digest_multibase
from testamur.errors import Malformed

_LOOK_TEXTS = ("style", "paper", "orientation", "calendar", "ink", "accent", "motto")


def read_crest(look: Table, crest_of: Callable[[str], bytes]) -> bytes:
    """The bytes of the crest file, none where no crest is named."""
    name = look.text("crest")
    if name:
        try:
            return crest_of(name)
        except Malformed as error:
            look.wrong("crest", error.message)
    return b""


def read_look(table: Table, kind: Kind, language: str, title: str, crest: bytes) -> Look:
    """The look of a template; words it does not give come from its language."""
    language = table.text("language", language, limit=35)
    style = table.text("style", kind.style, limit=400)
    names = label_names(style)
    words = {"title": title, **labels(language, style)}
    own = table.table("labels")
    words |= {key: own.text(key, limit=400) for key in sorted(names) if key in own.members}
    own.asked.update(names)
    own.refuse_unknown()
    missing = sorted(names - own.members.keys())
    if not knows_language(language) and missing:
        own.wrong("", f"there are no words for the language {language!r:.40} yet",
                  f"give them under [look.labels]: {', '.join(missing)}")  # fmt: skip
    people = [Signatory(who.text("name"), who.text("title")) for who in table.tables("signatories")]
    parts: dict[str, Any] = {
        "labels": words,
        "language": language,
        "signatories": tuple(people),
        "crest": digest_multibase(crest) if crest else "",
        "style": kind.style,
        "orientation": kind.orientation,
    }
    parts |= {key: table.text(key, limit=400) for key in _LOOK_TEXTS if key in table.members}
    parts |= {"rows": table.texts("rows")} if "rows" in table.members else {}
    table.asked.update(_LOOK_TEXTS, ("rows",))
    table.refuse_unknown()
    return _sound_look(table, parts)


def _sound_look(table: Table, parts: dict[str, Any]) -> Look:
    """The look of these parts; what is wrong is noted and left to its default."""
    while True:
        try:
            return Look(**parts)
        except Malformed as error:
            member = error.path.split(".")[1]
            table.wrong(error.path.removeprefix("look."), error.reason)
            parts.pop(member)
            parts.setdefault("labels", {"title": "", **labels("en", parts.get("style", ""))})
