"""What letters say, per language: the school's own texts in ``letters/LANGUAGE.toml`` of its home, else the usual ones."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from testamur.errors import OperatorError
from testamur.files import read_bounded

KINDS = ("claim", "corrected", "diploma")
LANGUAGES = ("en", "fr", "es", "pt", "ar", "hi")
_HOLES = ("holder", "award", "school", "number", "link", "until")
_HOLE = re.compile(r"\{(\w+)\}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_NO_SUBJECT = ("holder", "number", "link")


@dataclass(frozen=True, slots=True)
class LetterTexts:
    """Writes letters; texts of the home come first."""

    folder: Path  # of the home

    def write(self, kind: str, language: str, said: Mapping[str, str]) -> tuple[str, str]:
        """Subject and body of a letter; a line whose hole has nothing to say is left out.

        Raises OperatorError where a text of the home cannot be used.
        """
        subject, body = self._text(kind, language)
        lines = [
            line for line in body.strip().splitlines() if all(said.get(hole) for hole in _HOLE.findall(line))
        ]
        text = re.sub(r"\n{3,}", "\n\n", "\n".join(_filled(line, said) for line in lines))
        return " ".join(_filled(subject, said).split()), text + "\n"

    def slip_line(self, language: str) -> str:
        """What a printed slip tells its learner to do."""
        own = self.folder / "letters" / f"{language}.toml"
        data = read_bounded(own, 100_000) if _LANGUAGE.fullmatch(language) and own.is_file() else b""
        known = language if language in LANGUAGES else "en"
        shipped = (files("testamur.issuer.mailing") / "letters" / f"{known}.toml").read_bytes()
        for text in (data, shipped):
            line = _toml(text, str(own)).get("slip", {}).get("line")
            if isinstance(line, str) and line.strip():
                return line
        return ""

    def _text(self, kind: str, language: str) -> tuple[str, str]:
        own = self.folder / "letters" / f"{language}.toml"
        if _LANGUAGE.fullmatch(language) and own.is_file():
            return _read(read_bounded(own, 100_000), kind, str(own))
        known = language if language in LANGUAGES else "en"
        shipped = files("testamur.issuer.mailing") / "letters" / f"{known}.toml"
        return _read(shipped.read_bytes(), kind, known)


def _read(data: bytes, kind: str, where: str) -> tuple[str, str]:
    text = _toml(data, where).get(kind, {})
    subject, body = text.get("subject"), text.get("body")
    if not isinstance(subject, str) or not isinstance(body, str) or not body.strip():
        raise OperatorError(f"{where}: [{kind}] needs a subject and a body")
    holes = _HOLE.findall(subject + body)
    if unknown := [hole for hole in holes if hole not in _HOLES]:
        raise OperatorError(f"{where}: {{{unknown[0]}}} is no hole; there is {', '.join(_HOLES)}")
    if told := [hole for hole in _HOLE.findall(subject) if hole in _NO_SUBJECT]:
        raise OperatorError(f"{where}: {{{told[0]}}} does not belong into a subject, which others may read")
    return subject, body


def _toml(data: bytes, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise OperatorError(f"{where} cannot be read: {error}") from None


def _filled(text: str, said: Mapping[str, str]) -> str:
    return _HOLE.sub(lambda match: said.get(match[1], ""), text)
