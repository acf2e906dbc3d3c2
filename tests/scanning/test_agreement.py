"""What one document holds must agree: attachments, codes and printed words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testamur import papercode
from testamur.checks import Headline, Report
from testamur.jsontext import parse_object, write_json
from testamur.proofs import SecuredDocument
from testamur.scanning import examine
from testamur.scanning.agreement import differences
from tests.scanning import papers
from tests.town import GRADUATION, NOW, Town


@pytest.fixture
def town() -> Town:
    return Town()


def look_at(town: Town, data: bytes) -> tuple[Report, ...]:
    return examine(data, town.employer(), at=NOW, source="diploma.pdf").reports


def printed(form: SecuredDocument):
    return papers.code(papercode.encode(form.text, papers.HOST))


def test_two_forms_of_one_record_are_one_answer(town: Town) -> None:
    full, paper = town.school.issue(), town.school.issue_paper()
    data = papers.archive(both__pdf=papers.pdf(papers.page(printed(paper))), full__json=full.text.encode())
    assert [report.headline for report in look_at(town, data)] == [Headline.GENUINE, Headline.GENUINE]
    token = paper.text.encode()
    (report,) = look_at(town, papers.pdf(papers.page(printed(paper)), attachments={"paper.jwt": token}))
    assert report.format == "vc+jwt"
    assert not any("different" in doubt for doubt in report.doubts)


def test_a_code_of_another_diploma_beside_an_attachment_is_undecided_and_named(town: Town) -> None:
    other = town.school.issue_paper(town.school.diploma("Nguyễn Thị Ánh", index=8, latin=""))
    data = papers.pdf(papers.page(printed(other)), attachments={"d.json": town.school.issue().text.encode()})
    reports = look_at(town, data)
    assert len(reports) == 2
    assert all(report.headline is Headline.CANNOT_TELL for report in reports)
    assert "different records: attachment d.json, code on page 1" in reports[0].doubts[0]


def test_a_forged_form_beside_a_genuine_one_rejects(town: Town) -> None:
    forged = write_json(parse_object(town.school.issue().text) | {"name": "Doctor of Science"}).encode()
    data = papers.pdf(papers.page(printed(town.school.issue_paper())), attachments={"d.json": forged})
    (report,) = look_at(town, data)
    assert report.headline is Headline.NOT_GENUINE
    assert any("different things about name" in doubt for doubt in report.doubts)


def test_two_signed_forms_that_differ_are_undecided_and_the_member_is_named(town: Town) -> None:
    other = town.school.diploma("Forged Name")
    data = papers.pdf(
        papers.page(printed(town.school.issue_paper(other))),
        attachments={"d.json": town.school.issue().text.encode()},
    )
    (report,) = look_at(town, data)
    assert report.headline is Headline.CANNOT_TELL
    assert any(
        "say different things about credentialSubject.identifier[0]" in doubt for doubt in report.doubts
    )


def test_pages_of_a_scan_may_each_have_their_own_diploma(town: Town) -> None:
    pages = [
        papers.page(printed(town.school.issue_paper(town.school.diploma(index=index)))) for index in (7, 8)
    ]
    assert [report.headline for report in look_at(town, papers.pdf(*pages))] == [Headline.GENUINE] * 2


def test_two_diplomas_on_one_page_are_undecided(town: Town) -> None:
    codes = [printed(town.school.issue_paper(town.school.diploma(index=index))) for index in (7, 8)]
    reports = look_at(town, papers.saved(papers.page(*codes), "JPEG"))
    assert [report.headline for report in reports] == [Headline.CANNOT_TELL] * 2


def test_an_attachment_that_looks_like_a_credential_and_cannot_be_read_is_a_doubt(town: Town) -> None:
    data = papers.pdf(
        papers.page(printed(town.school.issue_paper())),
        attachments={"d.json": b'{"@context": [], "@context": []}'},
    )
    (report,) = look_at(town, data)
    assert report.headline is Headline.CANNOT_TELL
    assert "d.json could not be read" in report.doubts[0]


def test_a_code_of_somebody_else_on_the_page_is_noted_and_does_no_harm(town: Town) -> None:
    sheet = papers.page(printed(town.school.issue_paper()), papers.code("https://pizza.example"))
    examined = examine(papers.saved(sheet, "JPEG"), town.employer(), at=NOW, source="photo.jpg")
    assert examined.reports[0].headline is Headline.GENUINE
    assert any("pizza.example" in note for note in examined.notes)


def test_a_genuine_attachment_under_a_forged_page_is_never_genuine(town: Town) -> None:
    data = papers.pdf(attachments={"diploma.json": town.school.issue().text.encode()})
    (report,) = look_at(town, data)
    assert report.headline is Headline.CANNOT_TELL


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | st.text("ab", max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from("abcd"), _VALUES))
def test_a_document_agrees_with_itself(document: dict[str, object]) -> None:
    assert differences(document, document) == []


@given(st.dictionaries(st.sampled_from("abcd"), _VALUES), st.data())
def test_an_extract_agrees_with_what_it_was_taken_from(
    document: dict[str, object], data: st.DataObject
) -> None:
    extract = {name: value for name, value in document.items() if data.draw(st.booleans())}
    assert differences(extract, document) == differences(document, extract) == []


def test_a_changed_value_deep_inside_is_found_and_its_place_named() -> None:
    one = {"s": {"r": [{"v": "17"}, {"v": "12"}]}, "n": 1}
    assert differences(one, {"s": {"r": [{"v": "17"}]}}) == []
    assert differences(one, {"s": {"r": [{"v": "18"}]}}) == ["s.r[0]"]
    assert differences(one, {"s": {"r": [{"v": "12"}, {"v": "17"}]}}) == ["s.r[1]"]
    assert differences(one, {"n": True}) == ["n"]


def test_forms_made_on_different_days_still_agree(town: Town) -> None:
    full = parse_object(town.school.issue(at=GRADUATION).text)
    paper = town.school.issue_paper(at=NOW).claims
    assert differences(full, paper) == []
