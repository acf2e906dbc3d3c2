"""Each check against a school in memory; every defect is told apart from evidence that is missing."""

from datetime import UTC, datetime, timedelta

import pytest

from testamur.checks import Headline, Outcome, Policy, Report
from testamur.jsontext import Json, parse_object, write_json
from testamur.keys import LocalSigner
from testamur.proofs import DataIntegrity, SecuredDocument, VcJwt, decode
from tests.town import GRADUATION, NOW, School, Town, key


@pytest.fixture
def town() -> Town:
    return Town()


def verify(
    town: Town, document: SecuredDocument, *, at: datetime = NOW, policy: Policy | None = None
) -> Report:
    return town.employer(policy=policy).verify(document, at=at, source="diploma.json")


def tampered(document: SecuredDocument, **changes: object) -> SecuredDocument:
    return decode(write_json(parse_object(document.text) | changes))


@pytest.mark.parametrize("form", ["full", "paper"])
def test_a_diploma_of_a_listed_school_is_genuine_in_both_forms(town: Town, form: str) -> None:
    document = town.school.issue() if form == "full" else town.school.issue_paper()
    report = verify(town, document)
    assert report.headline is Headline.GENUINE
    assert report.listed_as == "Universidad de Valdoria"
    assert [check.name for check in report.checks] == [
        "form",
        "proof",
        "dates",
        "status",
        "schema",
        "issuer",
        "holder",
    ]


def test_a_school_nobody_lists_is_named_as_such_and_not_rejected(town: Town) -> None:
    report = town.employer(trusts=False).verify(town.school.issue(), at=NOW)
    assert report.headline is Headline.ISSUER_UNLISTED


# form


def test_a_broken_rule_of_the_data_model_is_named_and_rejects(town: Town) -> None:
    document = VcJwt().secure(
        write_json(town.school.diploma(validUntil="tomorrow")), town.school.key, at=GRADUATION
    )
    report = verify(town, document)
    assert report.outcome("form") is Outcome.FAILED
    assert "validUntil" in report.check("form").sentence


def test_a_term_that_no_context_defines_is_refused_in_a_token_too(town: Town) -> None:
    secured = VcJwt().secure(
        write_json(town.school.diploma(summaCumLaude=True)), town.school.key, at=GRADUATION
    )
    report = verify(town, secured)
    assert report.outcome("form") is Outcome.FAILED
    assert report.outcome("proof") is Outcome.PASSED


def test_a_context_that_is_not_shipped_leaves_the_form_undecided(town: Town) -> None:
    document = town.school.diploma()
    document["@context"] = [*document["@context"], "https://elsewhere.example/context"]
    report = verify(town, VcJwt().secure(write_json(document), town.school.key, at=GRADUATION))
    assert report.outcome("form") is Outcome.UNKNOWN
    assert report.headline is Headline.CANNOT_TELL


def test_a_format_the_policy_does_not_allow_is_not_accepted(town: Town) -> None:
    report = verify(town, town.school.issue_paper(), policy=Policy(formats=frozenset(("ldp_vc",))))
    assert report.headline is Headline.CANNOT_TELL


# proof


def test_a_changed_grade_is_rejected_and_nothing_is_fetched_for_the_forger(town: Town) -> None:
    subject = town.school.diploma()["credentialSubject"] | {
        "result": [{"type": ["Result"], "value": "20 of 20"}]
    }
    forged = tampered(town.school.issue(), credentialSubject=subject)
    verifier = town.employer()
    town.web.asked.clear()
    report = verifier.verify(forged, at=NOW)
    assert report.headline is Headline.NOT_GENUINE
    assert report.outcome("status") is report.outcome("issuer") is Outcome.SKIPPED
    assert all(url.endswith("did.json") for url in town.web.asked)


def test_a_record_without_any_proof_failed_and_is_not_merely_absent(town: Town) -> None:
    report = verify(town, decode(write_json(town.school.diploma())))
    assert report.outcome("proof") is Outcome.FAILED


def test_somebody_elses_good_signature_never_counts_as_the_issuers(town: Town) -> None:
    forger = School(town.web, "forger.example", "Forger")
    signed = DataIntegrity().secure(write_json(town.school.diploma()), forger.key, at=GRADUATION)
    report = verify(town, signed)
    assert report.headline is Headline.NOT_GENUINE
    assert "did:web:forger.example" in report.check("proof").sentence


def test_a_ministrys_second_signature_is_named_and_does_not_hurt(town: Town) -> None:
    ministry = School(town.web, "ministry.example", "Ministry")
    first = town.school.issue()
    both = DataIntegrity().secure(first.text, ministry.key, at=NOW - timedelta(days=1))
    report = verify(town, both)
    assert report.headline is Headline.GENUINE
    assert "also signed by did:web:ministry.example" in report.check("proof").sentence


def test_a_second_signature_that_is_broken_rejects(town: Town) -> None:
    ministry = School(town.web, "ministry.example", "Ministry")
    both = parse_object(DataIntegrity().secure(town.school.issue().text, ministry.key, at=GRADUATION).text)
    both["proof"][1]["proofValue"] = both["proof"][0]["proofValue"]
    assert verify(town, decode(write_json(both))).headline is Headline.NOT_GENUINE


def test_a_suite_that_is_not_supported_is_unknown_and_not_a_forgery(town: Town) -> None:
    document = parse_object(town.school.issue().text)
    document["proof"]["cryptosuite"] = "quantum-2031"
    report = verify(town, decode(write_json(document)))
    assert report.outcome("proof") is Outcome.UNKNOWN
    assert report.headline is Headline.CANNOT_TELL


def test_a_school_whose_site_is_down_is_unknown_where_no_keys_are_pinned(town: Town) -> None:
    document = town.school.issue()
    verifier = town.employer(trusts=False)
    town.web.pages.clear()
    assert verifier.verify(document, at=NOW).outcome("proof") is Outcome.UNKNOWN


def test_pinned_keys_decide_the_signature_while_the_site_is_down(town: Town) -> None:
    document = town.school.issue()
    verifier = town.employer()
    town.web.pages.clear()
    report = verifier.verify(document, at=NOW)
    assert report.outcome("proof") is Outcome.PASSED
    assert report.headline is Headline.CANNOT_TELL  # its status could not be looked up


def test_a_signature_dated_in_the_future_is_refused_beyond_the_skew_of_clocks(town: Town) -> None:
    assert verify(town, town.school.issue(at=NOW + timedelta(hours=1))).outcome("proof") is Outcome.FAILED
    assert verify(town, town.school.issue(at=NOW + timedelta(minutes=2))).outcome("proof") is Outcome.PASSED


def test_a_proof_that_has_run_out_makes_the_record_expired(town: Town) -> None:
    options = DataIntegrity(expires=NOW - timedelta(days=1))
    secured = options.secure(write_json(town.school.diploma()), town.school.key, at=GRADUATION)
    assert verify(town, secured).headline is Headline.EXPIRED


def test_a_key_for_status_lists_signs_no_diploma(town: Town) -> None:
    report = verify(town, town.school.issue(signer=town.school.status_key))
    assert report.outcome("proof") is Outcome.FAILED


def test_a_key_the_school_never_listed_signs_no_diploma(town: Town) -> None:
    stranger = LocalSigner(key("stranger"), f"{town.school.did}#key-9")
    assert verify(town, town.school.issue(signer=stranger)).outcome("proof") is Outcome.FAILED


def test_a_retired_key_is_good_for_what_it_signed_in_its_days(town: Town) -> None:
    before, after = town.school.issue(), town.school.issue(at=NOW - timedelta(days=1))
    town.school.end_key(town.school.key, expires=NOW - timedelta(days=10))
    assert verify(town, before).headline is Headline.GENUINE
    assert verify(town, after).outcome("proof") is Outcome.FAILED


def test_a_compromised_key_is_believed_only_for_what_its_owner_lists(town: Town) -> None:
    known, backdated = town.school.issue(), town.school.issue(town.school.diploma("Forger", index=99))
    town.school.end_key(town.school.key, revoked=NOW - timedelta(days=1))
    assert verify(town, known).headline is Headline.CANNOT_TELL
    town.school.publish_digests(known)
    assert verify(town, known).headline is Headline.GENUINE
    assert verify(town, backdated).headline is Headline.CANNOT_TELL
    assert "compromised" in verify(town, backdated).check("proof").sentence


# dates


@pytest.mark.parametrize(
    ("day", "headline"),
    [
        ("2026-06-30T12:00:00+00:00", Headline.NOT_YET_VALID),
        ("2026-07-01T00:00:00+00:00", Headline.GENUINE),
        ("2028-01-01T00:03:00+00:00", Headline.GENUINE),
        ("2028-01-01T01:00:00+00:00", Headline.EXPIRED),
    ],
)
def test_a_licence_counts_within_its_days(town: Town, day: str, headline: Headline) -> None:
    at = datetime.fromisoformat(day).astimezone(UTC)
    licence = town.school.diploma(validUntil="2028-01-01T00:00:00Z", credentialStatus=None)
    secured = town.school.issue(licence, at=datetime(2026, 6, 1, tzinfo=UTC))
    assert verify(town, secured, at=at).headline is headline


# status


@pytest.mark.parametrize(
    ("reason", "headline"),
    [("", Headline.REVOKED), ("issued_in_error", Headline.REVOKED), ("replaced", Headline.REPLACED)],
)
def test_a_set_bit_rejects_and_the_notice_says_why(town: Town, reason: str, headline: Headline) -> None:
    town.school.set_bits["revocation"][7] = reason
    town.school.publish()
    assert verify(town, town.school.issue()).headline is headline
    assert verify(town, town.school.issue_paper()).headline is headline
    assert verify(town, town.school.issue(town.school.diploma(index=8))).headline is Headline.GENUINE


def test_a_suspended_licence_is_suspended_and_a_revoked_one_stays_revoked(town: Town) -> None:
    entries = [town.school.status(7), town.school.status(9, "suspension")]
    licence = town.school.issue(town.school.diploma(credentialStatus=entries))
    town.school.set_bits["suspension"][9] = "under_review"
    town.school.publish()
    assert verify(town, licence).headline is Headline.SUSPENDED
    town.school.set_bits["revocation"][7] = ""
    town.school.publish()
    assert verify(town, licence).headline is Headline.REVOKED


@pytest.mark.parametrize("breakage", ["gone", "garbage", "foreign", "unsigned", "flipped", "other list"])
def test_a_list_that_cannot_be_used_is_unknown_and_never_read_as_a_yes_or_no(
    town: Town, breakage: str
) -> None:
    document, url = town.school.issue(), town.school.list_url
    pages = town.web.pages
    listed: Json = parse_object(pages[url])
    if breakage == "gone":
        del pages[url]
    elif breakage == "garbage":
        pages[url] = b"\x1f\x8b not a list"
    elif breakage == "foreign":
        pages[url] = School(Town().web, "other.example").web.pages["https://other.example/status/1.json"]
    elif breakage == "unsigned":
        pages[url] = write_json({k: v for k, v in listed.items() if k != "proof"}).encode()
    elif breakage == "flipped":
        pages[url] = write_json(listed | {"validUntil": "2099-01-01T00:00:00Z"}).encode()
    else:
        pages[url] = pages[url.replace("1.json", "2.json")]
    report = verify(town, document)
    assert report.outcome("status") is Outcome.UNKNOWN
    assert report.headline is Headline.CANNOT_TELL


def test_an_expired_list_still_says_what_it_knew(town: Town) -> None:
    town.school.publish(at=datetime(2026, 7, 2, tzinfo=UTC), valid_for=timedelta(days=30))
    check = verify(town, town.school.issue()).check("status")
    assert check.outcome is Outcome.UNKNOWN
    assert "not revoked as of 2026-07-02" in check.sentence


def test_a_kept_list_older_than_the_policy_allows_is_no_evidence(town: Town) -> None:
    document = town.school.issue()
    town.web.now = NOW - timedelta(days=31)
    assert verify(town, document).outcome("status") is Outcome.UNKNOWN
    assert (
        verify(town, document, policy=Policy(max_age=timedelta(days=40))).outcome("status") is Outcome.PASSED
    )


def test_a_status_entry_that_is_no_entry_is_a_defect_of_the_record(town: Town) -> None:
    entry = town.school.status(7) | {"statusListIndex": "-1"}
    assert (
        verify(town, town.school.issue(town.school.diploma(credentialStatus=entry))).headline
        is Headline.NOT_GENUINE
    )


def test_an_unknown_kind_of_status_is_unknown(town: Town) -> None:
    entry = {"id": "https://x.example/1", "type": "SomethingNew2031"}
    document = VcJwt().secure(
        write_json(town.school.diploma(credentialStatus=entry)), town.school.key, at=GRADUATION
    )
    assert verify(town, document).outcome("status") is Outcome.UNKNOWN


def test_five_hundred_diplomas_cause_one_request_for_their_list(town: Town) -> None:
    verifier = town.employer()
    town.web.asked.clear()
    for _ in range(5):
        verifier.verify(town.school.issue(), at=NOW)
    assert town.web.asked.count(town.school.list_url) == 1


# schema


def test_a_badge_that_departs_from_the_open_badges_schema_is_rejected(town: Town) -> None:
    subject = town.school.diploma()["credentialSubject"]
    subject["achievement"] = {k: v for k, v in subject["achievement"].items() if k != "criteria"}
    report = verify(town, town.school.issue(town.school.diploma(credentialSubject=subject)))
    assert report.outcome("schema") is Outcome.FAILED
    assert report.headline is Headline.NOT_GENUINE


def test_a_schema_only_its_address_knows_never_blocks(town: Town) -> None:
    schema = [{"id": "https://x.example/schema.json", "type": "JsonSchema"}]
    document = town.school.issue(town.school.diploma(credentialSchema=schema))
    assert verify(town, document).headline is Headline.GENUINE
    assert verify(town, document).outcome("schema") is Outcome.UNKNOWN
    assert verify(town, document, policy=Policy(require_schema=True)).headline is Headline.CANNOT_TELL


def test_the_last_day_there_is_is_a_day_like_any_other(town: Town) -> None:
    last = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    endless = town.school.issue(town.school.diploma(validUntil="9999-12-31T23:59:59Z"))
    assert verify(town, endless).headline is Headline.GENUINE
    assert verify(town, endless, at=last).outcome("dates") is Outcome.PASSED
    assert verify(town, town.school.issue(), at=last).headline is Headline.CANNOT_TELL


def test_a_key_newer_than_the_copy_of_the_site_is_unknown_and_no_forgery(town: Town) -> None:
    town.web.now = NOW - timedelta(days=20)
    newer = town.school.add_key("key-2")
    report = verify(town, town.school.issue(signer=newer, at=NOW - timedelta(days=10)))
    assert (report.outcome("proof"), report.headline) == (Outcome.UNKNOWN, Headline.CANNOT_TELL)
    report = verify(town, town.school.issue(signer=newer, at=NOW - timedelta(days=30)))
    assert report.headline is Headline.NOT_GENUINE
    report = verify(town, town.school.issue(signer=newer, at=NOW + timedelta(days=10)))
    assert "in the future" in report.checks[1].sentence
