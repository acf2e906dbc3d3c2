"""Sending what is due: nothing is lost, and nothing is sent twice that we know was sent.

A letter is taken (committed), and written as *handing over* (committed) just before its content goes
to the server. A process that dies before that leaves it to be taken again; one that dies after it
leaves a letter of which nobody can know, which only a person sends again, under the same Message-ID.
"""

from __future__ import annotations

import json
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from testamur.crashpoints import reached
from testamur.errors import OperatorError, Refused
from testamur.home import Home
from testamur.issuer.mailing.letters_text import LetterTexts
from testamur.issuer.mailing.settings import MailSettings
from testamur.issuer.outputs import Outputs
from testamur.keys.box import Box
from testamur.store import REPLACED, REVOKED, Ledger
from testamur.store.mail import Letter

WAITS = (60, 300, 1_800, 7_200, 21_600, 86_400, 86_400)
"""Seconds until the next attempt, after each that failed for now; after the last one the letter has failed."""

LEASE = timedelta(minutes=10)
_TIMEOUT = 30.0
_SEVEN_BIT = policy.SMTP.clone(cte_type="7bit")


@dataclass(slots=True)
class Sent:
    """What a round came to."""

    sent: int = 0
    later: int = 0
    failed: int = 0
    trouble: str = ""  # why the server could not be used at all


def send_due(
    home: Home,
    ledger: Ledger,
    box: Box,
    settings: MailSettings,
    *,
    now: Callable[[], datetime],
    most: int = 100_000,
) -> Sent:
    """Send the letters that are due, over one connection; stops where the server cannot be used."""
    done = Sent()
    ledger.outbox.free(home.did, now() - LEASE)
    server: smtplib.SMTP | None = None
    try:
        while done.sent + done.failed + done.later < most:
            letter = ledger.outbox.take(home.did, at=now())
            if letter is None:
                break
            reached("letter_taken")
            try:
                said = json.loads(box.open(letter.sealed, f"letter:{letter.token}"))
            except OperatorError as error:
                ledger.outbox.later(letter, error.message, now())
                raise
            try:
                server = server or _connect(settings)
            except (OSError, smtplib.SMTPException) as error:
                done.trouble = _said(error)
                _later(ledger, letter, done, f"the server cannot be used: {done.trouble}", now())
                break
            try:
                message = _message(home, ledger, settings, letter, said)
            except (OperatorError, Refused) as error:
                ledger.outbox.failed(letter, error.message, at=now())
                done.failed += 1
                continue
            server = _hand_over(server, ledger, letter, message, done, now)
    finally:
        if server is not None:
            _quit(server)
    return done


def _hand_over(
    server: smtplib.SMTP,
    ledger: Ledger,
    letter: Letter,
    message: EmailMessage,
    done: Sent,
    now: Callable[[], datetime],
) -> smtplib.SMTP | None:
    """Give one letter to the server; None where the connection is to be made anew."""
    try:
        for code, answer in (server.mail(_bare(message["From"])), server.rcpt(_bare(message["To"]))):
            if code not in (250, 251):
                raise smtplib.SMTPResponseException(code, answer)
        ledger.outbox.handing(letter)
        reached("letter_handing")
        code, answer = server.data(message.as_bytes(policy=_SEVEN_BIT))
        if code != 250:
            raise smtplib.SMTPResponseException(code, answer)
        reached("letter_handed")
        ledger.outbox.sent(letter, at=now(), note=str(code))
        done.sent += 1
        return server
    except smtplib.SMTPResponseException as error:
        if 500 <= error.smtp_code < 600:
            ledger.outbox.failed(letter, _answer(error), at=now())
            done.failed += 1
        else:
            _later(ledger, letter, done, _answer(error), now())
        return server if _reset(server) else None
    except (OSError, smtplib.SMTPException) as error:
        # the connection broke: before the content went, it is tried again; after it nobody knows
        current = ledger.outbox.listed(letter.organisation, record_id=letter.record_id)
        if any(one.id == letter.id and one.state == "sending" for one in current):
            _later(ledger, letter, done, _said(error), now())
        return None


def _later(ledger: Ledger, letter: Letter, done: Sent, note: str, at: datetime) -> None:
    """Queue a letter for another attempt, each after a longer wait; after the last it has failed."""
    if letter.attempts >= len(WAITS):
        ledger.outbox.failed(letter, note, at=at)
        done.failed += 1
    else:
        ledger.outbox.later(letter, note, at + timedelta(seconds=WAITS[letter.attempts]))
        done.later += 1


def _connect(settings: MailSettings) -> smtplib.SMTP:
    """A connection to the configured server, secured and signed in."""
    trusted = ssl.create_default_context(cafile=settings.ca_file or None)
    if settings.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            settings.host, settings.port, timeout=_TIMEOUT, context=trusted
        )
    else:
        server = smtplib.SMTP(settings.host, settings.port, timeout=_TIMEOUT)
    try:
        server.ehlo()
        if settings.security == "starttls":
            server.starttls(context=trusted)
            server.ehlo()
        if settings.username:
            server.login(settings.username, settings.password)
    except BaseException:
        _quit(server)
        raise
    return server


def _message(
    home: Home, ledger: Ledger, settings: MailSettings, letter: Letter, said: dict[str, str]
) -> EmailMessage:
    """The letter as it is sent; the same Message-ID however often."""
    record = ledger.get(letter.record_id)
    if record is None or not record.holder:
        raise Refused("the record was erased")
    if record.state in (REVOKED, REPLACED):
        raise Refused(f"the record is {record.state} by now")
    told = {
        "holder": record.holder,
        "award": record.award,
        "school": home.name,
        "number": record.number,
        "link": said["link"],
        "until": said["until"],
    }
    subject, body = LetterTexts(home.folder).write(letter.kind, letter.language, told)
    message = EmailMessage()
    message["From"] = settings.sender
    local, _, domain = said["address"].rpartition("@")
    message["To"] = str(Address(username=local, domain=domain))
    if settings.reply_to:
        message["Reply-To"] = settings.reply_to
    message["Subject"] = subject
    message["Date"] = format_datetime(letter.queued_at)
    message["Message-ID"] = f"<{letter.token}@{_bare(settings.sender).rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = letter.language
    message.set_content(body)
    if letter.kind == "diploma":
        outputs = Outputs(home, ledger)
        (name,) = outputs.names(record, ["pdf"])
        message.add_attachment(outputs.make(record, "pdf"), "application", "pdf", filename=name)
    return message


def _bare(header: object) -> str:
    return parseaddr(str(header))[1]


def _answer(error: smtplib.SMTPResponseException) -> str:
    text = (
        error.smtp_error.decode("utf-8", "replace")
        if isinstance(error.smtp_error, bytes)
        else error.smtp_error
    )
    return f"{error.smtp_code} {_without_addresses(str(text))}"


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _answer(error)
    return _without_addresses(str(error) or type(error).__name__)


def _without_addresses(text: str) -> str:
    """What a server says, without the address of anybody."""
    return " ".join("…" if "@" in word else word for word in text.split())[:300]


def _reset(server: smtplib.SMTP) -> bool:
    try:
        return server.rset()[0] == 250
    except (OSError, smtplib.SMTPException):
        return False


def _quit(server: smtplib.SMTP) -> None:
    try:
        server.quit()
    except (OSError, smtplib.SMTPException):
        server.close()
