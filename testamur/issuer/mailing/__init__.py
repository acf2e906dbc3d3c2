"""Letters to learners by e-mail: written per language, queued in the ledger, sent through the school's own server."""

from testamur.issuer.mailing.bounces import read_bounce
from testamur.issuer.mailing.letters_text import KINDS, LetterTexts
from testamur.issuer.mailing.queueing import Addressed, contact_of, queue_letters, sealed_contacts
from testamur.issuer.mailing.sending import Sent, send_due
from testamur.issuer.mailing.settings import MAIL, MailSettings

__all__ = [
    "KINDS",
    "MAIL",
    "Addressed",
    "LetterTexts",
    "MailSettings",
    "Sent",
    "contact_of",
    "queue_letters",
    "read_bounce",
    "sealed_contacts",
    "send_due",
]
