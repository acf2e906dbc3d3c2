"""Records for the tests of the ledger: people in many scripts, texts that stand for signed forms."""

from datetime import UTC, datetime, timedelta

from testamur.store import Form, Ledger, NewRecord, StatusSlot

AT = datetime(2026, 7, 1, 9, 30, tzinfo=UTC)
LATER = AT + timedelta(days=40)
SCHOOL = "did:web:diplomas.example.edu"

PEOPLE = [
    "አበበ ቢቂላ",
    "فاطمة الزهراء",
    "प्रिया शर्मा",
    "សុខ សុភា",
    "José Ñandú Álvarez",
    "Олена Шевченко",
    "王小明",
    "Ngọc Ánh Trần",
    "ნინო ბერიძე",
    "Γιώργος Παπαδόπουλος",
]


def a_record(number: int, slots: tuple[StatusSlot, ...], **changes: object) -> NewRecord:
    """The record of the nth graduate, its row named by the number."""
    identity = str(changes.pop("id", f"urn:uuid:00000000-0000-4000-8000-{number:012}"))
    members: dict[str, object] = {
        "id": identity,
        "organisation": SCHOOL,
        "forms": (
            Form("full", "ldp_vc", f'{{"id":"{identity}"}}'),
            Form("paper", "vc+jwt", f"e30.{number}.c2ln"),
        ),
        "slots": slots,
        "issued_at": AT,
        "valid_from": AT,
        "template": "diploma",
        "template_version": "1",
        "row_key": f"S-{number:04}",
        "row_digest": f"digest-{number}",
        "batch": "graduates",
        "holder": PEOPLE[number % len(PEOPLE)],
        "award": "Bachelor of Science",
        "number": f"2026/{number:04}",
    }
    return NewRecord(**(members | changes))  # type: ignore[arg-type]


def issue(ledger: Ledger, numbers: range, **changes: object) -> list[NewRecord]:
    """Reserve and keep the records of these graduates."""
    organisation = str(changes.get("organisation", SCHOOL))
    slots = ledger.reserve(organisation, "revocation", len(numbers))
    new = [a_record(number, (slot,), **changes) for number, slot in zip(numbers, slots, strict=True)]
    ledger.record(new)
    return new
