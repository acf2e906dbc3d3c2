"""A small school for the tests of issuing: a key, a template, graduates in ten scripts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from itertools import islice

from testamur.cohort import Cohort
from testamur.credentials import Template, shipped_template
from testamur.issuing import Issuer
from testamur.jsontext import Json
from testamur.keys import LocalSigner, PrivateKey, VerificationMethod
from testamur.proofs import Opened, decode, open_document
from testamur.rows import CheckedRow
from testamur.store import Form, Ledger

AT = datetime(2026, 7, 1, 9, 30, tzinfo=UTC)
SCHOOL = "did:web:diplomas.example.edu"
STATUS_URL = "https://diplomas.example.edu/status"
KEY = PrivateKey.from_secret("Ed25519", sha256(b"a key for tests only").digest())
SIGNER = LocalSigner(KEY, f"{SCHOOL}#key-1")

NAMES = [
    "አበበ ቢቂላ", "فاطمة الزهراء", "प्रिया शर्मा", "សុខ សុភា", "José Ñandú Álvarez",
    "Олена Шевченко", "王小明", "Ngọc Ánh Trần", "ნინო ბერიძე", "Γιώργος Παπαδόπουλος",
]  # fmt: skip


@dataclass(frozen=True)
class Graduates:
    """Rows as a checked sheet gives them; ``marks`` says which rows have another grade."""

    count: int
    changed: frozenset[int] = frozenset()

    @property
    def digest(self) -> bytes:
        return sha256(repr(self).encode()).digest()

    @property
    def samples(self) -> list[CheckedRow]:
        return list(self.rows())

    def portions(self, size: int) -> Iterator[list[CheckedRow]]:
        rows = self.rows()
        while portion := list(islice(rows, size)):
            yield portion

    def read(self, portion: list[CheckedRow]) -> list[CheckedRow]:
        return portion

    def light(self) -> "Graduates":
        return self

    def rows(self) -> Iterator[CheckedRow]:
        for number in range(self.count):
            cells = {
                "student_number": f"S-{number:04}",
                "name": NAMES[number % len(NAMES)],
                "programme": "Bachelor of Science in Nursing",
                "grade": "Distinction" if number in self.changed else "Merit",
                "awarded": "2026-06-30",
                "diploma_number": f"2026/{number:04}",
            }
            digest = sha256(repr(sorted(cells.items())).encode()).digest()
            yield CheckedRow(number + 2, cells["student_number"], digest, cells)


@cache
def diploma() -> Template:
    return Template.load(shipped_template("diploma"))


def a_cohort(count: int, changed: Sequence[int] = (), template: Template | None = None) -> Cohort:
    return Cohort(
        rows=Graduates(count, frozenset(changed)),
        template=template or diploma(),
        template_name="diploma",
        batch="graduates",
        at=AT,
        issuer_name="Universidad de Valdoria",
        issuer_url="https://diplomas.example.edu",
    )


def an_issuer(ledger: Ledger) -> Issuer:
    return Issuer(SIGNER, ledger, SCHOOL, STATUS_URL)


def a_document(number: int = 0) -> Json:
    """The unsecured diploma of one graduate."""
    row = next(row for row in Graduates(number + 1).rows() if row.line == number + 2)
    return diploma().fill(
        row.cells, line=row.line, issuer_id=SCHOOL, issuer_name="Universidad de Valdoria",
        issuer_url="https://diplomas.example.edu", at=AT,
        record_id=f"urn:uuid:00000000-0000-4000-8000-{number:012}",
    )  # fmt: skip


def opened(form: Form) -> Opened:
    """What a form says once its signature was checked with the school's key."""
    method = VerificationMethod(SIGNER.verification_method, SCHOOL, KEY.public_key)
    return open_document(decode(form.text), lambda url, purpose, at: method)
