import pytest

from testamur.render import page_fields
from tests.papercode.records import GRADUATES, record
from tests.render.pages import look


@pytest.mark.parametrize("language", GRADUATES)
def test_the_signed_facts_are_on_the_page(language):
    school, host, name, latin, award, description, number, result = GRADUATES[language]
    page = page_fields(record(language), look(language))
    for fact in (school, name, latin, award, description, number, result, f"did:web:{host}"):
        assert not fact or fact in page.strings


def test_an_empty_claim_takes_no_row():
    page = page_fields(record("en"), look("en", rows=("field", "credits", "started", "number")))
    assert page.rows == (("Number", "TUG-2026-00417"),)


def test_every_row_finds_its_claim():
    claims = record("en")
    subject = claims["credentialSubject"]
    subject |= {
        "activityStartDate": "2022-09-12T00:00:00Z",
        "activityEndDate": "2026-06-20T00:00:00Z",
        "creditsEarned": 240,
    }
    subject["achievement"] |= {"fieldOfStudy": "Mechatronics", "specialization": "Robots"}
    subject["identifier"].append(
        {
            "type": "IdentityObject",
            "identityHash": "2003-05-17",
            "identityType": "ext:birthDate",
            "hashed": False,
        }
    )
    claims["validUntil"] = "2031-07-01T23:59:59Z"
    rows = ("birth_date", "field", "scope", "credits", "started", "ended", "awarded", "valid_until", "record")
    assert dict(page_fields(claims, look("en", rows=rows)).rows) == {
        "Date of birth": "17 May 2003",
        "Field of study": "Mechatronics",
        "Scope": "Robots",
        "Credits": "240",
        "From": "12 September 2022",
        "To": "20 June 2026",
        "Date of award": "1 July 2026",
        "Valid until": "1 July 2031",
        "Record": claims["id"].removeprefix("urn:uuid:"),
    }


def test_several_results_stand_under_their_own_names():
    claims = record("en")
    subject = claims["credentialSubject"]
    subject["achievement"]["resultDescription"] = [
        {"id": "urn:1", "name": "Thesis"},
        {"id": "urn:2", "name": "Project"},
    ]
    subject["result"] = [
        {"resultDescription": "urn:1", "value": "A"},
        {"resultDescription": "urn:2", "status": "Completed"},
    ]
    assert page_fields(claims, look("en", rows=("result",))).rows == (
        ("Thesis", "A"),
        ("Project", "Completed"),
    )


def test_dates_are_printed_in_the_calendar_of_the_look():
    page = page_fields(record("am"), look("am", calendar="ethiopian", rows=("awarded",)))
    assert page.rows[0][1] == "ሰኔ 24 ቀን 2018 ዓ.ም."


def test_a_description_that_repeats_the_award_is_not_printed_twice():
    claims = record("en")
    claims["credentialSubject"]["achievement"]["description"] = claims["credentialSubject"]["achievement"][
        "name"
    ]
    assert page_fields(claims, look("en")).description == ""


@pytest.mark.parametrize(
    "claims", [{}, {"credentialSubject": []}, {"credentialSubject": {"result": 3, "identifier": "x"}}]
)
def test_claims_of_any_shape_give_a_page(claims):
    assert page_fields(claims, look("en")).holder == ""
