import pytest

from testamur import papercode
from testamur.errors import Malformed
from testamur.jsontext import write_json
from testamur.proofs import SecuredDocument
from testamur.render import bake_png
from testamur.scanning import Found, read_scan
from tests.scanning import papers
from tests.town import Town


@pytest.fixture(scope="module")
def town() -> Town:
    return Town()


@pytest.fixture(scope="module")
def full(town: Town) -> SecuredDocument:
    return town.school.issue()


@pytest.fixture(scope="module")
def paper(town: Town) -> SecuredDocument:
    return town.school.issue_paper()


@pytest.fixture(scope="module")
def printed(paper: SecuredDocument) -> str:
    return papercode.encode(paper.text, papers.HOST)


def texts(found: list[Found]) -> list[str]:
    return [each.document.text for each in found if each.document]


def test_json_a_token_and_the_text_of_a_code_are_read(
    full: SecuredDocument, paper: SecuredDocument, printed: str
) -> None:
    assert texts(read_scan(full.text.encode())) == [full.text]
    assert texts(read_scan(b"\xef\xbb\xbf" + full.text.encode() + b"\n")) == [full.text]
    assert texts(read_scan(f"  {paper.text}\n".encode())) == [paper.text]
    assert texts(read_scan(printed.encode())) == [paper.text]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_the_code_in_a_picture_is_read(kind: str, paper: SecuredDocument, printed: str) -> None:
    assert texts(read_scan(papers.saved(papers.code(printed), kind))) == [paper.text]


def test_a_poor_photograph_is_read(paper: SecuredDocument, printed: str) -> None:
    assert texts(read_scan(papers.photographed(papers.page(papers.code(printed, box=4))))) == [paper.text]


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "LA", "P", "1", "I;16", "CMYK"])
def test_the_way_a_picture_stores_its_colours_does_not_matter(
    mode: str, paper: SecuredDocument, printed: str
) -> None:
    picture = papers.code(printed)
    if mode == "I;16":
        picture = picture.convert("I").point(lambda value: value * 257).convert("I;16")
    else:
        picture = picture.convert(mode)
    assert texts(read_scan(papers.saved(picture, "JPEG" if mode == "CMYK" else "PNG"))) == [paper.text]


def test_a_photograph_lying_on_its_side_is_read_as_its_exif_data_says(
    paper: SecuredDocument, printed: str
) -> None:
    from PIL import Image

    exif = Image.Exif()
    exif[0x0112] = 6
    assert texts(read_scan(papers.saved(papers.page(papers.code(printed)), "JPEG", exif=exif))) == [
        paper.text
    ]


def test_attachments_and_codes_of_a_pdf_are_all_found(
    full: SecuredDocument, paper: SecuredDocument, printed: str
) -> None:
    data = papers.pdf(
        papers.page(),
        papers.page(papers.code(printed)),
        attachments={"diploma.json": full.text.encode(), "notes.txt": b"hi"},
    )
    found = read_scan(data, "diploma.pdf")
    assert texts(found) == [full.text, paper.text]
    assert [each.where for each in found] == ["attachment diploma.json", "code on page 2"]
    assert found[0].sheet is not None


def test_a_code_of_somebody_else_is_a_text_and_no_credential() -> None:
    (found,) = read_scan(papers.saved(papers.code("https://pizza.example/menu")))
    assert (found.document, found.text, found.error) == (None, "https://pizza.example/menu", None)


def test_a_picture_without_a_code_holds_nothing() -> None:
    assert read_scan(papers.saved(papers.page())) == []


def test_the_files_of_an_archive_are_read_each_by_itself(full: SecuredDocument, printed: str) -> None:
    data = papers.archive(
        a__json=full.text.encode(), b__png=papers.saved(papers.code(printed)), c__txt=b"hello"
    )
    found = read_scan(data, "all.zip")
    assert [each.file for each in found] == ["all.zip/a.json", "all.zip/b.png", "all.zip/c.txt"]
    assert [bool(each.document) for each in found] == [True, True, False]


def test_an_archive_within_an_archive_is_not_opened(full: SecuredDocument) -> None:
    inner = papers.archive(a__json=full.text.encode())
    (found,) = read_scan(papers.archive(inner__zip=inner))
    assert found.error is not None


def test_a_paper_code_with_a_digit_changed_is_no_credential_or_another_token(
    printed: str, paper: SecuredDocument
) -> None:
    place = len(printed) - 40
    changed = printed[:place] + str((int(printed[place]) + 1) % 10) + printed[place + 1 :]
    (found,) = read_scan(changed.encode())
    assert found.document is None or found.document.text != paper.text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"   \n", "empty"),
        (b"<html><body>Diploma</body></html>", "web page"),
        (b"<!DOCTYPE html><p>Diploma", "web page"),
        (b"Dear Sir or Madam", "neither a credential"),
        (b"\x00\x01\x02\xff\xfe", "no kind of file"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, ""),
        (b"\xff\xd8\xff\xe0 broken", "cannot be read"),
        (b"PK\x03\x04 broken", "cannot be unpacked"),
    ],
)
def test_what_is_no_such_file_is_refused_with_a_reason(data: bytes, reason: str) -> None:
    message = found_error(data)
    assert message
    assert reason in message


def test_a_file_longer_than_fifty_megabytes_is_refused_unread() -> None:
    with pytest.raises(Malformed, match="longer than"):
        read_scan(b"{" + b" " * 50_000_001)


def test_json_longer_than_a_credential_can_be_is_refused() -> None:
    with pytest.raises(Malformed, match="longer than"):
        read_scan(b'{"@context": "' + b"a" * 5_000_000 + b'"}')


@pytest.mark.parametrize(
    "text",
    [
        '{"@context": ' + "[" * 10_000 + "]" * 10_000 + "}",
        '{"@context": [], "type": "VerifiableCredential", "type": "VerifiableCredential"}',
        '{"@context": NaN}',
        '{"@context": ' + "9" * 5000 + "}",
        '{"@context": "\\ud800"}',
        '{"@context": [',
        write_json({"@context": [], "type": "Poem"}),
        "eyJhbGciOiJub25lIn0.eyJ9.",
        "eyJ.eyJ.eyJ",
    ],
)
def test_hostile_text_is_an_error_and_nothing_else(text: str) -> None:
    (found,) = read_scan(text.encode())
    assert found.document is None
    assert found.error is not None


# bombs


def found_error(data: bytes) -> str:
    try:
        found = read_scan(data)
    except Malformed as error:
        return str(error)
    assert not [each for each in found if each.document]
    return "; ".join(str(each.error) for each in found)


def test_a_picture_of_a_hundred_thousand_pixels_a_side_is_refused_before_it_is_unpacked() -> None:
    assert "64 million" in found_error(papers.png_bomb(100_000))


def test_a_pdf_whose_attachment_bursts_is_refused() -> None:
    bomb = papers.pdf_bomb(400_000_000)
    assert len(bomb) < 1_000_000
    assert "attachments cannot be read" in found_error(bomb)


def test_a_zip_whose_member_bursts_is_refused() -> None:
    assert "unpacks to more than" in found_error(papers.archive(a__json=bytes(60_000_000)))


def test_a_zip_of_too_many_files_is_refused() -> None:
    assert "1000 are the limit" in found_error(
        papers.archive(**{f"f{number}__txt": b"" for number in range(1001)})
    )


def test_a_truncated_pdf_or_picture_is_an_error(printed: str, full: SecuredDocument) -> None:
    whole = papers.pdf(papers.page(papers.code(printed)), attachments={"diploma.json": full.text.encode()})
    assert found_error(whole[: len(whole) // 3])
    picture = papers.saved(papers.page(papers.code(printed)))
    assert found_error(picture[: len(picture) // 2])


def test_a_page_as_large_as_a_house_is_not_drawn() -> None:
    import io

    import pypdf

    writer, stream = pypdf.PdfWriter(), io.BytesIO()
    writer.add_blank_page(1e6, 1e6)
    writer.write(stream)
    assert "is not drawn" in found_error(stream.getvalue())


def test_only_the_first_pages_of_a_long_pdf_are_looked_at_and_that_is_said() -> None:
    import io

    import pypdf

    writer, stream = pypdf.PdfWriter(), io.BytesIO()
    for _ in range(30):
        writer.add_blank_page(200, 200)
    writer.write(stream)
    assert "first 20 of 30 pages" in found_error(stream.getvalue())


@pytest.mark.parametrize("name", ["diploma.pdf", "-", "diploma"])
def test_an_archive_that_opens_as_a_pdf_is_refused(full: SecuredDocument, name: str) -> None:
    page = papers.pdf(papers.page())
    archive = papers.archive(stored=True, page__pdf=page, diploma__json=full.text.encode())
    assert b"%PDF-" in archive[:1024]
    with pytest.raises(Malformed, match="a PDF and an archive"):
        read_scan(archive, name)
    assert [found.file for found in read_scan(archive, "cohort.zip")] == ["cohort.zip/diploma.json"]


def test_a_badge_that_opens_as_a_pdf_is_refused(full: SecuredDocument) -> None:
    baked = bake_png(papers.saved(papers.code("x")), full.text)
    page = papers.chunk(b"paGe", papers.pdf(papers.page()))
    with pytest.raises(Malformed, match="a PDF and a picture"):
        read_scan(baked[:33] + page + baked[33:])
