"""Every broken clause is reported, with its path, and nothing else is."""

import copy
from typing import Any

import pytest

from testamur.credentials import PROFILES, check_rules, check_self_asserted, profiles_of
from testamur.credentials.findings import Findings
from testamur.credentials.open_badges import report_class
from testamur.credentials.open_badges_sound import is_sound
from tests.credentials.mutations import mutated
from tests.credentials.samples import BADGES, V2, diploma, endorsement, lean_diploma, old_diploma

V1 = "https://www.w3.org/2018/credentials/v1"
REMOVED = object()


def changed(document: dict, path: str, value: Any) -> dict:
    """The document with one member set, or removed; the path is written as a finding writes it."""
    copied = copy.deepcopy(document)
    *steps, last = [
        int(step) if step.isdigit() else step for step in path.replace("[", ".").replace("]", "").split(".")
    ]
    target = copied
    for step in steps:
        target = target[step]
    if value is REMOVED:
        del target[last]
    else:
        target[last] = value
    return copied


def paths(document: Any) -> set[str]:
    return {error.path for error in check_rules(document)}


@pytest.mark.parametrize("number", range(10))
def test_samples_in_ten_scripts_break_nothing(number: int) -> None:
    for build in (diploma, lean_diploma, endorsement, old_diploma):
        assert check_rules(build(number)) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("@context", V2),
        ("@context", []),
        ("@context[0]", "https://www.w3.org/ns/credentials/v3"),
        ("@context[1]", "https://school.example/context.json"),
        ("id", REMOVED),
        ("id", "not a url"),
        ("type", "VerifiableCredential"),
        ("type[1]", "a type with spaces"),
        ("type[1]", 7),
        ("name", {"@value": "Diploma", "@language": "en", "extra": 1}),
        ("description", {"@value": "x", "@direction": "up"}),
        ("issuer", REMOVED),
        ("issuer", "https://"),
        ("issuer.id", REMOVED),
        ("issuer.type", ["Organisation"]),
        ("issuer.url", "school"),
        ("issuer.address.geo.latitude", REMOVED),
        ("issuer.otherIdentifier[0].identifierType", "shoeSize"),
        ("issuer.image.extra", 1),
        ("validFrom", REMOVED),
        ("validFrom", "2026-07-01T00:00:00"),
        ("validUntil", "2020-01-01T00:00:00Z"),
        ("awardedDate", "yesterday"),
        ("credentialSubject", REMOVED),
        ("credentialSubject", "did:example:me"),
        ("credentialSubject.id", ["did:example:1"]),
        ("credentialSubject.type", "Person"),
        ("credentialSubject.activityEndDate", "2021-01-01T00:00:00Z"),
        ("credentialSubject.identifier[0].hashed", REMOVED),
        ("credentialSubject.identifier[0].type", "Identity"),
        ("credentialSubject.achievement", REMOVED),
        ("credentialSubject.achievement.criteria", REMOVED),
        ("credentialSubject.achievement.achievementType", "Dipploma"),
        ("credentialSubject.achievement.achievementType", "ext:"),
        ("credentialSubject.achievement.alignment[0].targetUrl", "level 6"),
        ("credentialSubject.achievement.alignment[0].targetType", ["CTDL"]),
        ("credentialSubject.achievement.resultDescription[0].resultType", "Grade"),
        ("credentialSubject.achievement.image", "https://school.example/badge.png"),
        ("credentialSubject.result[0].resultDescription", "urn:uuid:nobody"),
        ("credentialSubject.result[1].achievedLevel", "urn:uuid:nobody"),
        ("credentialSubject.result[0].status", "ext:Nearly"),
        ("credentialStatus.type", REMOVED),
        ("credentialStatus.statusListIndex", "-1"),
        ("credentialStatus.statusListCredential", REMOVED),
        ("evidence[0].type", ["Essay"]),
        ("evidence[0].audience", None),
    ],
)
def test_a_broken_member_is_named_by_its_path(path: str, value: Any) -> None:
    assert path in paths(changed(diploma(1), path, value))


@pytest.mark.parametrize(
    ("member", "value", "path"),
    [
        ("name", ["Diploma"], "name[0]"),
        ("credentialSchema", {"id": "https://school.example/s.json"}, "credentialSchema.type"),
        ("credentialSchema", [{"type": "JsonSchema"}], "credentialSchema[0].id"),
        ("refreshService", {"id": "https://school.example/r"}, "refreshService.type"),
        ("termsOfUse", ["https://school.example/terms"], "termsOfUse[0]"),
        ("renderMethod", {}, "renderMethod.type"),
        ("confidenceMethod", {"id": "urn:x:1"}, "confidenceMethod.type"),
        ("proof", {"proofValue": "z1"}, "proof.type"),
        ("issuanceDate", "2026-07-01T00:00:00Z", "issuanceDate"),
        ("endorsementJwt", ["no token"], "endorsementJwt[0]"),
        ("relatedResource", [{"id": "https://a.example/1"}], "relatedResource[0]"),
        ("relatedResource", {"id": "https://a.example/1", "digestSRI": "md5-x"}, "relatedResource.digestSRI"),
    ],
)
def test_an_added_member_is_held_to_its_rule(member: str, value: Any, path: str) -> None:
    assert path in paths(diploma() | {member: value})


def test_all_broken_clauses_are_reported_at_once() -> None:
    document = changed(
        changed(changed(diploma(), "issuer.id", "x"), "validFrom", "x"), "type", ["VerifiableCredential"]
    )
    assert paths(document) == {"issuer.id", "validFrom", "type"}


def test_findings_have_a_sentence_and_a_clause() -> None:
    (error,) = check_rules(changed(diploma(), "validUntil", "2020-01-01T00:00:00Z"))
    assert (str(error), error.clause) == ("validUntil: it is before validFrom", "VCDM §4.9")


def test_both_names_of_a_badge_are_right() -> None:
    assert check_rules(changed(diploma(), "type[1]", "AchievementCredential")) == []


def test_the_holder_of_a_badge_needs_an_id_or_an_identifier() -> None:
    without_id = changed(diploma(), "credentialSubject.id", REMOVED)
    without_name = changed(diploma(), "credentialSubject.identifier", REMOVED)
    assert check_rules(without_id) == []
    assert check_rules(without_name) == []
    assert paths(changed(without_id, "credentialSubject.identifier", REMOVED)) == {"credentialSubject"}


def test_a_result_that_is_a_status_must_give_it() -> None:
    document = changed(diploma(), "credentialSubject.achievement.resultDescription[1].resultType", "Status")
    assert paths(document) == {"credentialSubject.result[1].status"}


def test_a_badge_has_one_subject() -> None:
    document = diploma()
    document["credentialSubject"] = [document["credentialSubject"]] * 2
    assert "credentialSubject" in paths(document)


def test_an_endorsement_inside_a_badge_is_held_to_all_rules() -> None:
    inner = changed(endorsement(2), "issuer.id", "ministry")
    assert paths(diploma() | {"endorsement": [inner]}) == {"endorsement[0].issuer.id"}


@pytest.mark.parametrize("context", [V1, V2])
def test_versions_cannot_be_mixed(context: str) -> None:
    document = diploma() if context == V1 else old_diploma()
    document["@context"].append(context)
    assert paths(document) == {"@context[2]"}


def test_version_1_has_its_own_dates() -> None:
    assert paths(old_diploma() | {"validFrom": "2026-07-01T00:00:00Z"}) == {"validFrom"}
    assert paths(changed(old_diploma(), "issuanceDate", REMOVED)) == {"issuanceDate"}


def test_an_open_badges_context_needs_an_open_badges_type() -> None:
    document = {"@context": [V2, BADGES], "type": ["VerifiableCredential"], "issuer": "did:web:a.example"}
    assert paths(document | {"credentialSubject": {"id": "did:example:1"}}) == {"type"}


def test_null_is_reported_but_not_in_contexts_and_schemas() -> None:
    document = diploma()
    document["@context"].append({"@vocab": None})
    document["credentialSubject"]["jsonSchema"] = {"enum": [None]}
    assert check_rules(document) == []
    document["credentialSubject"]["narrative"] = None
    assert paths(document) == {"credentialSubject.narrative"}


def test_a_bare_number_as_status_index_is_read() -> None:
    assert check_rules(changed(diploma(), "credentialStatus.statusListIndex", 23)) == []


@pytest.mark.parametrize(
    "url", ["did:web:a.example", "urn:uuid:1", "https://ሸገር.example/ዲፕሎማ", "mailto:a@b.example"]
)
def test_urls_of_every_scheme_and_script_are_ids(url: str) -> None:
    assert check_rules(changed(diploma(), "id", url)) == []


@pytest.mark.parametrize(
    "url", ["", "a", "http:", "https:///x", "https://?x", "a b:c", "urn:a\u202eb", "urn:a\nb", "1:x"]
)
def test_what_is_no_url_is_no_id(url: str) -> None:
    assert paths(changed(diploma(), "id", url)) == {"id"}


def test_a_presentation_reports_what_is_broken_inside_it() -> None:
    document = {"@context": [V2], "type": ["VerifiablePresentation"], "holder": "did:example:me"}
    document["verifiableCredential"] = [changed(diploma(), "issuer.id", "x"), "a.b.c", {"type": "Other"}]
    found = paths(document)
    assert {
        "verifiableCredential[0].issuer.id",
        "verifiableCredential[1]",
        "verifiableCredential[2].issuer",
    } <= found


def test_an_envelope_holds_a_data_url() -> None:
    envelope = {
        "@context": V2,
        "type": "EnvelopedVerifiableCredential",
        "id": "data:application/vc+jwt,a.b.c",
    }
    assert check_rules(envelope) == []
    assert paths(envelope | {"id": "https://school.example/vc.jwt"}) == {"id"}


def test_version_1_presentations_may_hold_tokens() -> None:
    document = {"@context": [V1], "type": "VerifiablePresentation", "verifiableCredential": ["a.b.c"]}
    assert check_rules(document) == []


def test_words_of_the_holder_about_himself_need_no_proof_of_their_own() -> None:
    own = {"holder": "did:web:valdoria.example", "verifiableCredential": [lean_diploma()]}
    assert check_self_asserted(own) == []
    assert len(check_self_asserted(own | {"holder": "did:web:somebody.example"})) == 1
    proven = [lean_diploma() | {"proof": {"type": "DataIntegrityProof"}}]
    assert check_self_asserted({"holder": "did:web:b.example", "verifiableCredential": proven}) == []


def test_profiles_are_chosen_by_type() -> None:
    assert [profile.name for profile in profiles_of(diploma())] == ["Open Badges 3.0"]
    assert [profile.name for profile in profiles_of(endorsement())] == ["Open Badges 3.0 endorsement"]
    assert profiles_of({"type": "VerifiableCredential"}) == ()
    assert check_rules(changed(diploma(), "id", REMOVED), PROFILES[1:]) != []


@pytest.mark.parametrize("seed", range(0, 1500, 100))
def test_the_quick_look_passes_over_nothing_that_the_rules_report(seed: int) -> None:
    """Whatever it calls sound has nothing wrong with it, and it does say so of what nobody damaged."""
    for number in range(seed, seed + 100):
        damaged = mutated(diploma(number % 20), number)
        if is_sound(damaged, "AchievementCredential"):
            found = Findings()
            report_class(damaged, "AchievementCredential", "", found)
            assert found.all == []
    assert is_sound(diploma(seed % 20), "AchievementCredential")
