"""Letters through a real mail server on this machine: queued, sent, tried again, refused, come back, killed on the way."""

import email
import os
import re
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from testamur.crashpoints import VARIABLE
from testamur.errors import Malformed, OperatorError, Refused
from testamur.home import Home
from testamur.issuer.correcting import changed_values, correct
from testamur.issuer.desk.office import Office as DeskOffice
from testamur.issuer.desk.posting_acts import LettingGo, send_letters
from testamur.issuer.drafts import box_of, carry_out
from testamur.issuer.mailing import (
    Addressed,
    LetterTexts,
    MailSettings,
    contact_of,
    queue_letters,
    read_bounce,
    send_due,
)
from testamur.issuer.mailing.letters_text import KINDS, LANGUAGES
from testamur.issuer.mailing.sending import WAITS
from tests.registrar.conftest import AT, LATER, PASSPHRASE, Office, ask

SPAWN = get_context("spawn")
LINK = "https://diplomas.example.edu/c/9f8a7b6c"


@dataclass
class PostOffice:
    """What a mail server took in, and how it is to answer."""

    taken: list[email.message.EmailMessage] = field(default_factory=list)
    to: list[str] = field(default_factory=list)
    at_rcpt: dict[str, str] = field(default_factory=dict)
    at_data: str = ""

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.at_rcpt:
            return self.at_rcpt[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.at_data:
            return self.at_data
        self.taken.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        self.to += envelope.rcpt_tos
        return "250 taken"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def post() -> Iterator[tuple[PostOffice, MailSettings]]:
    office = PostOffice()
    port = _free_port()
    controller = Controller(office, hostname="127.0.0.1", port=port)
    controller.start()
    yield office, MailSettings("127.0.0.1", "Registrar <registrar@example.edu>", port, "none")
    controller.stop()


def _issued(office: Office, count: int = 4) -> list[str]:
    number = office.prepare("person:2", office.sheet(count))
    office.ledger.drafts.approve(office.home.did, number, at=AT)
    carry_out(office.home, office.ledger, office.box, number, ask, at=AT)
    return [record.id for record in office.records()]


def _queue(office: Office, ids: list[str], kind: str = "claim", language: str = "en") -> None:
    to = [
        Addressed(one, f"learner{n}@example.org", language, LINK, "2026-09-01") for n, one in enumerate(ids)
    ]
    queue_letters(office.ledger, office.box, kind, to, language="en", at=AT)


def _send(office: Office, settings: MailSettings, at=AT):
    return send_due(office.home, office.ledger, office.box, settings, now=lambda: at)


def _states(office: Office) -> list[str]:
    return [letter.state for letter in office.ledger.outbox.listed(office.home.did)]


def test_letters_reach_learners_with_their_link_and_are_logged(office: Office, post) -> None:
    server, settings = post
    ids = _issued(office)
    _queue(office, ids)
    done = _send(office, settings)
    notes = [letter.note for letter in office.ledger.outbox.listed(office.home.did)]
    assert (done.sent, done.later, done.failed) == (4, 0, 0), notes
    assert server.to == [f"learner{n}@example.org" for n in range(4)]
    first = server.taken[0]
    holder = office.records()[0].holder
    body = first.get_body().get_content()
    assert LINK in body
    assert holder in body
    assert holder not in first["Subject"]
    assert not list(first.iter_attachments())
    assert _states(office) == ["sent"] * 4
    assert _send(office, settings).sent == 0
    assert [entry.act for entry in office.ledger.audit.of_record(ids[0])] == [
        "issued", "letter_queued", "letter_sent",
    ]  # fmt: skip
    said = "\n".join(office.ledger.audit.export(office.home.did))
    assert "learner0" not in said
    assert LINK not in said


def test_addresses_and_links_lie_sealed_and_the_content_is_gone_when_it_went(
    office: Office, post, tmp_path
) -> None:
    import gzip

    _queue(office, _issued(office))
    office.ledger.backup(tmp_path / "backup")
    everything = gzip.decompress((tmp_path / "backup").read_bytes()).decode()
    assert "learner0" not in everything
    assert LINK not in everything
    _send(office, post[1])
    assert {letter.sealed for letter in office.ledger.outbox.listed(office.home.did)} == {b""}


def test_the_diploma_itself_goes_only_where_that_was_chosen(small_office: Office, post) -> None:
    ids = _issued(small_office, 1)
    _queue(small_office, ids, kind="diploma")
    assert _send(small_office, post[1]).sent == 1
    (attached,) = post[0].taken[0].iter_attachments()
    assert attached.get_content()[:5] == b"%PDF-"
    assert "D-0" in attached.get_filename()


def test_a_busy_server_is_tried_again_later_and_later_and_then_not_any_more(office: Office, post) -> None:
    server, settings = post
    _queue(office, _issued(office, 1))
    server.at_rcpt["learner0@example.org"] = "451 4.7.1 <learner0@example.org> greylisted"
    at = AT
    for wait in WAITS:
        done = _send(office, settings, at)
        assert (done.sent, done.later, done.failed) == (0, 1, 0)
        assert _send(office, settings, at + timedelta(seconds=wait - 1)).later == 0
        at += timedelta(seconds=wait)
    assert _send(office, settings, at).failed == 1
    (letter,) = office.ledger.outbox.listed(office.home.did)
    assert letter.state == "failed"
    assert letter.note == "451 4.7.1 … greylisted"
    server.at_rcpt.clear()
    office.ledger.outbox.again(office.home.did, letter.id, at=at)
    assert _send(office, settings, at).sent == 1


def test_an_address_that_does_not_exist_fails_and_the_others_go(office: Office, post) -> None:
    server, settings = post
    _queue(office, _issued(office))
    server.at_rcpt["learner1@example.org"] = "550 5.1.1 no such user"
    done = _send(office, settings)
    assert (done.sent, done.failed) == (3, 1)
    assert _states(office) == ["sent", "failed", "sent", "sent"]


def test_a_server_that_is_not_there_loses_nothing(office: Office, post) -> None:
    _queue(office, _issued(office))
    nowhere = MailSettings("127.0.0.1", "registrar@example.edu", 9, "none")
    done = _send(office, nowhere)
    assert done.trouble
    assert sorted(_states(office)) == ["queued"] * 4
    assert _send(office, post[1], AT + timedelta(minutes=2)).sent == 4


def _send_and_die(folder: str, settings: MailSettings, crash_at: str) -> None:
    os.environ[VARIABLE] = crash_at
    home = Home.load(Path(folder))
    with home.ledger(by="server") as ledger:
        send_due(home, ledger, box_of(home, PASSPHRASE), settings, now=lambda: AT)


@pytest.mark.parametrize(("moment", "went", "left"), [
    ("letter_taken:2", 1, ["sent", "sending", "queued"]),
    ("letter_handing:2", 1, ["sent", "handing", "queued"]),
    ("letter_handed:2", 2, ["sent", "handing", "queued"]),
])  # fmt: skip
def test_a_process_that_dies_loses_no_letter_and_sends_none_twice_by_itself(
    small_office: Office, post, moment: str, went: int, left: list[str]
) -> None:
    office, (server, settings) = small_office, post
    _queue(office, _issued(office, 3))
    process = SPAWN.Process(target=_send_and_die, args=(str(office.home.folder), settings, moment))
    process.start()
    process.join(60)
    assert process.exitcode == -9
    assert len(server.taken) == went
    assert _states(office) == left
    _send(office, settings, AT + timedelta(hours=1))
    unsure = "handing" in left
    assert _states(office) == ["sent", "handing" if unsure else "sent", "sent"]
    assert len(server.to) == len(set(server.to))
    if unsure:  # a person decides, and the message has the same Message-ID
        (letter,) = office.ledger.outbox.listed(office.home.did, state="handing")
        office.ledger.outbox.again(office.home.did, letter.id, at=AT)
        _send(office, settings, AT + timedelta(hours=1))
        assert _states(office) == ["sent"] * 3
        ids = [message["Message-ID"] for message in server.taken]
        assert len(set(ids)) == 3


def _report(message_id: str, action: str = "failed") -> bytes:
    return (
        "From: MAILER-DAEMON@example.org\r\nTo: registrar@example.edu\r\nSubject: Undelivered\r\n"
        "MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mail.example.org\r\n\r\nFinal-Recipient: rfc822; learner0@example.org\r\n"
        f"Action: {action}\r\nStatus: 5.2.2\r\nDiagnostic-Code: smtp; 552 learner0@example.org mailbox full\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\nSubject: x\r\n\r\n--b--\r\n"
    ).encode()


def test_a_letter_that_came_back_is_noted(office: Office, post) -> None:
    server, settings = post
    _queue(office, _issued(office, 1))
    _send(office, settings)
    bounce = read_bounce(_report(server.taken[0]["Message-ID"]))
    assert bounce.reason == "smtp; 552 … mailbox full"
    letter = office.ledger.outbox.bounced(bounce.token, bounce.reason, at=LATER)
    assert letter
    assert _states(office) == ["bounced"]
    assert office.ledger.outbox.bounced("0" * 32, "", at=LATER) is None
    for data in (_report("<x@y>"), _report(server.taken[0]["Message-ID"], "delayed"), b"hello"):
        with pytest.raises(Malformed):
            read_bounce(data)


def test_a_learner_whose_record_is_corrected_is_told_in_the_same_transaction(office: Office, post) -> None:
    ids = _issued(office, 2)
    _queue(office, ids[:1])
    _send(office, post[1])
    for one in ids:
        record = office.ledger.get(one)
        assert record
        values = changed_values(office.template, record, {"grade": "Distinction"})
        correct(
            office.home, office.ledger, one, values, ask, reason="x", at=LATER, box=office.box, language="fr"
        )
    letters = office.ledger.outbox.listed(office.home.did)
    assert [(letter.kind, letter.state) for letter in letters] == [("claim", "sent"), ("corrected", "queued")]
    new = office.ledger.get(ids[0]).replaced_by  # type: ignore[union-attr]
    assert contact_of(office.ledger, office.box, new) == "learner0@example.org"
    _send(office, post[1], LATER)
    assert "remplacée par une copie corrigée" in post[0].taken[-1].get_body().get_content()
    assert office.ledger.audit.verify(office.home.did).problems == ()


def test_nobody_is_written_to_about_a_record_that_was_revoked_meanwhile(small_office: Office, post) -> None:
    ids = _issued(small_office, 2)
    _queue(small_office, ids)
    small_office.ledger.set_status(ids[0], "revocation", True, reason="x", at=LATER)
    done = _send(small_office, post[1], LATER)
    assert (done.sent, done.failed) == (1, 1)
    assert small_office.ledger.outbox.listed(small_office.home.did)[0].note == "the record is revoked by now"


def test_the_desks_worker_sends_what_is_due_and_lets_go_what_is_past_its_time(
    small_office: Office, post
) -> None:
    server, settings = post
    _queue(small_office, _issued(small_office, 2))
    (small_office.home.folder / "mail.toml").write_text(
        f'[mail]\nhost = "127.0.0.1"\nport = {settings.port}\nsecurity = "none"\nfrom = "r@example.edu"\n'
    )
    desk = DeskOffice.open(small_office.home.folder, PASSPHRASE, now=lambda: LATER)
    send_letters(desk)
    assert _states(small_office) == ["sent", "sent"]
    assert len(server.taken) == 2
    later = DeskOffice.open(small_office.home.folder, PASSPHRASE, now=lambda: LATER + timedelta(days=900))
    round_ = LettingGo()
    round_(later)
    round_(later)
    assert _states(small_office) == []
    desk.close()
    later.close()


def test_what_is_cancelled_is_not_sent_and_what_was_sent_is_not_cancelled(office: Office, post) -> None:
    _queue(office, _issued(office, 2))
    first, second = (letter.id for letter in office.ledger.outbox.listed(office.home.did))
    office.ledger.outbox.cancel(office.home.did, first, at=AT)
    assert _send(office, post[1]).sent == 1
    with pytest.raises(Refused):
        office.ledger.outbox.cancel(office.home.did, second, at=AT)
    with pytest.raises(OperatorError, match="there is no letter 99"):
        office.ledger.outbox.cancel(office.home.did, 99, at=AT)


@pytest.mark.parametrize("address", ["x", "a b@c.org", "a@b.org\r\nBcc: evil@e.org", "<a@b.org>", "a@b", ""])
def test_an_address_that_could_forge_headers_is_refused(small_office: Office, address: str) -> None:
    ids = _issued(small_office, 1)
    with pytest.raises(OperatorError):
        queue_letters(small_office.ledger, small_office.box, "claim", [Addressed(ids[0], address, link=LINK)],
                      language="en", at=AT)  # fmt: skip
    assert _states(small_office) == []


def test_letters_go_over_the_network_only_under_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mail.toml").write_text(
        '[mail]\nhost = "mail.example.edu"\nsecurity = "none"\nfrom = "r@e.edu"\n'
    )
    with pytest.raises(OperatorError, match="do not go over the network in clear"):
        MailSettings.load(tmp_path)
    (tmp_path / "mail.toml").write_text(
        '[mail]\nhost = "mail.example.edu"\nusername = "r"\nfrom = "r@e.edu"\n'
    )
    monkeypatch.delenv("TESTAMUR_SMTP_PASSWORD", raising=False)
    with pytest.raises(OperatorError, match="the password is not said"):
        MailSettings.load(tmp_path)
    monkeypatch.setenv("TESTAMUR_SMTP_PASSWORD", "secret")
    assert "secret" not in repr(MailSettings.load(tmp_path))


def test_over_starttls_a_certificate_that_nobody_vouches_for_is_refused(
    small_office: Office, tmp_path: Path
) -> None:
    _queue(small_office, _issued(small_office, 1))
    certificate = _certificate(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    server = PostOffice()
    port = _free_port()
    controller = Controller(
        server, hostname="127.0.0.1", port=port, tls_context=context, require_starttls=True
    )
    controller.start()
    try:
        settings = MailSettings("localhost", "registrar@example.edu", port, "starttls")
        done = _send(small_office, settings)
        assert "certificate" in done.trouble.lower()
        assert server.taken == []
        known = MailSettings("localhost", "registrar@example.edu", port, "starttls", ca_file=str(certificate))
        assert _send(small_office, known, AT + timedelta(minutes=2)).sent == 1
    finally:
        controller.stop()


def _certificate(folder: Path) -> Path:
    from datetime import UTC, datetime

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = folder / "server.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                          serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )  # fmt: skip
    return path


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_is_written_in_every_language(tmp_path: Path, language: str) -> None:
    texts = LetterTexts(tmp_path)
    said = {
        "holder": "አበበ",
        "award": "B.Sc.",
        "school": "ጅማ",
        "number": "7",
        "link": LINK,
        "until": "2026-09-01",
    }
    for kind in KINDS:
        subject, body = texts.write(kind, language, said)
        assert not re.search(r"\{\w+\}", subject + body)
        assert "አበበ" in body
        assert "አበበ" not in subject
    assert LINK not in texts.write("corrected", language, said | {"link": ""})[1]
    assert texts.slip_line(language)


def test_a_school_writes_its_own_letters_and_no_name_into_a_subject(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    own = tmp_path / "letters/am.toml"
    own.write_text('[claim]\nsubject = "ከ {school}"\nbody = "ሰላም {holder}\\n{link}"\n', "utf-8")
    said = {"holder": "አበበ", "school": "ጅማ", "link": LINK}
    assert LetterTexts(tmp_path).write("claim", "am", said) == ("ከ ጅማ", f"ሰላም አበበ\n{LINK}\n")
    for wrong in ('subject = "{holder}"\nbody = "x"', 'subject = "x"\nbody = "{shoe}"', 'subject = "x"'):
        own.write_text(f"[claim]\n{wrong}\n", "utf-8")
        with pytest.raises(OperatorError):
            LetterTexts(tmp_path).write("claim", "am", said)
