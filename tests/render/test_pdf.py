import io
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pypdf
import pypdfium2
import pytest
import zxingcpp

from testamur.errors import Malformed
from testamur.papercode import decode
from testamur.render import page_fields, pdf
from tests.papercode.records import record, signed
from tests.render.pages import CREST, look, make

SCRIPTS = ("en", "hi", "am", "ar", "km")


def named(name):
    def change(claims):
        claims["credentialSubject"]["identifier"] = [
            {"type": "IdentityObject", "identityHash": name, "identityType": "name", "hashed": False}
        ]

    return change


@pytest.mark.parametrize("language", SCRIPTS)
@pytest.mark.system
def test_the_code_on_the_page_reads_back_at_150_dots_per_inch(language):
    file, _, _ = make(language)
    picture = pypdfium2.PdfDocument(file)[0].render(scale=150 / 72, grayscale=True).to_pil()
    codes = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
    assert [decode(code.text) for code in codes] == [signed(record(language))]


def test_equal_input_gives_equal_bytes_in_any_thread():
    with ThreadPoolExecutor(4) as threads:
        assert len({file for file, _, _ in threads.map(make, ["es"] * 8)}) == 1


def test_equal_input_gives_equal_bytes_in_another_process():
    program = "import sys; from tests.render.pages import make; sys.stdout.buffer.write(make('es')[0])"
    other = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, timeout=60)
    assert other.stdout == make("es")[0]


def test_the_signed_forms_the_look_and_the_crest_are_attached():
    file, _, page_look = make("es")
    attached = {entry.name: entry.content for entry in pypdf.PdfReader(io.BytesIO(file)).attachment_list}
    assert sorted(attached) == ["code.txt", "credential.json", "crest.svg", "look.json", "paper.jwt"]
    assert attached["paper.jwt"].decode() == signed(record("es"))
    assert attached["look.json"].decode() == page_look.text
    assert attached["crest.svg"] == CREST
    assert decode(attached["code.txt"].decode()) == signed(record("es"))


def test_the_file_says_what_it_is_to_archives_and_screen_readers():
    reader = pypdf.PdfReader(io.BytesIO(make("ar", crest="")[0]))
    root = reader.trailer["/Root"]
    metadata = root["/Metadata"].get_data().decode()
    assert root["/Lang"] == "ar"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/Direction"] == "/R2L"
    assert "<pdfaid:part>3</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in metadata
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert "نور الدين محمود الشافعي" in reader.metadata.title


@pytest.mark.parametrize("style", ["diploma", "certificate", "licence", "badge", "plain"])
@pytest.mark.parametrize("orientation", ["landscape", "portrait"])
@pytest.mark.parametrize("paper", ["a4", "us-letter"])
def test_every_style_is_one_page_of_its_paper(style, orientation, paper):
    file, _, _ = make("en", style=style, orientation=orientation, paper=paper)
    document = pypdfium2.PdfDocument(file)
    sides = {"a4": (595, 842), "us-letter": (612, 792)}[paper]
    assert len(document) == 1
    assert tuple(map(round, document[0].get_size())) == (sides if orientation == "portrait" else sides[::-1])


@pytest.mark.parametrize("style", ["diploma", "certificate", "licence", "badge", "plain"])
def test_long_words_and_many_rows_still_fit_on_one_page(style):
    def grow(claims):
        subject = claims["credentialSubject"]
        subject["identifier"][0]["identityHash"] = "Maria Anna Josepha Wilhelmina Theodora " * 3
        subject["achievement"]["name"] = (
            "Bachelor of Science in Comparative Administration of Public Archives " * 2
        )
        subject["achievement"]["description"] = "A programme on records of every kind. " * 12

    file, _, _ = make("en", change=grow, style=style)
    assert len(pypdfium2.PdfDocument(file)) == 1


def test_more_than_a_page_holds_is_refused():
    def grow(claims):
        claims["credentialSubject"]["achievement"]["description"] = "words " * 160
        claims["credentialSubject"]["result"] = [{"type": ["Result"], "value": "x" * 90} for _ in range(60)]

    with pytest.raises(Malformed):
        make("en", change=grow)


@pytest.mark.parametrize(
    ("name", "point"), [("Ana \U000f0000", "U+F0000"), ("A\u0378", "U+0378"), ("😀 Bo", "U+1F600")]
)
def test_a_character_that_no_font_covers_is_refused_by_name(name, point):
    with pytest.raises(Malformed, match=point.replace("+", r"\+")):
        make("en", change=named(name))


@pytest.mark.parametrize("name", ["a\nb", "a\u202eb", "a\x00b", "x" * 1001, "\ud800"])
def test_a_name_that_cannot_be_printed_on_a_line_is_refused(name):
    claims = record("en")
    named(name)(claims)
    with pytest.raises(Malformed):
        page_fields(claims, look("en"))


@pytest.mark.parametrize(
    "name", ["#panic()", "*bold* _it_ $x$ @ref <label>", '"]) #image("/etc/passwd")', "\\u{1F600} %s {x}"]
)
def test_names_are_never_markup(name):
    file, _, _ = make("en", change=named(name))
    assert name in pypdfium2.PdfDocument(file)[0].get_textpage().get_text_range()


def test_a_crest_other_than_the_look_s_is_refused():
    from testamur.render import Enclosed

    claims, page_look = record("en"), look("en")
    page = page_fields(claims, page_look)
    for crest in (b"", b"<svg/>", CREST + b" "):
        with pytest.raises(Malformed, match="crest"):
            pdf(page, page_look, Enclosed("{}", "x", "HTTPS://A.EXAMPLE/Q#1", crest))


def test_names_in_many_other_scripts_are_set():
    names = ["Ольга Ђорђевић", "Ελένη Παπαδοπούλου", "שרה לוי", "ნინო ბერიძე", "Արամ Պետրոսյան", "ஆனந்தி முருகன்", "สมชาย ใจดี",
             "দেবাশিস চৌধুরী", "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ", "ලක්ෂ්මී පෙරේරා", "မောင်မောင်", "ສົມພອນ", "བསྟན་འཛིན", "김민수", "山田太郎", "Nguyễn Thị Hồng Ánh",
             "Ọlátúndé Ọ̀ṣínlẹ̀", "Þórður Ægisson", "Łukasz Żółć"]  # fmt: skip
    for name in names:
        assert make("en", change=named(name), crest="")[0].startswith(b"%PDF-1.7")


@pytest.mark.parametrize("day", ["", "2026-02-30T00:00:00Z", "yesterday"])
def test_a_record_without_a_real_day_is_refused(day):
    with pytest.raises(Malformed, match="awardedDate"):
        make("en", change=lambda claims: claims.update(awardedDate=day, validFrom=day))
