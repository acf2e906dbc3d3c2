"""What a record says to a person."""

import pytest

from testamur.credentials import Facts, facts
from tests.credentials.samples import PLACES, diploma, endorsement, lean_diploma, old_diploma


@pytest.mark.parametrize("number", range(10))
def test_a_diploma_tells_its_facts_in_its_own_script(number: int) -> None:
    place, found = PLACES[number], facts(diploma(number))
    assert (found.holder, found.holder_latin) == (place.holder, place.latin)
    assert (found.award, found.issuer_name) == (place.programme, place.school)
    assert found.kind == "BachelorDegree"


def test_the_whole_and_the_lean_form_tell_the_same_but_for_what_the_lean_one_leaves_out() -> None:
    whole, lean = facts(diploma(4)), facts(lean_diploma(4))
    more = {"valid_until": "2076-12-31", "result": whole.result, "result_name": "", "credits": whole.credits}
    assert whole == Facts(**{name: getattr(lean, name) for name in Facts.__slots__} | more)
    assert lean.result in whole.result


def test_of_several_results_each_is_told() -> None:
    document = diploma()
    document["credentialSubject"]["result"] = [
        {"type": ["Result"], "value": "9 of 20"},
        {"type": ["Result"], "value": "20 of 20"},
    ]
    assert facts(document).result == "20 of 20; 9 of 20"


def test_days_and_numbers_are_told_as_written() -> None:
    found = facts(lean_diploma(2))
    assert (found.awarded, found.number, found.result) == ("2026-03-03", "FUR-2026-00002", "2.20")
    assert found.result_name == "Grade point average"
    assert found.id.startswith("urn:uuid:")
    assert found.issuer == "did:web:furat.example"


def test_a_hashed_name_is_no_name() -> None:
    document = lean_diploma()
    document["credentialSubject"]["identifier"] = [
        {
            "type": "IdentityObject",
            "hashed": True,
            "identityHash": "sha256$" + "0" * 64,
            "identityType": "name",
        },
        {
            "type": "IdentityObject",
            "hashed": False,
            "identityHash": "a@b.example",
            "identityType": "emailAddress",
        },
    ]
    assert facts(document).holder == ""


def test_one_identifier_may_stand_without_a_list() -> None:
    document = lean_diploma(1)
    document["credentialSubject"]["identifier"] = document["credentialSubject"]["identifier"][0]
    assert facts(document).holder == "ሰላማዊት ኃይለማርያም"


def test_without_a_value_the_level_and_then_the_status_is_the_result() -> None:
    document = diploma()
    subject = document["credentialSubject"]
    subject["achievement"]["resultDescription"][0]["rubricCriterionLevel"] = [
        {"id": "urn:uuid:top", "type": "RubricCriterionLevel", "name": "Mastered"}
    ]
    subject["result"] = [{"type": ["Result"], "achievedLevel": "urn:uuid:top", "status": "Completed"}]
    assert facts(document).result == "Mastered"
    del subject["result"][0]["achievedLevel"]
    assert facts(document).result == "Completed"


def test_version_1_badges_tell_their_dates() -> None:
    document = old_diploma() | {"expirationDate": "2030-01-31T10:00:00Z"}
    del document["awardedDate"]
    assert facts(document).awarded == document["issuanceDate"][:10]
    assert facts(document).valid_until == "2030-01-31"


def test_credentials_that_are_no_badges_tell_what_they_commonly_hold() -> None:
    document = {
        "type": ["VerifiableCredential", "UniversityDegreeCredential"],
        "issuer": "did:web:university.example",
        "validFrom": "2026-05-01T00:00:00Z",
        "credentialSubject": [
            {
                "givenName": "សុភ័ក្ត្រ",
                "familyName": "ចាន់",
                "degree": {"type": "BachelorDegree", "name": "Bachelor of Arts"},
            }
        ],
    }
    assert facts(document) == Facts(
        holder="សុភ័ក្ត្រ ចាន់",
        award="Bachelor of Arts",
        awarded="2026-05-01",
        issuer="did:web:university.example",
        kind="UniversityDegreeCredential",
    )


def test_names_in_several_languages_give_the_one_in_native_script() -> None:
    document = {
        "name": [{"@value": "شهادة", "@language": "ar"}, {"@value": "Certificate", "@language": "en"}],
        "credentialSubject": {"name": {"@value": "يوسف", "@direction": "rtl"}},
    }
    assert (facts(document).award, facts(document).holder) == ("شهادة", "يوسف")


def test_the_order_of_a_list_and_a_value_given_twice_change_nothing() -> None:
    document = diploma(1)
    subject = document["credentialSubject"]
    subject["result"] = [
        {"type": ["Result"], "status": "Completed"},
        {"type": ["Result"], "value": "17.5"},
        {"type": ["Result"], "value": "Distinction"},
    ]
    document["type"] = ["VerifiableCredential", "OpenBadgeCredential"]
    before = facts(document)
    subject["result"].reverse()
    subject["identifier"].reverse()
    subject["identifier"] += subject["identifier"]
    document["type"] = ["AchievementCredential", "VerifiableCredential"]
    assert facts(document) == before
    assert (before.holder, before.holder_latin) == (PLACES[1].holder, PLACES[1].latin)
    assert before.result == "17.5; Distinction; Completed"


def test_lists_in_lists_cost_no_more_than_their_length() -> None:
    nested: object = "ሰላም"
    for depth in range(60):
        nested = [nested, {"name": str(depth)}]
    told = [{"name": "Wanja", "evidence": nested}, {"name": "Amina", "evidence": nested}]
    for subjects in (told, told[::-1]):
        assert facts({"credentialSubject": subjects}).holder == "Amina"


def test_a_thing_may_be_described_wherever_its_id_stands() -> None:
    document = diploma(1)
    before = facts(document)
    issuer, achievement = document["issuer"], document["credentialSubject"]["achievement"]
    achievement["creator"] = {"id": issuer["id"], "type": ["Profile"], "name": issuer.pop("name")}
    document["evidence"] = [{"id": achievement["id"], "type": ["Evidence"], "name": achievement.pop("name")}]
    assert facts(document) == before


def test_two_latin_names_are_told_apart_by_their_letters() -> None:
    document = lean_diploma()
    person = {"type": "IdentityObject", "hashed": False, "identityType": "name"}
    names = [person | {"identityHash": name} for name in ("Nguyen Thi Anh", "Nguyễn Thị Ánh")]
    document["credentialSubject"]["identifier"] = names
    assert (facts(document).holder, facts(document).holder_latin) == ("Nguyễn Thị Ánh", "Nguyen Thi Anh")


def test_an_endorsement_names_who_endorses() -> None:
    found = facts(endorsement(3))
    assert (found.award, found.issuer_name) == ("Accreditation", "Ministry of Rivers and Schools")
    assert found.kind == "EndorsementCredential"


def test_control_and_bidi_characters_are_left_for_the_printer() -> None:
    document = lean_diploma()
    document["credentialSubject"]["identifier"][0]["identityHash"] = "Ann\u202eA\x1b[2J"
    assert facts(document).holder == "Ann\u202eA\x1b[2J"


@pytest.mark.parametrize(
    "document", [None, 3, "x", [], {}, {"credentialSubject": 1, "issuer": [], "name": {}}]
)
def test_what_says_nothing_has_no_facts(document: object) -> None:
    assert facts(document) == Facts()
