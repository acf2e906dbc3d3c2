"""The pages as any browser gets them, with no script run."""

import base64
import csv
import io
import re

import pytest

from testamur.checks import Headline
from testamur.errors import OperatorError
from testamur.jsontext import parse_object
from testamur.proofs import decode
from testamur.serving import Bounds
from testamur.verifier.receipts import make_office_key, open_office_key
from testamur.words import LANGUAGES, Tongue
from tests.scanning import papers
from tests.town import NOW, School, Town
from tests.verifier.app_desk import office_of, verifying_app

HTML = "text/html,application/xhtml+xml"


@pytest.fixture(scope="module")
def town() -> Town:
    town = Town()
    bits = town.school.set_bits
    bits["revocation"] |= {9: "replaced", 10: "issued_in_error"}
    bits["suspension"][3] = "under_review"
    town.school.publish()
    return town


@pytest.fixture(scope="module")
def app(town):
    with verifying_app(town, receipts=True, name="Town Hall of Valdoria") as served:
        yield served


def drop(app, *contents: bytes | str, lang: str = "en", path: str = "/"):
    parts = [
        ("file", f"file-{number}.json", body if isinstance(body, bytes) else body.encode())
        for number, body in enumerate(contents)
    ]
    return app.send(path, parts, accept=HTML, accept_language=lang)


def records(town: Town) -> dict[Headline, str]:
    """A record for each headline."""
    school = town.school
    stranger = School(town.web, "elsewhere.example", "Universidad de Ninguna Parte")
    suspended = school.diploma(index=3, credentialStatus=school.status(3, "suspension"))
    unreachable = {**school.status(1), "statusListCredential": "https://gone.example/1.json"}
    return {
        Headline.GENUINE: school.issue().text,
        Headline.ISSUER_UNLISTED: stranger.issue(stranger.diploma()).text,
        Headline.CANNOT_TELL: school.issue(school.diploma(credentialStatus=unreachable)).text,
        Headline.NOT_YET_VALID: school.issue(school.diploma(validFrom="2031-01-01T00:00:00Z")).text,
        Headline.EXPIRED: school.issue(school.diploma(validUntil="2026-08-01T00:00:00Z")).text,
        Headline.SUSPENDED: school.issue(suspended).text,
        Headline.REVOKED: school.issue(school.diploma(index=10)).text,
        Headline.REPLACED: school.issue(school.diploma(index=9)).text,
        Headline.NOT_GENUINE: school.issue().text.replace("17.5 of 20", "19.5 of 20"),
    }


@pytest.mark.parametrize("headline", list(Headline))
def test_each_headline_leads_its_page_in_words_and_says_what_to_do(town, app, headline):
    answer = drop(app, records(town)[headline])
    assert answer.status == 200
    assert f'<article data-headline="{headline.value}">' in answer.text
    from testamur.verifier.headlines import TOLD

    title = re.search(r"<h1>(.*?)</h1>", answer.text)
    assert title is not None
    assert title[1] == TOLD[headline].title
    assert str(TOLD[headline].next).replace("'", "&#39;") in answer.text


def test_the_name_of_the_issuer_is_the_one_of_the_list_and_a_claimed_one_is_marked(town, app):
    liar = town.school.diploma()
    liar["issuer"]["name"] = "University of Oxford"
    listed = drop(app, town.school.issue(liar).text).text
    assert "<strong><bdi>Universidad de Valdoria</bdi></strong>" in listed
    assert "claims to be" not in listed
    unlisted = drop(app, records(town)[Headline.ISSUER_UNLISTED]).text
    assert "claims to be Universidad de Ninguna Parte" in unlisted


def test_how_fresh_it_is_and_who_vouches_stands_on_the_page(town, app):
    page = drop(app, town.school.issue().text, lang="en-GB").text
    assert "Checked against the list of 1 September 2026" in page
    assert "Its keys were last looked at on 1 September 2026" in page
    assert "Compare with the paper and with the person" in page


def test_a_face_is_shown_only_where_the_signature_holds_and_is_drawn_anew(town, app):
    raw = _png()
    document = town.school.diploma()
    address = "data:image/png;base64," + base64.b64encode(raw).decode()
    document["credentialSubject"]["image"] = {"id": address, "type": "Image"}
    text = town.school.issue(document).text
    shown = re.findall(r'<img src="(data:[^"]{1,40})', drop(app, text).text)
    assert shown
    assert shown[0].startswith("data:image/jpeg;base64,")
    assert "data:image" not in drop(app, text.replace("17.5", "19.5")).text.partition("<details>")[0]


def _png() -> bytes:
    from PIL import Image

    stream = io.BytesIO()
    Image.new("RGB", (600, 800), "grey").save(stream, "PNG")
    return stream.getvalue()


def test_several_files_are_counted_and_each_can_be_opened(town, app):
    page = drop(app, town.school.issue().text, records(town)[Headline.REVOKED], b"nothing").text
    assert "Genuine: 1" in page
    assert "Revoked: 1" in page
    assert "No record was found: 1" in page
    assert page.count("<details data-file>") == 3


def test_what_holds_no_record_says_what_to_try(app):
    page = drop(app, b"hello").text
    assert "No record was found" in page
    assert "take the photo from straight above" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_its_pages(town, app, language):
    start = app.get("/", accept=HTML, accept_language=language)
    assert f'<html lang="{language}" dir="{Tongue(language).direction}">' in start.text
    assert start.headers["content-language"] == language
    page = drop(app, town.school.issue().text, lang=language).text
    assert Tongue(language).say("Genuine") in page
    assert Tongue(language).day(NOW) in page


def test_the_language_that_was_asked_for_is_kept_on_the_way_without_a_cookie(town, app):
    start = app.get("/?lang=fr", accept=HTML, accept_language="es")
    assert '<html lang="fr"' in start.text
    assert 'action="/?lang=fr"' in start.text
    assert "set-cookie" not in start.headers


def test_a_hostile_name_is_text_on_the_page_and_text_in_a_cell(town, app):
    name = '<script>alert(1)</script>"\u202e'
    formula = '=HYPERLINK("https://evil.example";"x")'
    document = town.school.diploma(name, latin="")
    document["credentialSubject"]["achievement"]["name"] = formula
    page = drop(app, town.school.issue(document).text).text
    assert "<script>alert" not in page
    assert "\u202e" not in page
    rows = list(csv.DictReader(io.StringIO(kept(app, page, "/spreadsheet").body.decode("utf-8-sig"))))
    assert rows[0]["award"] == "'" + formula
    assert "\u202e" not in rows[0]["name"]


def kept(app, page: str, path: str):
    """What a button below the answers gives."""
    slips = re.search(r'name="slips" value="([^"]*)"', page)
    assert slips is not None
    return app.send(path, [("slips", "", slips[1].encode())])


def test_a_spreadsheet_has_a_row_for_each_file_even_one_without_a_record(town, app):
    page = drop(app, town.school.issue().text, b"nothing").text
    answer = kept(app, page, "/spreadsheet")
    assert answer.headers["content-disposition"] == 'attachment; filename="checked.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig"))))
    assert [row["headline"] for row in rows] == ["genuine", "no_record"]
    assert rows[0]["name"] == "ሰላም ተስፋዬ"


def test_a_learner_record_of_two_hundred_courses_fits_into_a_spreadsheet_and_a_receipt(town, app):
    long = "A course with a title that goes on " * 100
    held = [town.school.course(number, name=long) for number in range(200)]
    page = drop(app, town.school.issue(town.school.clr(held)).text).text
    answer = kept(app, page, "/spreadsheet")
    assert answer.status == 200
    assert len(list(csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig"))))) == 201
    assert kept(app, page, "/receipt").status == 200


def test_a_receipt_verifies_holds_digests_and_tells_nothing_of_the_records(town, app):
    from hashlib import sha256

    from testamur.encoding import digest_multibase

    text = town.school.issue().text
    answer = kept(app, drop(app, text, records(town)[Headline.REVOKED], b"nothing").text, "/receipt")
    assert answer.headers["content-type"] == "application/vc"
    report = town.employer().verify(decode(answer.body), at=NOW)
    assert report.headline is Headline.ISSUER_UNLISTED  # genuine; the town has not listed its own office
    receipt = parse_object(answer.body)
    first, second, third = receipt["credentialSubject"]
    assert first["subject"]["digestMultibase"] == digest_multibase(text.encode())
    assert first["result"]["outcome"] == "passed"
    assert first["source"] == [{"id": town.school.list_url, "modified": "2026-09-01T12:00:00Z"}]
    assert second["result"] == {
        "type": "TestResult", "outcome": "failed", "info": "revoked", "date": "2026-09-01T12:00:00Z"
    }  # fmt: skip
    assert third["result"]["info"] == "no_record"
    assert receipt["source"] == [{"digestMultibase": digest_multibase(b"the trust file")}]
    for secret in ("ሰላም", "Selam", "Bachelor", "VU-2026", sha256(text.encode()).hexdigest(), "file-0"):
        assert secret not in answer.text


def test_a_receipt_that_was_changed_is_not_genuine(town, app):
    answer = kept(app, drop(app, town.school.issue().text).text, "/receipt")
    changed = answer.text.replace('"outcome":"passed"', '"outcome":"failed"')
    assert changed != answer.text
    assert town.employer().verify(decode(changed), at=NOW).headline is Headline.NOT_GENUINE


def test_a_slip_from_elsewhere_or_changed_is_refused(town, app):
    other = office_of(town)
    looked = next(iter(other.desk.look([])), None)
    assert looked is None
    page = drop(app, town.school.issue().text).text
    slip = re.search(r'name="slips" value="([^"]*)"', page)
    assert slip is not None
    for text in (slip[1][:-8] + "AAAAAAAA", "x", "", slip[1][10:], "é"):
        answer = app.send("/receipt", [("slips", "", text.encode())])
        assert answer.status == 422, text


def test_without_a_key_there_are_no_receipts(town):
    with verifying_app(town) as app:
        assert "/receipt" not in drop(app, town.school.issue().text).text
        assert app.send("/receipt", [("slips", "", b"x")]).status in (404, 405)


def test_a_frame_of_the_camera_is_read_and_what_is_no_picture_refused(town, app):
    from testamur import papercode

    code = papercode.encode(town.school.issue_paper().text, papers.HOST)
    frame = papers.photographed(papers.page(papers.code(code)))
    assert app.post("/frame", frame, "image/jpeg").json == {"text": code}
    assert app.post("/frame", b"nothing", "image/jpeg").status == 422
    assert app.post("/frame", b"", "image/jpeg").status == 400


def test_a_page_that_is_not_there_and_a_file_too_large_are_told_in_the_readers_words(town):
    with verifying_app(town, bounds=Bounds(max_body=5000), rate=2) as app:
        missing = app.get("/nowhere", accept=HTML, accept_language="fr")
        assert missing.status == 404
        assert '<html lang="fr"' in missing.text
        large = drop(app, b"x" * 9000)
        assert (large.status, "too large" in large.text) == (413, True)
        assert drop(app, b"x").status == 200
        assert drop(app, b"x").status == 429


def test_scripts_styles_and_words_are_served_to_be_kept_a_while(app):
    for path in ("/web/house.css", "/pages/start.js", "/words/fr.json", "/web/icons/genuine.svg"):
        answer = app.get(path)
        assert (answer.status, answer.headers["cache-control"]) == (200, "public, max-age=600"), path
        assert app.get(path, if_none_match=answer.headers["etag"]).status == 304
    for path in ("/web/../app.py", "/pages/start.html", "/pages/%2e%2e/app.py", "/words/xx.json"):
        assert app.get(path).status == 404


def test_the_key_of_an_office_is_made_once_and_opened_again(tmp_path):
    path = tmp_path / "office.key"
    did = make_office_key(path, "correct horse")
    assert open_office_key(path, "correct horse").verification_method.startswith(did)
    with pytest.raises(OperatorError):
        make_office_key(path, "correct horse")
    with pytest.raises(OperatorError):
        open_office_key(path, "wrong")
