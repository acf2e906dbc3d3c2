"""The shipped schemas: which one applies, and what it says where it fails."""

import json

import pytest

from testamur.credentials import check_schema, schema_for, schema_text
from tests.credentials.samples import diploma, endorsement, lean_diploma, old_diploma


@pytest.mark.parametrize("number", range(10))
def test_samples_in_ten_scripts_fit(number: int) -> None:
    for build in (diploma, lean_diploma, endorsement, old_diploma):
        assert check_schema(build(number)) == []


def test_the_type_chooses_the_schema() -> None:
    assert schema_for(diploma()) == "open_badges_3#AchievementCredential"
    assert schema_for(endorsement()) == "open_badges_3#EndorsementCredential"
    assert schema_for({"id": "did:web:a.example", "type": ["Profile"]}) == "open_badges_3#Profile"
    assert schema_for({"type": ["VerifiableCredential"]}) is None
    assert check_schema({"type": ["VerifiableCredential"]}) == []


def test_every_misfit_is_named_in_a_sentence() -> None:
    document = diploma()
    subject = document["credentialSubject"]
    subject["creditsEarned"] = "many"
    subject["achievement"]["achievementType"] = "Dipploma"
    del subject["achievement"]["criteria"]
    subject["activityEndDate"] = "2026-07-01"
    subject["identifier"][0]["type"] = "Identity"
    document["issuer"]["type"] = ["School"]
    document["issuer"]["image"]["extra"] = 1
    found = {str(error) for error in check_schema(document)}
    assert {
        "credentialSubject.creditsEarned: 'many' must be of type number",
        "credentialSubject.achievement: criteria is missing",
        "credentialSubject.activityEndDate: '2026-07-01' is not a date-time",
        "credentialSubject.identifier[0].type: 'Identity' is not IdentityObject",
        "issuer.type: one of its values must be the name of the class that belongs here",
        "issuer.image: 'extra' does not belong here",
    } <= found
    assert any(
        text.startswith("credentialSubject.achievement.achievementType: 'Dipploma' is not one of")
        for text in found
    )


def test_sentences_stay_short_whatever_was_found() -> None:
    document = diploma() | {"name": ["x" * 100_000], "id": {"y" * 100_000: 1}, "validFrom": "z" * 100_000}
    assert check_schema(document)
    assert all(len(str(error)) < 400 for error in check_schema(document))


def test_a_profile_is_held_to_its_class() -> None:
    profile = diploma()["issuer"]
    assert check_schema(profile) == []
    assert [error.path for error in check_schema(profile | {"dateOfBirth": "spring"})] == ["dateOfBirth"]


def test_an_instant_needs_a_zone() -> None:
    assert [error.path for error in check_schema(diploma() | {"validFrom": "2026-07-01T00:00:00"})] == [
        "validFrom"
    ]


def test_the_file_as_a_whole_is_a_schema_for_badges_and_endorsements() -> None:
    import jsonschema_rs

    whole = jsonschema_rs.Draft202012Validator(json.loads(schema_text()), validate_formats=True)
    assert whole.is_valid(diploma())
    assert whole.is_valid(endorsement())
    assert not whole.is_valid(endorsement() | {"credentialSubject": diploma()["credentialSubject"]})
    assert not whole.is_valid({})
