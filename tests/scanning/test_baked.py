import pytest

from testamur.checks import Headline
from testamur.jsontext import parse_object, write_json
from testamur.render import bake_png, bake_svg
from testamur.scanning import examine, read_scan
from tests.scanning import papers
from tests.town import NOW, Town

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect width="10" height="10"/></svg>'


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.mark.parametrize("form", ["full", "paper"])
def test_a_credential_baked_into_a_picture_is_read_back_to_the_letter(town: Town, form: str) -> None:
    text = (town.school.issue() if form == "full" else town.school.issue_paper()).text
    for data in (bake_png(papers.saved(papers.page()), text), bake_svg(SVG, text).encode()):
        (found,) = read_scan(data)
        assert found.document is not None
        assert found.document.text == text
        assert found.where == "text baked into the picture"


def test_a_badge_whose_picture_shows_the_code_of_another_record_is_undecided(town: Town) -> None:
    from testamur import papercode

    other = town.school.issue_paper(town.school.diploma("Олена Шевченко", index=8))
    picture = papers.saved(papers.page(papers.code(papercode.encode(other.text, papers.HOST))))
    reports = examine(
        bake_png(picture, town.school.issue().text), town.employer(), at=NOW, source="b.png"
    ).reports
    assert [report.headline for report in reports] == [Headline.CANNOT_TELL] * 2


def test_a_forged_badge_is_rejected(town: Town) -> None:
    forged = write_json(parse_object(town.school.issue().text) | {"name": "Doctor"})
    (report,) = examine(bake_svg(SVG, forged).encode(), town.employer(), at=NOW, source="b.svg").reports
    assert report.headline is Headline.NOT_GENUINE


def test_an_svg_with_entities_is_refused() -> None:
    from testamur.errors import Malformed

    laughs = '<!DOCTYPE s [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><svg xmlns="http://www.w3.org/2000/svg">&b;</svg>'
    with pytest.raises(Malformed):
        read_scan(laughs.encode())
