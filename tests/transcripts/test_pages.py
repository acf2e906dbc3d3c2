"""The printed transcript: its pages say every course, and whatever is changed on one of them is found."""

import io

import pypdf
import pytest

from testamur.papercode import decode as decode_code
from testamur.proofs import decode
from testamur.render import Enclosed, check_page, make_qr, page_fields, pdf
from tests.town import NOW, Town
from tests.transcripts.papers import NAMES, Paper, paper

pytestmark = pytest.mark.system


def printed(made: Paper) -> bytes:
    page = page_fields(made.document, made.template.look)
    return pdf(page, made.template.look, Enclosed(made.full.text, made.paper.text, made.code))


@pytest.mark.parametrize("language", NAMES)
def test_a_transcript_of_two_pages_is_drawn_again_to_the_letter_and_is_whole(language: str) -> None:
    made = paper(language, 30)
    data = printed(made)
    reader = pypdf.PdfReader(io.BytesIO(data))
    assert len(reader.pages) == 2
    assert check_page(data, made.document, made.template.look.text) == []
    page = page_fields(made.document, made.template.look)
    assert page.courses is not None
    assert len(page.courses.lines) == 30
    assert page.courses.total.endswith(": 135.5")


def test_a_grade_changed_on_the_second_page_is_found() -> None:
    made = paper("en", 30)
    claims = {**made.document, "credentialSubject": dict(made.document["credentialSubject"])}
    held = [dict(one) for one in claims["credentialSubject"]["verifiableCredential"]]
    last = held[-1] = {**held[-1], "credentialSubject": dict(held[-1]["credentialSubject"])}
    last["credentialSubject"]["result"] = [{**last["credentialSubject"]["result"][0], "value": "A+"}]
    claims["credentialSubject"]["verifiableCredential"] = held
    forged = Paper(made.template, claims, made.full, made.paper, made.code)
    found = check_page(printed(forged), made.document, made.template.look.text)
    assert any("on page 2" in difference for difference in found)
    assert any("should read" in difference or "not signed" in difference for difference in found)


def test_the_code_on_paper_alone_verifies_and_tells_the_courses() -> None:
    made = paper("ar", 30)
    assert make_qr(made.code).warning == ""
    report = Town().employer().verify(decode(decode_code(made.code)), at=NOW)
    assert report
    assert "It sums up its courses: NUR 100, 3.5, A; NUR 101, 4, B" in report.to_text()
