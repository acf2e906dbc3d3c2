"""A forged word on the page over genuine attachments must never pass."""

import copy
import io

import pypdf
import pytest
from pypdf.annotations import FreeText
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject, TextStringObject

from testamur.credentials import Look
from testamur.papercode import encode
from testamur.render import Enclosed, check_page, page_fields, pdf
from tests.papercode.records import compact, record, signed
from tests.render.pages import CREST, look, make, vouched

SCRIPTS = ("en", "es", "hi", "am", "ar", "km", "zh")
FORGED = {"en": "Mallory Viola Steinhauer", "es": "María José Hernández Ruis", "hi": "अनन्या राघवेन्द्र मिश्रा",
          "am": "ሄኖክ ገብረመድኅን ታደሠ", "ar": "نور الدين محمود الشافعى", "km": "លី សុភាព៍", "zh": "王小朋"}  # fmt: skip


def forged_page(language, change):
    """What an attacker who runs testamur would make: a page of changed claims with the genuine attachments."""
    _, claims, page_look = make(language)
    extract = record(language)
    jwt = signed(extract)
    enclosed = Enclosed(compact(claims), jwt, encode(jwt, "verify.example"), CREST)
    changed = copy.deepcopy(claims)
    change(changed)
    return pdf(page_fields(changed, page_look), page_look, enclosed), claims, page_look


def edited(change):
    """A genuine page after an edit with a PDF library."""
    file, claims, page_look = make("en")
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(file))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return check_page(out.getvalue(), claims, page_look.text)


def drawing(operators, resources=None):
    """An edit that draws over the page."""

    def change(writer):
        page = writer.pages[0]
        stream = DecodedStreamObject()
        stream.set_data(b"q " + operators + b" Q")
        before = DecodedStreamObject()
        before.set_data(page["/Contents"].get_data() + b"\n")
        page[NameObject("/Contents")] = ArrayObject([writer._add_object(before), writer._add_object(stream)])
        if resources:
            fonts = DictionaryObject(page["/Resources"].get_object()["/Font"].get_object())
            fonts[NameObject("/Forged")] = DictionaryObject(
                {NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type1"),
                 NameObject("/BaseFont"): NameObject("/Helvetica")}
            )  # fmt: skip
            page["/Resources"].get_object()[NameObject("/Font")] = fonts

    return change


@pytest.mark.parametrize("language", SCRIPTS)
@pytest.mark.parametrize("style", ["diploma", "plain"])
def test_our_own_page_differs_in_nothing(language, style):
    file, claims, page_look = make(language, style=style)
    assert check_page(file, claims, page_look.text) == []


@pytest.mark.parametrize("language", SCRIPTS)
def test_a_page_that_only_a_tool_wrote_anew_is_compared_by_words_and_picture(language):
    file, claims, page_look = make(language)
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(file))
    out = io.BytesIO()
    writer.write(out)
    assert out.getvalue() != file
    assert check_page(out.getvalue(), claims, page_look.text) == []


@pytest.mark.parametrize("language", SCRIPTS)
def test_a_name_changed_by_one_letter_is_named(language):
    def change(claims):
        claims["credentialSubject"]["identifier"][0]["identityHash"] = FORGED[language]

    told = check_page(*_arguments(forged_page(language, change)))
    assert any("should read" in sentence and record_name(language) in sentence for sentence in told), told
    assert any("were not signed" in sentence for sentence in told), told


def test_a_better_grade_is_named():
    def change(claims):
        claims["credentialSubject"]["result"][0]["value"] = "3.91"

    told = check_page(*_arguments(forged_page("en", change)))
    assert any("'3.41'" in sentence for sentence in told), told


def test_a_white_box_with_another_name_over_the_name_is_named():
    told = edited(
        drawing(
            b"1 1 1 rg 200 300 440 70 re f 0 g BT /Forged 30 Tf 260 320 Td (Mallory) Tj ET", resources=True
        )
    )
    assert any("Mallory" in sentence for sentence in told), told
    assert any("does not look" in sentence for sentence in told), told


def test_a_name_drawn_in_lines_without_a_letter_of_text_is_named():
    told = edited(drawing(b"2 w 300 380 m 310 420 l 320 380 l S"))
    assert len(told) == 1
    assert told[0].startswith("the page does not look as the signed record is drawn here")


def test_a_pale_mark_is_named():
    assert edited(drawing(b"0.93 g 400 400 30 8 re f"))


def test_words_in_invisible_text_are_named():
    told = edited(drawing(b"3 Tr BT /Forged 9 Tf 260 320 Td (honorary doctor) Tj ET", resources=True))
    assert any("honorary" in sentence for sentence in told), told


def test_an_annotation_is_named():
    told = edited(
        lambda writer: writer.add_annotation(0, FreeText(text="Mallory", rect=(300, 300, 500, 340)))
    )
    assert any("/Annots" in sentence for sentence in told), told


def test_another_page_is_named():
    assert any("2 pages" in sentence for sentence in edited(lambda writer: writer.add_blank_page(595, 842)))


@pytest.mark.parametrize("member", ["/AcroForm", "/OCProperties", "/OpenAction", "/AA", "/Collection"])
def test_forms_layers_and_scripts_are_named(member):
    def change(writer):
        writer.root_object[NameObject(member)] = DictionaryObject()

    assert any(member in sentence for sentence in edited(change))


def test_a_script_among_the_names_is_named():
    def change(writer):
        writer.root_object["/Names"][NameObject("/JavaScript")] = DictionaryObject()

    assert any("/JavaScript" in sentence for sentence in edited(change))


def test_an_update_appended_to_the_file_is_named():
    file, claims, page_look = make("en")
    reader = pypdf.PdfReader(io.BytesIO(file))
    writer = pypdf.PdfWriter(reader, incremental=True)
    writer.add_metadata({"/Note": "changed"})
    out = io.BytesIO()
    writer.write(out)
    assert out.getvalue().startswith(file)
    assert "the file was changed after it was made" in check_page(out.getvalue(), claims, page_look.text)


def test_a_look_that_the_record_does_not_name_is_told():
    page_look = look("en", motto="Doctor of Medicine, with highest honours")
    extract = record("en")
    claims = vouched(extract, look("en"))
    jwt = signed(extract)
    enclosed = Enclosed(compact(claims), jwt, encode(jwt, "verify.example"), CREST)
    file = pdf(page_fields(claims, page_look), page_look, enclosed)
    assert check_page(file, claims, page_look.text) == [
        "the constant words of the page are not covered by the signature"
    ]


def test_a_code_that_holds_another_token_is_told():
    _, claims, page_look = make("en")
    other = encode(signed(record("es")), "verify.example")
    enclosed = Enclosed(compact(claims), signed(record("en")), other, CREST)
    told = check_page(pdf(page_fields(claims, page_look), page_look, enclosed), claims, page_look.text)
    assert told == ["the code on the page holds another token than the one attached"]


def test_a_picture_of_a_code_that_is_not_the_attached_one_is_named():
    told = edited(drawing(b"0 g 700 120 40 40 re f"))
    assert any("does not look" in sentence for sentence in told), told


@pytest.mark.parametrize(
    "file", [b"", b"%PDF-1.7", b"\0" * 1000, b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\nstartxref\n0\n%%EOF"]
)
def test_what_is_no_pdf_is_never_in_order(file):
    _, claims, page_look = make("en")
    assert check_page(file, claims, page_look.text)


def test_a_cut_page_is_never_in_order():
    file, claims, page_look = make("en")
    for end in (len(file) // 4, len(file) // 2, len(file) - 10):
        assert check_page(file[:end], claims, page_look.text)


@pytest.mark.parametrize("text", ["", "{}", "[" * 10_000, '{"style":"diploma"}', "x" * 100_000])
def test_a_broken_look_is_told(text):
    file, claims, _ = make("en")
    assert len(check_page(file, claims, text)) == 1


def test_an_attachment_that_is_missing_is_told():
    def change(writer):
        names = writer.root_object["/Names"]["/EmbeddedFiles"]["/Names"]
        place = next(number for number, name in enumerate(names) if name == "paper.jwt")
        names[place] = TextStringObject("other.jwt")
        names[place + 1].get_object()[NameObject("/F")] = TextStringObject("other.jwt")
        names[place + 1].get_object()[NameObject("/UF")] = TextStringObject("other.jwt")

    assert any("paper.jwt" in sentence for sentence in edited(change))


def record_name(language):
    return record(language)["credentialSubject"]["identifier"][0]["identityHash"]


def _arguments(made: tuple[bytes, dict, Look]):
    file, claims, page_look = made
    return file, claims, page_look.text


def speak_otherwise(writer):
    for item in writer._objects:
        if isinstance(item, DictionaryObject) and item.get("/Type") == "/StructElem":
            item[NameObject("/ActualText")] = TextStringObject("Mallory")


def entitle_in_xmp(writer):
    stream = writer.root_object["/Metadata"].get_object()
    before = stream.get_data()
    stream.set_data(before.replace(b"Viola", b"Mallory"))
    assert stream.get_data() != before


@pytest.mark.parametrize(
    "change",
    [
        lambda writer: writer.add_metadata({"/Title": "Diploma – Mallory"}),
        entitle_in_xmp,
        speak_otherwise,
        lambda writer: writer.add_outline_item(title="Mallory", page_number=0),
        lambda writer: writer.add_attachment("Mallory.html", b"<script>"),
    ],
    ids=["title", "metadata", "spoken", "bookmark", "attachment"],
)
def test_what_a_file_says_beside_its_page_is_compared_too(change):
    told = edited(change)
    assert any("beside the page" in sentence and "Mallory" in sentence for sentence in told), told
