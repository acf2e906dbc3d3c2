"""What goes to a printer: one PDF of a batch, slips whose codes a phone reads, a ZIP."""

import io
import zipfile
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp

from testamur.errors import Malformed, OperatorError
from testamur.issuer.drafts import carry_out
from testamur.issuer.handing_out import Link, good_records, merged_pdf, printed_slips, zipped
from tests.registrar.conftest import AT, LATER, Office, ask
from tests.store.people import PEOPLE


def _issued(office: Office, count: int) -> list:
    number = office.prepare("person:2", office.sheet(count))
    office.ledger.drafts.approve(office.home.did, number, at=AT)
    carry_out(office.home, office.ledger, office.box, number, ask, at=AT)
    return good_records(office.ledger, office.home.did, "june")


def test_a_batch_is_one_pdf_in_the_order_of_its_sheet_with_codes_that_scan(small_office: Office) -> None:
    office = small_office
    records = _issued(office, 3)
    made = merged_pdf(office.home, office.ledger, records, title="june")
    pages = pypdfium2.PdfDocument(made)
    assert len(pages) == 3
    for page, record in zip(pages, records, strict=True):
        assert record.number in page.get_textpage().get_text_range()
        (code,) = zxingcpp.read_barcodes(page.render(scale=4).to_pil())
        assert code.text.startswith("HTTPS://DIPLOMAS.EXAMPLE.EDU/Q#")


def test_what_was_revoked_is_not_printed(small_office: Office) -> None:
    first, *_ = _issued(small_office, 3)
    small_office.ledger.set_status(first.id, "revocation", True, reason="x", at=LATER)
    assert len(good_records(small_office.ledger, small_office.home.did, "june")) == 2
    with pytest.raises(OperatorError, match="no records that are good"):
        good_records(small_office.ledger, small_office.home.did, "july")


def test_a_batch_is_a_zip(small_office: Office, tmp_path: Path) -> None:
    records = _issued(small_office, 2)
    zipped(small_office.home, small_office.ledger, records, ["json", "jwt"], tmp_path / "june.zip")
    with zipfile.ZipFile(tmp_path / "june.zip") as archive:
        assert len(archive.namelist()) == 4


def test_slips_name_each_learner_in_any_script_and_their_codes_lead_to_the_link(small_office: Office) -> None:
    records = _issued(small_office, 10)
    links = {
        record.id: Link(f"https://diplomas.example.edu/c/{n:032}", language="ar" if n % 2 else "en")
        for n, record in enumerate(records)
    }
    pages = pypdfium2.PdfDocument(io.BytesIO(printed_slips(small_office.home, records, links)))
    assert len(pages) == 2
    read = {code.text for page in pages for code in zxingcpp.read_barcodes(page.render(scale=4).to_pil())}
    assert read == {link.link for link in links.values()}
    text = "".join(page.get_textpage().get_text_range() for page in pages)
    assert PEOPLE[0] in text
    assert "José Ñandú Álvarez" in text
    with pytest.raises(Malformed, match="0 slips"):
        printed_slips(small_office.home, records, {})
