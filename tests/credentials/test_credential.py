"""Credentials and presentations as values."""

import json

import pytest

from testamur.credentials import Credential, Presentation, StatusEntry
from testamur.errors import Malformed
from tests.credentials.samples import diploma, lean_diploma, old_diploma

SUSPENSION = StatusEntry("BitstringStatusListEntry", "suspension", 7, "https://school.example/status/2.json")


def test_the_text_is_kept_as_it_was_given() -> None:
    text = json.dumps(diploma(3), indent=3, ensure_ascii=True) + "\n"
    assert Credential.parse(text).text == text


def test_the_views_show_what_the_text_says() -> None:
    credential = Credential.of(diploma(1))
    assert credential.types == ("VerifiableCredential", "OpenBadgeCredential")
    assert credential.issuer == "did:web:sheger.example"
    assert credential.name == "በውሃ ምህንድስና የሳይንስ ባችለር"
    assert credential.valid_from is not None
    assert credential.valid_from.isoformat() == "2026-02-02T08:00:00+00:00"
    assert credential.valid_until is not None
    assert [entry.index for entry in credential.statuses] == [1]
    assert len(credential.subjects) == 1


def test_the_dates_of_version_1_are_seen_too() -> None:
    assert Credential.of(old_diploma()).valid_from == Credential.of(lean_diploma()).valid_from


def test_a_document_is_a_fresh_copy_each_time() -> None:
    credential = Credential.of(diploma())
    credential.document["credentialSubject"]["achievement"]["name"] = "Doctor of Everything"
    assert credential.document == diploma()


def test_unknown_members_are_kept() -> None:
    assert Credential.of(lean_diploma() | {"https://school.example/x": [1]}).document[
        "https://school.example/x"
    ] == [1]


def test_a_first_status_is_one_object_and_a_second_makes_a_list() -> None:
    bare = lean_diploma()
    del bare["credentialStatus"]
    one = Credential.of(bare).with_status(SUSPENSION)
    assert one.document["credentialStatus"]["statusPurpose"] == "suspension"
    two = Credential.of(lean_diploma(2)).with_status(SUSPENSION)
    assert [entry.purpose for entry in two.statuses] == ["revocation", "suspension"]


def test_a_status_changes_nothing_else() -> None:
    before, after = lean_diploma(4), Credential.of(lean_diploma(4)).with_status(SUSPENSION).document
    assert {**after, "credentialStatus": None} == {**before, "credentialStatus": None}


def test_a_signed_credential_gets_no_status() -> None:
    with pytest.raises(Malformed, match="signed"):
        Credential.of(lean_diploma() | {"proof": {"type": "DataIntegrityProof"}}).with_status(SUSPENSION)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"issuer": "the school"}, "issuer"),
        ({"issuer": {"name": "The School"}}, "issuer"),
        ({"type": ["OpenBadgeCredential"]}, "type"),
        ({"id": ["urn:uuid:1", "urn:uuid:2"]}, "id"),
        ({"id": ""}, "id"),
        ({"validFrom": "2026-07-01"}, "validFrom"),
        ({"validUntil": "soon"}, "validUntil"),
        ({"credentialStatus": [{"type": "BitstringStatusListEntry"}]}, "credentialStatus[0].statusPurpose"),
    ],
)
def test_what_a_view_cannot_show_is_refused_with_its_path(change: dict, path: str) -> None:
    with pytest.raises(Malformed) as caught:
        Credential.of(lean_diploma() | change)
    assert caught.value.path == path


def test_a_presentation_shows_its_holder_and_its_credentials() -> None:
    document = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": "VerifiablePresentation",
        "holder": {"id": "did:key:z6MkHolder"},
        "verifiableCredential": [diploma(5)],
    }
    presentation = Presentation.of(document)
    assert presentation.holder == "did:key:z6MkHolder"
    assert presentation.credentials == (diploma(5),)


def test_a_presentation_without_a_holder_has_none() -> None:
    assert Presentation.parse('{"type": ["VerifiablePresentation"]}').holder == ""


def test_a_credential_is_no_presentation() -> None:
    with pytest.raises(Malformed, match="VerifiablePresentation"):
        Presentation.of(diploma())
