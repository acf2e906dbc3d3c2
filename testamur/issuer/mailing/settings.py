"""The school's mail server: ``mail.toml`` in the home."""

from __future__ import annotations

import ipaddress
import os
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from testamur.errors import OperatorError
from testamur.files import read_bounded

MAIL = "mail.toml"
_SECURITY = ("starttls", "tls", "none")
_PORTS = {"starttls": 587, "tls": 465, "none": 25}
EXAMPLE = """\
# The mail server that letters to learners go through.
[mail]
host = "mail.example.edu"
# starttls (port 587), tls (port 465), or none, which is for a server on this machine only.
security = "starttls"
username = "registrar@example.edu"
# The password: TESTAMUR_SMTP_PASSWORD, or the first line of this file.
# password_file = "/etc/testamur/smtp-password"
from = "Registrar <registrar@example.edu>"
# reply_to = "registrar@example.edu"
# The language of letters to learners whose own is not known: en fr es pt ar hi.
language = "en"
"""


@dataclass(frozen=True, slots=True)
class MailSettings:
    """How letters are sent."""

    host: str
    sender: str
    port: int = 587
    security: str = "starttls"
    username: str = ""
    password: str = field(default="", repr=False)
    reply_to: str = ""
    language: str = "en"
    ca_file: str = ""

    @classmethod
    def load(cls, folder: Path) -> MailSettings:
        """Those of a home; raises OperatorError where there are none or something is wrong with them."""
        path = folder / MAIL
        if not path.exists():
            raise OperatorError(
                f"there is no {MAIL} in {folder}",
                hint=f"`testamur mail settings > {path}` writes one to fill in",
            )
        try:
            said = tomllib.loads(read_bounded(path, 100_000).decode("utf-8")).get("mail", {})
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise OperatorError(f"{path} cannot be read: {error}") from None
        text = {name: value for name, value in said.items() if isinstance(value, str)}
        security = text.get("security", "starttls")
        if not text.get("host") or "@" not in text.get("from", "") or security not in _SECURITY:
            raise OperatorError(f"{path}: host, from and security ({', '.join(_SECURITY)}) are needed")
        port = said.get("port", _PORTS[security])
        if type(port) is not int or not 0 < port < 65536:
            raise OperatorError(f"{path}: port is no number of a port")
        if security == "none" and not _is_here(text["host"]):
            raise OperatorError(
                f"{path}: letters do not go over the network in clear", hint='security = "starttls" or "tls"'
            )
        return cls(
            text["host"],
            text["from"],
            port,
            security,
            text.get("username", ""),
            _password(text, path),
            text.get("reply_to", ""),
            text.get("language", "en"),
            text.get("ca_file", ""),
        )


def _password(text: dict[str, str], path: Path) -> str:
    if not text.get("username"):
        return ""
    if word := os.environ.get("TESTAMUR_SMTP_PASSWORD"):
        return word
    if not text.get("password_file"):
        raise OperatorError(
            f"{path}: the password is not said", hint="set TESTAMUR_SMTP_PASSWORD or password_file"
        )
    return read_bounded(Path(text["password_file"]), 4096).decode("utf-8").splitlines()[0]


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
