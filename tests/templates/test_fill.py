import json
from datetime import UTC, datetime

import pytest
from jsonschema import Draft201909Validator, FormatChecker

from testamur.credentials import check_rules, check_schema, facts, held_by, write_courses
from testamur.credentials.template import SHIPPED, Template, shipped_template
from testamur.errors import RowMismatch
from testamur.jsonld import canonize
from tests.vectors_home import vectors

AT = datetime(2026, 7, 20, 9, 30, tzinfo=UTC)
RECORD = "urn:uuid:0f6a1c52-3d4b-4e8f-9a70-5b1c2d3e4f50"
ISSUER = {"issuer_id": "did:web:diplomas.valdoria.example", "issuer_name": "Universidad de Valdoria",
          "issuer_url": "https://diplomas.valdoria.example", "record_id": RECORD, "at": AT}  # fmt: skip
PEOPLE = [
    ("ሰላማዊት በቀለ", "Selamawit Bekele"),
    ("فاطمة الزهراء المنصوري", "Fatima al-Mansuri"),
    ("प्रियंका त्रिपाठी", "Priyanka Tripathi"),
    ("សុខ សុវណ្ណារ៉ា", "Sok Sovannara"),
    ("林小明", "Lin Xiaoming"),
    ("Inés Quiroga", ""),
]


def shipped(name: str) -> Template:
    return Template.load(shipped_template(name))


def example(template: Template, **cells: str) -> dict[str, str]:
    row = {column.name: column.example for column in template.columns}
    if template.courses:
        course, wrong = template.courses.read_row(
            {column.name: column.example for column in template.courses.columns}, 2
        )
        assert not wrong
        row |= {"courses": write_courses([course])}
    return row | cells


def fill(template: Template, **cells: str):
    return template.fill(example(template, **cells), line=2, **ISSUER)


@pytest.fixture(scope="module")
def official() -> Draft201909Validator:
    path = vectors("open-badges-3.0") / "schema" / "ob_v3p0_achievementcredential_schema.json"
    return Draft201909Validator(json.loads(path.read_bytes()), format_checker=FormatChecker())


@pytest.mark.official
@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize(("native", "latin"), PEOPLE)
def test_records_and_extracts_fit_the_official_schema(official, name, native, latin):
    template = shipped(name)
    document = fill(template, name=native, name_latin=latin)
    for form in (document, template.paper_document(document)):
        for badge in held_by(form) or [form]:  # of a transcript what it holds
            assert [error.message for error in official.iter_errors(badge)] == []
        first = form["credentialSubject"]["identifier"][0]
        assert (first["identityHash"], first["identityType"], first["hashed"]) == (native, "name", False)


@pytest.mark.parametrize("name", SHIPPED)
def test_records_and_extracts_break_no_rule_and_every_term_is_defined(name):
    template = shipped(name)
    document = fill(template)
    for form in (document, template.paper_document(document)):
        assert check_rules(form) == check_schema(form) == []
        assert canonize(form)
        assert facts(form).holder == "ሰላማዊት በቀለ"
        assert facts(form).award == facts(document).award


def test_a_diploma_says_what_its_row_says():
    template = shipped("diploma")
    document = fill(
        template, name="  ሰላማዊት   በቀለ ", name_latin="Selamawit Bekele", credits="240.0", grade="Merit"
    )
    subject = document["credentialSubject"]
    assert document["id"] == RECORD
    assert document["issuer"] == {
        "id": ISSUER["issuer_id"], "type": ["Profile"], "name": ISSUER["issuer_name"], "url": ISSUER["issuer_url"]
    }  # fmt: skip
    assert (document["validFrom"], document["awardedDate"]) == (
        "2026-07-20T09:30:00Z",
        "2026-07-01T00:00:00Z",
    )
    assert [entry["identityHash"] for entry in subject["identifier"]] == ["ሰላማዊት በቀለ", "Selamawit Bekele"]
    assert (subject["creditsEarned"], subject["licenseNumber"]) == (240, "D-2026-00417")
    assert subject["result"][0]["value"] == "Merit"
    assert subject["result"][0]["resultDescription"] == subject["achievement"]["resultDescription"][0]["id"]
    assert "student_number" not in json.dumps(document)
    assert "2022-00417" not in json.dumps(document)


def test_the_look_is_named_by_its_digest():
    template = shipped("diploma")
    (resource,) = fill(template)["relatedResource"]
    assert resource == {
        "id": f"https://diplomas.valdoria.example/looks/{template.look.digest}.json",
        "digestMultibase": template.look.digest,
        "mediaType": "application/json",
    }


def test_an_award_has_one_id_for_all_who_hold_it():
    template = shipped("diploma")
    one, two, other = (
        fill(template),
        fill(template, name="林小明", grade="Pass"),
        fill(template, programme="Law"),
    )
    ids = [document["credentialSubject"]["achievement"]["id"] for document in (one, two, other)]
    assert ids[0] == ids[1] != ids[2]


def test_the_same_row_gives_the_same_text():
    template = shipped("course")
    assert json.dumps(fill(template)) == json.dumps(fill(template))


def test_an_email_address_goes_in_as_a_salted_digest_only():
    document = fill(shipped("badge"), email="Selam@Example.org")
    (entry,) = [entry for entry in document["credentialSubject"]["identifier"] if entry["hashed"]]
    assert entry["identityHash"].startswith("sha256$")
    assert entry["salt"] == "0f6a1c52-3d4b-4e8f-9a70-5b1c2d3e4f50"
    assert "example.org" not in json.dumps(document).lower()
    again = fill(shipped("badge"), email="selam@example.org")
    assert entry in again["credentialSubject"]["identifier"]


@pytest.mark.parametrize(
    ("cells", "until"),
    [
        ({"valid_until": "2028-01-31"}, "2028-01-31T23:59:59Z"),
        ({"valid_until": "", "granted": "2026-07-01"}, "2031-07-01T23:59:59Z"),
        ({"valid_until": "", "granted": "2024-02-29"}, "2029-02-28T23:59:59Z"),
    ],
)
def test_a_licence_ends_on_its_day_or_after_its_years(cells, until):
    assert fill(shipped("licence"), **cells)["validUntil"] == until


def test_an_enrolment_states_a_status_that_no_column_gives():
    template = shipped("enrolment")
    document = fill(template)
    assert document["credentialSubject"]["result"][0]["status"] == "Enrolled"
    assert template.paper_document(document)["credentialSubject"]["result"][0]["status"] == "Enrolled"


def test_a_badge_has_a_picture_on_the_schools_own_site():
    image = fill(shipped("badge"))["credentialSubject"]["achievement"]["image"]
    assert image["id"] == "https://diplomas.valdoria.example/badges/first-aid.png"


def leaves(value, path=()):
    if isinstance(value, dict):
        return {leaf for name, item in value.items() for leaf in leaves(item, (*path, name))}
    if isinstance(value, list):
        return {leaf for item in value for leaf in leaves(item, (*path, "[]"))}
    return {(path, json.dumps(value))}


@pytest.mark.parametrize("name", SHIPPED)
def test_what_an_extract_says_stands_in_the_full_record(name):
    template = shipped(name)
    document = fill(template) | {
        "credentialStatus": {"type": "BitstringStatusListEntry", "statusListIndex": "7"}
    }
    paper = template.paper_document(document)
    assert leaves(paper) < leaves(document)
    assert "relatedResource" not in paper
    assert paper["credentialStatus"] == document["credentialStatus"]
    assert paper.get("validUntil") == document.get("validUntil")
    assert len(json.dumps(paper)) < 0.85 * len(json.dumps(document))


def test_an_extract_holds_only_what_the_template_lists():
    text = shipped_template("diploma").replace(
        'paper = ["holder.name", "holder.latin_name", "award.name", "award.type", "result.grade", "awarded", "number", "issuer.name"]',
        'paper = ["holder.latin_name", "holder.name"]',
    )
    template = Template.load(text)
    paper = template.paper_document(fill(template, name_latin="Selamawit Bekele"))
    assert set(paper) == {"@context", "id", "type", "issuer", "validFrom", "credentialSubject"}
    assert set(paper["issuer"]) == {"id", "type"}
    assert set(paper["credentialSubject"]) == {"type", "identifier", "achievement"}
    assert set(paper["credentialSubject"]["achievement"]) == {"id", "type", "name", "description", "criteria"}
    native_only = Template.load(text.replace('"holder.latin_name", "holder.name"', '"holder.name"'))
    kept = native_only.paper_document(fill(native_only))["credentialSubject"]["identifier"]
    assert [entry["identityHash"] for entry in kept] == ["ሰላማዊት በቀለ"]


@pytest.mark.parametrize(
    ("kind", "cells", "column", "sentence"),
    [
        ("diploma", {"name": ""}, "name", "this must not be empty"),
        ("diploma", {"name": "   "}, "name", "this must not be empty"),
        ("diploma", {"name": "Анна\u202e"}, "name", "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("diploma", {"name": "ሰ" * 201}, "name", "is longer than 200 characters"),
        ("diploma", {"awarded": "03/04/2026"}, "awarded", "it can be read in two ways"),
        ("diploma", {"credits": "many"}, "credits", "'many' is not a number"),
        ("diploma", {"credits": "1,250"}, "credits", "'1,250' can be read in two ways"),
        ("diploma", {"credits": "-1"}, "credits", "out of range; it should be 0 to 1000"),
        ("course", {"score": "101"}, "score", "out of range; it should be 60 to 100"),
        ("course", {"email": "selam at example.org"}, "email", "is not an e-mail address"),
        ("course", {"started": "2026-12-02", "completed": "2026-13-01"}, "completed", "there is no such day"),
        ("badge", {"wallet": "z6Mk"}, "wallet", "is not a DID"),
        (
            "licence",
            {"valid_until": "2025-01-01"},
            "",
            "it is valid until 2025-01-01 and awarded only on 2026-07-01",
        ),
        ("licence", {"birth_date": "2040-01-01"}, "", "is later than the one for valid_until"),
        ("enrolment", {"enrolled_since": "2027-03-01"}, "", "the date for started (2027-03-01) is later"),
    ],
)
def test_a_row_that_does_not_fit_is_refused_with_its_reason(kind, cells, column, sentence):
    template = shipped(kind)
    (wrong,) = template.fill_or_errors(example(template, **cells), line=17, **ISSUER)
    assert (wrong.line, wrong.column) == (17, column)
    assert sentence in wrong.reason
    with pytest.raises(RowMismatch, match="row 17"):
        template.fill(example(template, **cells), line=17, **ISSUER)


def test_all_errors_of_a_row_are_given_at_once():
    template = shipped("diploma")
    wrong = template.fill_or_errors(example(template, name="", awarded="soon", credits="x"), line=3, **ISSUER)
    assert [error.column for error in wrong] == ["name", "credits", "awarded"]


@pytest.mark.parametrize(
    ("cell", "value"), [("87", "87"), ("87.50", "87.50"), ("87,5", "87.5"), ("٨٧", "87"), ("८७", "87")]
)
def test_a_numeric_result_keeps_its_digits(cell, value):
    assert fill(shipped("course"), score=cell)["credentialSubject"]["result"][0]["value"] == value


def test_choices_are_read_whatever_their_case():
    text = shipped_template("diploma").replace("# allowed =", "allowed =")
    template = Template.load(text)
    assert fill(template, grade="merit")["credentialSubject"]["result"][0]["value"] == "Merit"
    (wrong,) = template.check(example(template, grade="Good"), 2)
    assert wrong.reason == "'Good' is not one of Pass, Merit, Distinction"


def test_a_column_in_another_calendar_is_stored_in_iso():
    text = shipped_template("diploma").replace('calendar = "gregorian"', 'calendar = "ethiopian"', 1)
    document = fill(Template.load(text), awarded="2018-10-24")
    assert document["awardedDate"] == "2026-07-01T00:00:00Z"
