"""Learner records: each credential in one is verified from its own members, and the whole is no better than it."""

import json

from testamur.checks import Headline, Outcome, Report
from testamur.jsontext import Json, write_json
from testamur.keys import LocalSigner
from testamur.proofs import DataIntegrity, VcJwt, decode, envelope
from tests.town import GRADUATION, NOW, School, Town, key


def badge(school: School, number: int, **changes: object) -> Json:
    document = school.diploma(index=number, **changes)
    document["credentialSubject"]["achievement"]["id"] += f"-{number}"
    return json.loads(school.issue(document).text)


def verified(town: Town, held: list[Json], **changes: object) -> Report:
    return town.employer().verify(
        town.school.issue(town.school.clr(held, **changes)), at=NOW, source="r.json"
    )


def test_forty_badges_and_twenty_courses_are_genuine_each_from_its_own_members() -> None:
    town = Town()
    school = town.school
    held = [badge(school, number) for number in range(40)] + [school.course(number) for number in range(20)]
    report = verified(town, held)
    assert report.headline is Headline.GENUINE
    assert [inner.is_said for inner in report.inner] == [False] * 40 + [True] * 20
    assert {inner.headline for inner in report.inner} == {Headline.GENUINE}
    assert (report.facts.holder, report.facts.award) == ("ሰላም ተስፋዬ", "Transcript of records")
    assert (report.inner[41].facts.award, report.inner[41].facts.credits) == ("Biology 1", "6")
    assert "It holds 60 credentials: 40 genuine, 20 said in it by its issuer." in report.to_text()
    assert report.to_json()["credentials"][59]["said"] is True


def test_one_revoked_badge_of_many_is_told_first_and_the_record_is_not_said_to_be_revoked() -> None:
    town = Town()
    held = [badge(town.school, number) for number in range(5)]
    town.school.set_bits["revocation"] = {3: "withdrawn"}
    town.school.publish()
    report = verified(town, held)
    assert (report.headline, report.own_headline) == (Headline.REVOKED, Headline.GENUINE)
    text = report.to_text()
    assert (
        "The record itself is genuine, but 1 of the 5 credentials in it cannot be relied on: 1 revoked."
        in text
    )
    first = text[text.index("It holds 5") :].splitlines()[1]
    assert first.strip().startswith("REVOKED")


def test_a_revoked_record_takes_along_what_its_issuer_says_in_it() -> None:
    town = Town()
    town.school.set_bits["revocation"] = {99: "withdrawn"}
    town.school.publish()
    report = verified(town, [town.school.course(1)])
    assert (report.headline, report.inner[0].headline) == (Headline.REVOKED, Headline.REVOKED)
    assert report.to_text().startswith("REVOKED  r.json\n  The issuer signed this and has revoked it.")


def test_a_course_that_has_run_out_is_named_and_does_not_reject_the_record() -> None:
    town = Town()
    report = verified(town, [town.school.course(1), town.school.course(2, validUntil="2026-08-01T00:00:00Z")])
    assert report.headline is Headline.GENUINE
    assert [inner.headline for inner in report.inner] == [Headline.GENUINE, Headline.EXPIRED]


def test_what_a_record_says_of_somebody_elses_award_is_undecided() -> None:
    town = Town()
    report = verified(town, [town.school.course(1, issuer="did:web:elsewhere.example")])
    assert report.headline is Headline.CANNOT_TELL
    assert not report.inner[0].is_said
    assert report.inner[0].outcome("proof") is Outcome.UNKNOWN


def test_a_badge_of_another_person_is_a_doubt_about_the_record() -> None:
    town = Town()
    report = verified(
        town, [badge(town.school, 1), badge(town.school, 2, name="አበበ በቀለ", latin="Abebe Bekele")]
    )
    assert report.headline is Headline.CANNOT_TELL
    assert report.doubts == ("credential 2 in it is about somebody else",)


def token(school: School, number: int, **changes: str) -> Json:
    """A badge as a token in an envelope."""
    document = write_json(school.diploma(index=number, **changes))
    return envelope(VcJwt().secure(document, school.key, at=GRADUATION))


def test_a_token_of_another_person_is_a_doubt_about_the_record_as_a_badge_is() -> None:
    town = Town()
    held = [badge(town.school, 1), token(town.school, 2, name="አበበ በቀለ", latin="Abebe Bekele")]
    report = verified(town, held)
    assert report.headline is Headline.CANNOT_TELL
    assert report.doubts == ("credential 2 in it is about somebody else",)


def test_no_more_than_thirty_two_issuers_are_looked_up_and_who_was_not_is_a_doubt() -> None:
    town = Town()
    schools = [School(town.web, f"s{number}.example", f"School {number}") for number in range(34)]
    report = verified(town, [*(token(school, 1) for school in schools), token(schools[0], 2)])
    assert len(report.inner) == 33  # that of the first school too, which was looked up
    assert report.own_headline is Headline.CANNOT_TELL
    assert report.doubts == ("no more than 32 issuers are looked up for what is in it",)
    assert len({url for url in town.web.asked if url.endswith("did.json")}) == 33


def test_what_is_said_of_a_course_that_was_withdrawn_is_revoked() -> None:
    town = Town()
    held = [town.school.course(1, credentialStatus=town.school.status(5)), town.school.course(2)]
    town.school.set_bits["revocation"] = {5: "withdrawn"}
    town.school.publish()
    report = verified(town, held)
    assert [inner.headline for inner in report.inner] == [Headline.REVOKED, Headline.GENUINE]
    assert "The issuer revoked it on 2026-09-01" in report.to_text()


def test_what_is_said_in_a_record_that_has_run_out_has_run_out_with_it() -> None:
    town = Town()
    report = verified(town, [town.school.course(1)], validUntil="2026-08-01T00:00:00Z")
    assert (report.headline, report.inner[0].headline) == (Headline.EXPIRED, Headline.EXPIRED)


def test_a_changed_badge_in_a_record_signed_anew_is_found() -> None:
    town = Town()
    held = badge(town.school, 1)
    held["credentialSubject"]["licenseNumber"] = "VU-1"
    report = verified(town, [held])
    assert (report.own_headline, report.headline) == (Headline.GENUINE, Headline.NOT_GENUINE)


def test_credits_moved_from_course_to_course_are_a_doubt_where_only_statements_are_signed() -> None:
    """With one id for the learner in both courses, the signature does not say which credits belong to which."""
    town = Town()
    courses = [town.school.course(number) for number in (1, 2)]
    for course in courses:
        course["credentialSubject"]["id"] = "urn:uuid:5e3f9f2a-0000-4000-8000-000000000001"
    signed = json.loads(town.school.issue(town.school.clr(courses)).text)
    one, other = (held["credentialSubject"] for held in signed["credentialSubject"]["verifiableCredential"])
    one["creditsEarned"], other["creditsEarned"] = other["creditsEarned"], one["creditsEarned"]
    report = town.employer().verify(decode(write_json(signed)), at=NOW)
    assert report.own_headline is Headline.CANNOT_TELL
    assert report.outcome("proof") is Outcome.PASSED
    assert "the signature does not say which belongs where" in report.doubts[0]
    assert {inner.facts.credits for inner in report.inner} == {"6; 7"}


def test_the_text_is_not_signed_because_somebody_else_signed_it() -> None:
    """Who moves credits from course to course may sign the text that comes out, with a key of her own."""
    town = Town()
    courses = [town.school.course(number) for number in (1, 2)]
    for course in courses:
        course["credentialSubject"]["id"] = "urn:uuid:5e3f9f2a-0000-4000-8000-000000000001"
    signed = json.loads(town.school.issue(town.school.clr(courses)).text)
    one, other = (held["credentialSubject"] for held in signed["credentialSubject"]["verifiableCredential"])
    one["creditsEarned"], other["creditsEarned"] = other["creditsEarned"], one["creditsEarned"]
    private = key("learner")
    own = LocalSigner(private, f"did:key:{private.public_key.multikey}#{private.public_key.multikey}")
    proof = signed.pop("proof")
    added = json.loads(DataIntegrity("eddsa-jcs-2022").secure(write_json(signed), own, at=NOW).text)
    report = town.employer().verify(decode(write_json(signed | {"proof": [proof, added["proof"]]})), at=NOW)
    assert report.outcome("proof") is Outcome.PASSED
    assert report.own_headline is Headline.CANNOT_TELL
    assert "the signature does not say which belongs where" in report.doubts[0]


def test_the_same_record_as_a_token_has_its_text_signed_and_no_such_doubt() -> None:
    town = Town()
    courses = [town.school.course(number) for number in (1, 2)]
    for course in courses:
        course["credentialSubject"]["id"] = "urn:uuid:5e3f9f2a-0000-4000-8000-000000000001"
    token = VcJwt().secure(write_json(town.school.clr(courses)), town.school.key, at=GRADUATION)
    report = town.employer().verify(token, at=NOW)
    assert report.headline is Headline.GENUINE


def test_a_record_in_a_record_is_looked_into_and_too_deep_a_nest_is_a_doubt() -> None:
    town = Town()
    inner = json.loads(town.school.issue(town.school.clr([badge(town.school, 1)], index=50)).text)
    assert verified(town, [inner]).inner[0].inner[0].headline is Headline.GENUINE
    for index in (51, 52, 53):
        inner = json.loads(town.school.issue(town.school.clr([inner], index=index)).text)
    assert verified(town, [inner]).headline is Headline.CANNOT_TELL


def test_a_record_of_too_many_credentials_is_looked_at_in_part_and_doubted(monkeypatch) -> None:
    town = Town()
    for module in ("testamur.checks.held", "testamur.verifying"):
        monkeypatch.setattr(f"{module}.MAX_HELD", 3)
    report = verified(town, [town.school.course(number) for number in range(4)])
    assert len(report.inner) == 3
    assert "it holds 4 credentials" in report.doubts[0]
    assert report.headline is Headline.CANNOT_TELL
