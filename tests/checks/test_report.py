from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testamur.checks import VERDICTS, Check, Headline, Outcome, Policy, Report, Verdict
from testamur.credentials import Facts

NAMES = ("form", "proof", "dates", "status", "schema", "issuer", "holder")
GOOD = dict.fromkeys(NAMES, Outcome.PASSED) | {"holder": Outcome.ABSENT}


def report(
    policy: Policy | None = None, headlines: dict[str, Headline] | None = None, **outcomes: Outcome
) -> Report:
    asked = headlines or {}
    checks = tuple(
        Check(name, outcome, "Said", headline=asked.get(name)) for name, outcome in (GOOD | outcomes).items()
    )
    return Report("file", "ldp_vc", checks, {}, Facts(), policy or Policy())


def test_a_record_is_genuine_when_every_required_check_passed() -> None:
    assert report().headline is Headline.GENUINE
    assert bool(report())


@pytest.mark.parametrize("name", ["form", "proof", "dates", "status", "schema", "issuer", "holder"])
def test_one_failed_check_rejects_whatever_the_others_say(name: str) -> None:
    failed = report(**{name: Outcome.FAILED})
    assert failed.headline is Headline.NOT_GENUINE
    assert failed.exit_code == 1


@pytest.mark.parametrize("name", ["form", "proof", "dates", "status", "issuer"])
@pytest.mark.parametrize("outcome", [Outcome.UNKNOWN, Outcome.SKIPPED])
def test_a_required_check_that_could_not_be_made_is_never_accepted(name: str, outcome: Outcome) -> None:
    assert report(**{name: outcome}).headline is Headline.CANNOT_TELL


@pytest.mark.parametrize("name", ["form", "proof", "issuer"])
def test_a_required_check_that_is_absent_is_never_accepted(name: str) -> None:
    assert report(**{name: Outcome.ABSENT}).headline is Headline.CANNOT_TELL


@pytest.mark.parametrize("outcome", [Outcome.ABSENT, Outcome.UNKNOWN, Outcome.SKIPPED])
def test_a_schema_that_is_not_known_never_blocks_unless_the_policy_says_so(outcome: Outcome) -> None:
    assert report(schema=outcome).headline is Headline.GENUINE
    assert report(Policy(require_schema=True), schema=outcome).headline is Headline.CANNOT_TELL


def test_a_record_without_a_status_is_accepted_unless_the_policy_demands_one() -> None:
    assert report(status=Outcome.ABSENT).headline is Headline.GENUINE
    assert report(Policy(require_status=True), status=Outcome.ABSENT).headline is Headline.CANNOT_TELL


def test_an_issuer_nobody_vouches_for_has_a_headline_of_its_own_if_nothing_else_is_open() -> None:
    unlisted = {"issuer": Headline.ISSUER_UNLISTED}
    assert report(headlines=unlisted, issuer=Outcome.UNKNOWN).headline is Headline.ISSUER_UNLISTED
    both = report(headlines=unlisted, issuer=Outcome.UNKNOWN, status=Outcome.UNKNOWN)
    assert both.headline is Headline.CANNOT_TELL


def test_what_a_forger_says_about_dates_never_softens_the_answer() -> None:
    expired = {"dates": Headline.EXPIRED}
    assert report(headlines=expired, dates=Outcome.FAILED).headline is Headline.EXPIRED
    assert (
        report(headlines=expired, dates=Outcome.FAILED, proof=Outcome.FAILED).headline is Headline.NOT_GENUINE
    )
    assert (
        report(headlines=expired, dates=Outcome.FAILED, proof=Outcome.UNKNOWN).headline
        is Headline.CANNOT_TELL
    )


def test_revoked_outweighs_expired_and_expired_outweighs_what_could_not_be_looked_up() -> None:
    asked = {"status": Headline.REVOKED, "dates": Headline.EXPIRED}
    assert report(headlines=asked, status=Outcome.FAILED, dates=Outcome.FAILED).headline is Headline.REVOKED
    assert report(headlines=asked, status=Outcome.UNKNOWN, dates=Outcome.FAILED).headline is Headline.EXPIRED


def test_an_empty_report_is_undecided() -> None:
    empty = Report("", "", (), {}, Facts())
    assert (empty.headline, empty.verdict, empty.exit_code) == (Headline.CANNOT_TELL, Verdict.UNDECIDED, 3)


def test_every_headline_has_a_verdict_and_every_verdict_one_exit_code() -> None:
    assert set(VERDICTS) == set(Headline)
    assert set(VERDICTS.values()) == {(Verdict.ACCEPTED, 0), (Verdict.UNDECIDED, 3), (Verdict.REJECTED, 1)}


@given(st.fixed_dictionaries({name: st.sampled_from(Outcome) for name in NAMES}))
def test_only_a_record_all_of_whose_required_checks_passed_is_accepted(outcomes: dict[str, Outcome]) -> None:
    if report(**outcomes):
        assert {outcomes[name] for name in ("form", "proof", "issuer")} == {Outcome.PASSED}
        assert {outcomes[name] for name in ("dates", "status")} <= {Outcome.PASSED, Outcome.ABSENT}
        assert Outcome.FAILED not in outcomes.values()


def test_a_doubt_about_the_document_makes_a_good_record_undecided_and_a_bad_one_no_better() -> None:
    from dataclasses import replace

    assert replace(report(), doubts=("two codes disagree",)).headline is Headline.CANNOT_TELL
    assert replace(report(proof=Outcome.FAILED), doubts=("…",)).headline is Headline.NOT_GENUINE


def test_a_presentation_is_no_better_than_the_worst_credential_in_it() -> None:
    from dataclasses import replace

    revoked = report(headlines={"status": Headline.REVOKED}, status=Outcome.FAILED)
    shown = replace(
        report(issuer=Outcome.ABSENT, status=Outcome.ABSENT, holder=Outcome.PASSED), is_presentation=True
    )
    assert replace(shown, inner=(report(),)).headline is Headline.GENUINE
    assert replace(shown, inner=(report(), revoked)).headline is Headline.REVOKED


@pytest.mark.parametrize(("is_proved", "named"), list(product([True, False], repeat=2)))
def test_the_text_says_who_the_trust_list_knows_and_marks_what_is_only_claimed(
    is_proved: bool, named: bool
) -> None:
    facts = Facts(holder="ស្រីពៅ ចាន់", issuer_name="Oxford", issuer="did:web:x.example", award="BSc")
    proof = Check("proof", Outcome.PASSED if is_proved else Outcome.FAILED, "Said")
    text = Report(
        "f", "ldp_vc", (proof,), {}, facts, listed_as="Universidad de Valdoria" if named else ""
    ).to_text()
    assert "ស្រីពៅ ចាន់" in text
    assert ("claims to be Oxford" in text) is not named
    assert ("which nobody's signature confirms" in text) is not is_proved
    assert ("identity card" in text) is is_proved


def test_a_name_cannot_write_lines_of_its_own_into_the_report() -> None:
    text = Report("f", "ldp_vc", (), {}, Facts(holder="Ana\n\x1b[2JGENUINE\u202e")).to_text()
    assert "Ana\\u000a\\u001b[2JGENUINE\\u202e" in text
    assert "\x1b" not in text


def test_the_json_has_the_members_programs_rely_on() -> None:
    members = report().to_json()
    assert list(members)[:6] == ["source", "verdict", "headline", "checks", "credential", "format"]
    assert members["checks"][0] == {"name": "form", "outcome": "passed", "sentence": "Said"}
    assert members["verdict"] == "accepted"
