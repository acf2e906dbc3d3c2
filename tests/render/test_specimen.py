"""A specimen shows the page and can never be taken for a diploma."""

import pypdf
import pytest

from testamur.render import page_fields, specimen
from tests.render.pages import CREST, make


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> pypdf.PdfReader:
    _, claims, look = make("en")
    path = tmp_path_factory.mktemp("specimen") / "page.pdf"
    path.write_bytes(
        specimen(page_fields(claims, look), look, code="HTTPS://VALDORIA.EXAMPLE/Q#" + "0" * 700, crest=CREST)
    )
    return pypdf.PdfReader(path)


def test_a_specimen_says_so_across_the_page(reader: pypdf.PdfReader) -> None:
    assert "Specimen" in reader.pages[0].extract_text()


def test_a_specimen_carries_nothing_signed(reader: pypdf.PdfReader) -> None:
    assert not reader.attachments
