import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from testamur.issuer.desk.office import Office
from testamur.store.drafts import TWO_PERSONS
from tests.issuer.conftest import SHEET
from tests.issuer.desk.offices import Browser, add_person, desk_of, issue_sheet, let_work, make_office
from tests.served import Served


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = make_office(tmp_path / "desk", "north", "south", templates=["diploma"])
    for name, roles in (
        ("clerk", ["clerk"]), ("registrar", ["clerk", "registrar"]), ("other", ["registrar"]),
        ("auditor", ["auditor"]), ("admin", ["administrator"]),
    ):  # fmt: skip
        add_person(office, f"{name}@north.example", office.school("north"), *roles)
    return office


@pytest.fixture
def served(office: Office) -> Iterator[Served]:
    with desk_of(office) as served:
        yield served


@pytest.fixture
def registrar(served: Served, office: Office) -> Browser:
    browser = _in(served, "registrar")
    text = SHEET.replace("student_number", "student_number")
    issue_sheet(office, browser, "north", "diploma", text, "June")
    return browser


def _in(served: Served, name: str) -> Browser:
    browser = Browser(served)
    browser.sign_in(f"{name}@north.example")
    browser.get("/schools/north")
    return browser


def _place(office: Office, number: str) -> str:
    school = office.school("north")
    assert school is not None
    record = next(record for record in school.ledger.each(school.did) if record.number == number)
    return f"/schools/north/records/{record.id.removeprefix('urn:uuid:')}"


def test_a_record_is_found_by_what_is_written_on_it(registrar: Browser) -> None:
    for text in ("fatima", "المنصوري", "V-3", "Nursing"):
        assert "فاطمة المنصوري" in registrar.post("/schools/north/records", {"q": text}).text, text
    assert "No record was found" in registrar.post("/schools/north/records", {"q": "nobody"}).text


def test_a_record_shows_what_it_says_and_everything_that_happened(registrar: Browser, office: Office) -> None:
    place = _place(office, "V-2")
    page = registrar.get(place)
    assert "សុខា សុខ" in page.text
    assert "Issued" in page.text
    assert "Registrar" in page.text
    assert registrar.get(f"{place}/page.png").body.startswith(b"\x89PNG")
    for kind, start in (
        ("pdf", b"%PDF"),
        ("png", b"\x89PNG"),
        ("json", b"{"),
        ("jwt", b"ey"),
        ("qr", b"<svg"),
    ):
        assert registrar.get(f"{place}/files/{kind}").body.startswith(start)
    assert "A file was taken" in registrar.get(place).text


def test_a_record_is_revoked_with_a_reason_and_a_remark_that_stays_here(
    registrar: Browser, office: Office
) -> None:
    place = _place(office, "V-1")
    assert registrar.post(f"{place}/revoke", {"reason": "because"}).status == 409
    done = registrar.post(f"{place}/revoke", {"reason": "issued_in_error", "remark": "the thesis was copied"})
    assert done.headers["location"] == place
    page = registrar.get(place).text
    assert 'data-state="revoked"' in page
    assert "the thesis was copied" in page
    assert "not published yet" in page


def test_two_people_revoke_where_the_organisation_says_so(
    registrar: Browser, served: Served, office: Office
) -> None:
    school = office.school("north")
    assert school is not None
    school.ledger.registry.set_setting(school.did, TWO_PERSONS, "revoke correct undo", at=office.now())
    place = _place(office, "V-1")
    draft = registrar.post(f"{place}/revoke", {"reason": "withdrawn"}).headers["location"]
    assert "/drafts/" in draft
    assert registrar.post(f"{draft}/approve").status == 409
    other = _in(served, "other")
    assert "Inés Quiroga" in other.get(draft).text
    assert other.post(f"{draft}/approve").status == 303
    let_work(office)
    assert 'data-state="revoked"' in registrar.get(place).text


def test_a_corrected_copy_takes_the_place_of_the_old_one(registrar: Browser, office: Office) -> None:
    place = _place(office, "V-3")
    asked = registrar.get(f"{place}/correct").text
    assert 'value="Fatima al-Mansuri"' in asked
    same = registrar.post(f"{place}/correct", {"reason": "nothing"})
    assert same.status == 409
    wrong = registrar.post(f"{place}/correct", {"cell:credits": "many", "reason": "typing"})
    assert wrong.status == 409
    assert "many" in wrong.text
    done = registrar.post(
        f"{place}/correct", {"cell:name_latin": "Fatima Al Mansouri", "reason": "her passport"}
    )
    new = done.headers["location"]
    assert "Fatima Al Mansouri" in registrar.get(new).text
    old = registrar.get(place).text
    assert 'data-state="replaced"' in old
    assert new in old


def test_a_batch_is_undone_and_can_be_issued_again(registrar: Browser, office: Office) -> None:
    done = registrar.post("/schools/north/batches/undo", {"name": "June", "reason": "issued_in_error"})
    assert done.status == 303
    assert "of which 0 are valid" in registrar.get("/schools/north/batches?name=June").text
    issue_sheet(office, registrar, "north", "diploma", SHEET, "June again")
    assert "of which 3 are valid" in registrar.get("/schools/north/batches?name=June%20again").text


def test_an_administrator_sees_no_record(registrar: Browser, served: Served, office: Office) -> None:
    admin = _in(served, "admin")
    place = _place(office, "V-1")
    for path in (place, "/schools/north/records", "/schools/north/sheets", f"{place}/files/pdf"):
        assert admin.get(path).status == 403


def test_a_template_is_changed_with_a_preview_and_keeps_its_versions(
    registrar: Browser, office: Office
) -> None:
    import re
    from html import unescape

    place = "/schools/north/templates/diploma"
    page = registrar.get(place).text

    def fields(page: str, **changes: str) -> dict[str, str]:
        found = re.search(r'<textarea id="text"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
        base = re.search(r'name="base" value="([^"]+)"', page)
        assert found
        assert base
        return {"text": unescape(found[1]), "base": base[1], "ink": "#1f3a5f", **changes}

    seen = registrar.post(f"{place}/preview", fields(page, title="Título")).json
    assert seen["picture"].startswith("data:image/png;base64,")
    broken = registrar.post(f"{place}/preview", fields(page, text="title = ")).json
    assert broken["mistakes"]
    assert registrar.post(place, fields(page, text="title = ", act="keep")).status == 409
    kept = registrar.post(
        place, fields(page, title="Título", ink="#7a0000", motto="Scientia lux", act="keep")
    )
    assert kept.status == 303
    school = office.school("north")
    assert school is not None
    template = school.template("diploma")
    assert (template.title, template.look.ink, template.look.motto) == ("Título", "#7a0000", "Scientia lux")
    assert "# A line that begins with # is a note for you." in school.template_text("diploma")
    assert registrar.post(place, fields(page, title="Other", act="keep")).status == 409  # somebody was faster
    older = registrar.get(f"{place}?version=1").text
    assert 'value="Diploma"' in older
    back = registrar.post(place, fields(older, act="keep"))
    assert back.status == 303
    assert school.template("diploma").title == "Diploma"


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 99,
        b"GIF89a",
    ],
)
def test_what_is_no_picture_is_no_crest(registrar: Browser, data: bytes) -> None:
    page = registrar.get("/schools/north/templates/diploma")
    parts = [
        ("text", "", b"title = 1"),
        ("base", "", b""),
        ("act", "", b"look"),
        ("crest", "crest.png", data),
    ]
    answer = registrar.send("/schools/north/templates/diploma", parts)
    assert answer.status == 400
    assert page.status == 200


def test_a_crest_is_drawn_anew(registrar: Browser, office: Office) -> None:
    stream = io.BytesIO()
    Image.new("RGB", (3000, 2000), "navy").save(stream, "JPEG", comment=b"by a learner")
    school = office.school("north")
    assert school is not None
    from testamur.issuer.desk.designing import digest_of

    text = school.template_text("diploma")
    parts = [
        ("text", "", text.encode()), ("base", "", digest_of(text).encode()), ("act", "", b"keep"),
        ("crest", "../../crest.jpg", stream.getvalue()),
    ]  # fmt: skip
    assert registrar.send("/schools/north/templates/diploma", parts).status == 303
    (crest,) = school.home.templates_folder.glob("crest-*.png")
    with Image.open(crest) as drawn:
        assert drawn.size == (1200, 800)
    assert b"by a learner" not in crest.read_bytes()
    assert school.template("diploma").crest == crest.read_bytes()
