"""What of a record has a name, and what is always shown of it."""

import pytest

from testamur.credentials import (
    SHIPPED,
    Template,
    always_shown,
    check_rules,
    check_schema,
    disclosures,
    pointers_to,
    shipped_template,
)
from testamur.errors import Missing, OperatorError
from testamur.pointers import read_pointer, shown_part
from testamur.times import parse_instant
from tests.credentials import samples

AT = parse_instant("2026-07-01T00:00:00Z")


def filled(template):
    row = {column.name: column.example for column in template.columns}
    return template.fill(
        row, line=2, issuer_id="did:web:diplomas.example.edu", issuer_name="Universidad de Valdoria",
        issuer_url="https://diplomas.example.edu", record_id="urn:uuid:00000000-0000-4000-8000-000000000001", at=AT,
    )  # fmt: skip


def part_of(document, pointers):
    return shown_part(document, [read_pointer(document, pointer) for pointer in pointers])


BADGES = [name for name in SHIPPED if Template.load(shipped_template(name)).courses is None]


@pytest.mark.parametrize("name", BADGES)
def test_what_is_always_shown_meets_the_schema_of_its_kind(name):
    document = filled(Template.load(shipped_template(name)))
    part = part_of(document, always_shown(document))
    assert check_rules(part) == check_schema(part) == []
    assert "result" not in part["credentialSubject"]
    assert "awardedDate" not in part


@pytest.mark.parametrize("number", range(10))
def test_each_thing_with_a_name_can_be_shown_alone_beside_it(number):
    document = samples.diploma(number)
    names = [each.name for each in disclosures(document)]
    assert len(names) == len(set(names)), names
    for each in disclosures(document):
        part = part_of(document, [*always_shown(document), *each.pointers])
        assert check_rules(part) == check_schema(part) == [], each


def test_a_template_that_shows_less_leaves_out_what_the_schema_asks_for():
    text = shipped_template("diploma")
    template = Template.load(
        text.replace('kind = "diploma"', 'kind = "diploma"\nalways_shown = ["award.name", "result.grade"]', 1)
    )
    document = filled(template)
    pointers = always_shown(document, template.shown_places)
    assert "/credentialSubject/result/0" in pointers
    part = part_of(document, pointers)
    broken = [*check_rules(part), *check_schema(part)]
    assert broken
    assert all(isinstance(each, Missing) for each in broken)
    assert {"issuer", "validFrom"} <= part.keys()


def test_names_are_found_as_people_write_them():
    document = filled(Template.load(shipped_template("diploma")))
    grade = ["/credentialSubject/result/0", "/credentialSubject/achievement/resultDescription/0"]
    for asked in ("grade", "Final grade", "FINAL_GRADE", "finalGrade"):
        assert pointers_to(document, [asked]) == grade
    assert pointers_to(document, ["holder.name"]) == ["/credentialSubject/identifier/0"]
    assert pointers_to(document, ["name", "/id"]) == ["/credentialSubject/identifier/0", "/id"]
    with pytest.raises(OperatorError, match="nothing in it is called 'wage'"):
        pointers_to(document, ["wage"])
    with pytest.raises(OperatorError):
        pointers_to(document, [""])


def test_the_birth_date_has_a_name():
    template = Template.load(shipped_template("enrolment"))
    names = {each.name: each for each in disclosures(filled(template))}
    if "birth date" in names:
        assert names["birth date"].place == "holder.birth_date"
    assert "name" in names


def test_a_record_of_no_profile_is_chosen_from_by_its_members():
    document = {
        "@context": [samples.V2],
        "type": ["VerifiableCredential"],
        "issuer": "did:web:school.example",
        "validUntil": "2036-07-01T00:00:00Z",
        "credentialSubject": {"id": "did:key:z6Mk", "birthDate": "2000-01-01", "familyName": "ኃይሌ"},
    }
    assert pointers_to(document, ["birth date"]) == ["/credentialSubject/birthDate"]
    assert always_shown(document) == ["/issuer", "/validUntil", "/credentialSubject/id"]
    part = part_of(document, always_shown(document))
    assert part["credentialSubject"] == {"id": "did:key:z6Mk"}


def test_a_claim_of_an_sd_jwt_vc_is_called_as_people_call_it() -> None:
    claims = {
        "iss": "https://school.example",
        "vct": "https://school.example/types/diploma.json",
        "birthdate": "2001-02-03",
        "results": [{"name": "Final grade", "value": "17"}],
    }
    assert pointers_to(claims, ["grade", "birth date"]) == ["/results", "/birthdate"]
