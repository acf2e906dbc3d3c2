from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from testamur.credentials import Template, shipped_template
from testamur.errors import Malformed, OperatorError
from testamur.issuing import BATCH, Draft, Issuer
from testamur.jsontext import Json, parse_object
from testamur.keys import LocalSigner, PrivateKey, PublicKey
from testamur.store import LIST_SIZE, Ledger
from tests.issuing.school import AT, NAMES, SCHOOL, SIGNER, STATUS_URL, a_document, an_issuer, diploma, opened


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(f"sqlite:///{tmp_path / 'ledger.sqlite'}") as found:
        yield found


@pytest.fixture
def issuer(ledger: Ledger) -> Issuer:
    return an_issuer(ledger)


def _paper(document: Json) -> Json:
    return diploma().paper_document(document)


def test_a_record_has_a_full_and_a_paper_form_and_both_verify(issuer: Issuer) -> None:
    record = issuer.issue(a_document(), at=AT, paper=_paper)
    assert [(form.name, form.format) for form in record.forms] == [("full", "ldp_vc"), ("paper", "vc+jwt")]
    for form in record.forms:
        signatures = opened(form).signatures
        assert len(signatures) == 1
        assert signatures[0].holds


def test_what_is_issued_is_in_the_ledger(issuer: Issuer, ledger: Ledger) -> None:
    record = issuer.issue(a_document(3), at=AT, paper=_paper, template="diploma", row_key="S-0003", batch="g")
    assert ledger.get(record.id) == record
    assert (record.holder, record.number, record.valid_from) == (NAMES[3], "2026/0003", AT)
    assert record.award == "Bachelor of Science in Nursing"


def test_the_status_entry_is_that_of_the_reserved_index(issuer: Issuer) -> None:
    record = issuer.issue(a_document(), at=AT)
    index = record.slots[0].index
    assert parse_object(record.forms[0].text)["credentialStatus"] == {
        "id": f"{STATUS_URL}/1.json#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(index),
        "statusListCredential": f"{STATUS_URL}/1.json",
    }


def test_a_suspendable_record_has_two_entries_in_two_lists(issuer: Issuer) -> None:
    document = a_document()
    record = issuer.issue(document, at=AT, suspendable=True)
    entries = parse_object(record.forms[0].text)["credentialStatus"]
    assert [entry["statusPurpose"] for entry in entries] == ["revocation", "suspension"]
    assert [entry["statusListCredential"][-6:] for entry in entries] == ["1.json", "2.json"]


def test_forms_share_id_status_and_every_member_of_the_paper(issuer: Issuer) -> None:
    record = issuer.issue(a_document(), at=AT, paper=_paper)
    full, paper = (opened(form).claims for form in record.forms)
    for name in ("id", "issuer", "validFrom", "credentialStatus"):
        assert name in paper
    assert paper["id"] == full["id"]
    assert paper["credentialStatus"] == full["credentialStatus"]
    assert len(record.forms[1].text) < len(record.forms[0].text)


def test_a_document_without_an_id_is_given_one(issuer: Issuer) -> None:
    document = {name: value for name, value in a_document().items() if name != "id"}
    record = issuer.issue(document, at=AT, paper=_paper)
    assert record.id.startswith("urn:uuid:")
    assert {opened(form).claims["id"] for form in record.forms} == {record.id}


def test_the_document_given_is_not_changed(issuer: Issuer) -> None:
    document = a_document()
    issuer.issue(document, at=AT, paper=_paper)
    assert document == a_document()


def test_every_broken_rule_is_named_and_no_index_is_spent(issuer: Issuer, ledger: Ledger) -> None:
    document = a_document() | {"validFrom": "yesterday"}
    del document["credentialSubject"]
    with pytest.raises(Malformed) as caught:
        issuer.issue(document, at=AT)
    assert "validFrom" in caught.value.message
    assert "credentialSubject" in caught.value.message
    assert ledger.lists(SCHOOL) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"issuer": {"id": "did:web:evil.example", "type": ["Profile"], "name": "x"}}, "whose key signs"),
        ({"credentialStatus": {"id": "https://a.example/1#1", "type": "X"}}, "the issuer adds this itself"),
        ({"proof": {"type": "DataIntegrityProof"}}, "no proof yet"),
    ],
)
def test_what_only_the_issuer_may_say_is_refused(issuer: Issuer, change: Json, said: str) -> None:
    with pytest.raises(Malformed, match=said):
        issuer.issue(a_document() | change, at=AT)


@pytest.mark.parametrize("member", ["validFrom", "name", "credentialSubject"])
def test_an_extract_that_says_something_else_is_refused(issuer: Issuer, ledger: Ledger, member: str) -> None:
    def forged(document: Json) -> Json:
        extract = _paper(document)
        extract["name"] = "Doctor of Everything"
        if member != "name":
            extract = _paper(document)
        if member == "validFrom":
            extract["validFrom"] = "2020-01-01T00:00:00Z"
        if member == "credentialSubject":
            subject = extract["credentialSubject"]
            extract["credentialSubject"] = subject | {"licenseNumber": "2026/9999"}
        return extract

    with pytest.raises(Malformed, match="differs from the full document") as caught:
        issuer.issue(a_document(), at=AT, paper=forged)
    assert member in caught.value.path
    assert ledger.find(SCHOOL) == []


def test_an_extract_without_the_status_is_refused(issuer: Issuer) -> None:
    def bare(document: Json) -> Json:
        return {name: value for name, value in _paper(document).items() if name != "credentialStatus"}

    with pytest.raises(Malformed, match="lacks the status entry"):
        issuer.issue(a_document(), at=AT, paper=bare)


@dataclass(frozen=True)
class _Mistaken:
    """A signer that names a public key which is not that of its private key."""

    inner: LocalSigner
    public_key: PublicKey
    verification_method: str = SIGNER.verification_method

    def sign(self, data: bytes) -> bytes:
        return self.inner.sign(data)


def test_a_signer_whose_signatures_do_not_verify_issues_nothing(ledger: Ledger) -> None:
    signer = _Mistaken(SIGNER, PrivateKey.generate("Ed25519").public_key)
    with pytest.raises(OperatorError, match="does not verify"):
        Issuer(signer, ledger, SCHOOL, STATUS_URL).issue(a_document(), at=AT)
    assert ledger.find(SCHOOL) == []


@pytest.mark.parametrize("algorithm", ["P-256", "P-384"])
def test_the_cryptosuite_is_that_of_the_key(ledger: Ledger, algorithm: str) -> None:
    signer = LocalSigner(PrivateKey.generate(algorithm), f"{SCHOOL}#key-2")
    record = Issuer(signer, ledger, SCHOOL, STATUS_URL).issue(a_document(), at=AT)
    assert parse_object(record.forms[0].text)["proof"]["cryptosuite"] == "ecdsa-rdfc-2019"


def test_many_drafts_become_as_many_records_with_indexes_of_their_own(issuer: Issuer, ledger: Ledger) -> None:
    count = BATCH + 3
    document = a_document()
    drafts = (
        Draft(document=document | {"id": f"urn:uuid:00000000-0000-4000-9000-{number:012}"}, at=AT)
        for number in range(count)
    )
    records = list(issuer.issue_many(drafts))
    assert len({record.slots[0].index for record in records}) == count
    assert records == list(ledger.each(SCHOOL, with_forms=True))
    assert all(0 <= record.slots[0].index < LIST_SIZE for record in records)


def test_a_suspendable_draft_among_others_gets_its_second_index(issuer: Issuer) -> None:
    drafts = [
        Draft(document=a_document(number), at=AT, suspendable=number == 1, row_key=f"{number}")
        for number in range(3)
    ]
    assert [len(record.slots) for record in issuer.issue_batch(drafts)] == [1, 2, 1]


@pytest.mark.parametrize("name", ["course", "badge", "licence", "enrolment"])
def test_a_document_of_every_shipped_template_is_issued_with_its_extract(issuer: Issuer, name: str) -> None:
    template = Template.load(shipped_template(name))
    row = {column.name: column.example for column in template.columns if column.example}
    row |= {
        column.name: {"date": "2026-06-30", "number": "5", "integer": "5"}.get(column.type, NAMES[1])
        for column in template.columns
        if column.required and not column.example
    }
    document = template.fill(
        row, line=2, issuer_id=SCHOOL, issuer_name="Valdoria", issuer_url="https://diplomas.example.edu",
        record_id="urn:uuid:00000000-0000-4000-8000-000000000001", at=AT,
    )  # fmt: skip
    record = issuer.issue(document, at=AT, paper=template.paper_document, suspendable=template.suspendable)
    assert all(opened(form).signatures[0].holds for form in record.forms)


def test_a_replacing_draft_revokes_the_old_record(issuer: Issuer, ledger: Ledger) -> None:
    old = issuer.issue(a_document(0), at=AT, template="diploma", row_key="S-0000")
    draft = Draft(document=a_document(1), at=AT, template="diploma", row_key="S-0000")
    (new,) = issuer.issue_batch([replace(draft, replaces=old.id)])
    kept = ledger.get(old.id)
    assert kept is not None
    assert (kept.state, kept.replaced_by) == ("replaced", new.id)
