"""Copies that show a part of a record, in the hands of an employer: by file, in a PDF, presented."""

import io

import pytest
from pypdf import PdfWriter

from testamur.checks import Audience, Headline, Outcome, Policy
from testamur.credentials import always_shown
from testamur.jsontext import parse_object, write_json
from testamur.keys import LocalSigner
from testamur.proofs import DataIntegrity, SecuredDocument, VcSdJwt, base_format, decode, parse_sd_jwt
from testamur.scanning import examine
from tests.proofs.copies import NAMES, badge, copy, record, signer, town
from tests.town import GRADUATION, NOW, key

V2 = "https://www.w3.org/ns/credentials/v2"


@pytest.fixture(scope="module", params=NAMES)
def held(request):
    return record(request.param)


def verified(text, policy=None):
    return town().employer(policy=policy).verify(decode(text), at=NOW)


def test_a_copy_is_accepted_with_the_same_checks_as_the_record(held):
    report = verified(copy(held, "/credentialSubject/licenseNumber").text)
    assert report.headline is Headline.GENUINE
    assert [check.name for check in report.checks] == [
        "form",
        "proof",
        "dates",
        "status",
        "schema",
        "issuer",
        "holder",
    ]
    assert report.facts.number == badge()["credentialSubject"]["licenseNumber"]
    assert not report.facts.result
    assert "may have left members out" in report.check("proof").sentence
    assert report.outcome("schema") is Outcome.PASSED


def test_a_copy_that_keeps_back_the_day_of_the_award_tells_no_other_day_as_that(held):
    assert verified(copy(held, "/awardedDate").text).facts.awarded == badge()["awardedDate"][:10]
    report = verified(copy(held, "/credentialSubject/licenseNumber").text)
    assert report.claims["validFrom"]
    assert report.facts.awarded == ""
    assert "  Date  " not in report.to_text()


@pytest.mark.parametrize("name", NAMES)
def test_credits_moved_from_course_to_course_in_a_copy_are_a_doubt(name):
    """A copy's proof is over statements, which do not say which credits stood in which course."""
    school = town().school
    courses = [school.course(number) for number in (1, 2)]
    for course in courses:
        course["credentialSubject"]["id"] = "urn:uuid:5e3f9f2a-0000-4000-8000-000000000001"
    shown = parse_object(copy(record(name, school.clr(courses)), "/credentialSubject").text)
    one, other = (each["credentialSubject"] for each in shown["credentialSubject"]["verifiableCredential"])
    one["creditsEarned"], other["creditsEarned"] = other["creditsEarned"], one["creditsEarned"]
    report = verified(write_json(shown))
    assert (report.headline, report.outcome("proof")) == (Headline.CANNOT_TELL, Outcome.PASSED)
    assert "the signature does not say which belongs where" in report.doubts[0]


@pytest.fixture
def withdrawn():
    """A course in a learner record that has run out, and that the school has withdrawn since."""
    school = town().school
    school.set_bits["revocation"][7] = "withdrawn"
    school.publish()
    yield school.course(1, credentialStatus=school.status(7), validUntil="2026-08-01T00:00:00Z")
    school.set_bits["revocation"].clear()
    school.publish()


@pytest.mark.parametrize("name", NAMES)
def test_what_a_copy_leaves_out_of_a_course_in_it_makes_that_course_undecided(name, withdrawn):
    """Its holder leaves out where the course's status is told, and the day on which it ran out."""
    kept = [member for member in withdrawn if member not in ("@context", "credentialStatus", "validUntil")]
    course = "/credentialSubject/verifiableCredential/0"
    pointers = ("/name", "/awardedDate", "/credentialStatus", "/credentialSubject/identifier")
    held = record(name, town().school.clr([withdrawn]))
    shown = parse_object(copy(held, *pointers, *(f"{course}/{member}" for member in kept)).text)
    shown["credentialSubject"]["verifiableCredential"][0]["@context"] = withdrawn["@context"]
    _is_undecided(verified(write_json(shown)))


def test_what_a_token_leaves_out_of_a_course_in_it_makes_that_course_undecided(withdrawn):
    school = town().school
    course = ("credentialSubject", "verifiableCredential", 0)
    form = VcSdJwt(disclosable=tuple((*course, name) for name in ("credentialStatus", "validUntil")))
    text = form.secure(write_json(school.clr([withdrawn])), school.key, at=GRADUATION).text
    assert verified(text).inner[0].headline is Headline.REVOKED
    _is_undecided(verified(text.partition("~")[0] + "~"))


def _is_undecided(report):
    said = report.inner[0]
    assert (report.headline, said.headline) == (Headline.GENUINE, Headline.CANNOT_TELL)
    assert (said.outcome("status"), said.outcome("dates")) == (Outcome.UNKNOWN, Outcome.UNKNOWN)
    assert "It shows no status, which its holder may have left out" in report.to_text()


def test_a_copy_of_a_revoked_record_is_rejected(held):
    school = town().school
    school.set_bits["revocation"][1] = "issued_in_error"
    school.publish()
    try:
        assert verified(copy(held, "/awardedDate").text).headline is Headline.REVOKED
    finally:
        school.set_bits["revocation"].clear()
        school.publish()


@pytest.mark.parametrize("name", NAMES)
def test_where_a_template_hides_more_the_schema_is_unknown_and_the_members_are_named(name):
    shown = copy(record(name, places=("award.name",)), "/awardedDate")
    report = verified(shown.text)
    assert report.headline is Headline.GENUINE
    assert report.outcome("schema") is Outcome.UNKNOWN
    for sentence in (report.check("schema").sentence, report.check("form").sentence):
        assert "credentialSubject.achievement" in sentence
    assert verified(shown.text, Policy(require_schema=True)).headline is Headline.CANNOT_TELL


@pytest.mark.parametrize("name", NAMES)
def test_a_copy_that_shows_no_status_is_undecided(name):
    document = badge()
    del document["credentialStatus"]
    report = verified(copy(record(name, document), "/awardedDate").text)
    assert report.headline is Headline.CANNOT_TELL
    assert report.outcome("status") is Outcome.UNKNOWN


def with_a_proof_of_the_holders_own(shown: SecuredDocument, suite: str = "eddsa-rdfc-2022") -> str:
    """The copy with a second proof, over all that it shows, by a key of whoever shows it."""
    private = key("learner")
    did = f"did:key:{private.public_key.multikey}"
    own = LocalSigner(private, f"{did}#{private.public_key.multikey}")
    document = parse_object(shown.text)
    proof = document.pop("proof")
    signed = parse_object(DataIntegrity(suite).secure(write_json(document), own, at=NOW).text)
    return write_json(document | {"proof": [proof, signed["proof"]]})


@pytest.mark.parametrize("name", NAMES)
def test_a_copy_is_not_whole_because_somebody_else_signed_what_it_shows(name):
    document = badge()
    del document["credentialStatus"]
    shown = copy(record(name, document), "/awardedDate")
    report = verified(with_a_proof_of_the_holders_own(shown))
    assert report.outcome("proof") is Outcome.PASSED
    assert report.outcome("status") is Outcome.UNKNOWN
    assert report.headline is Headline.CANNOT_TELL


@pytest.mark.parametrize("name", NAMES)
def test_a_copy_that_shows_its_suspension_list_only_may_hide_that_it_was_revoked(name):
    entries = [town().school.status(1), town().school.status(1, "suspension")]
    document = badge() | {"credentialStatus": entries}
    chosen = [each for each in always_shown(document, None) if not each.startswith("/credentialStatus")]
    form = base_format(name, lambda said: chosen)
    held = form.secure(write_json(document), signer(name), at=GRADUATION)
    report = verified(copy(held, "/credentialStatus/1").text)
    assert report.outcome("status") is Outcome.UNKNOWN
    assert "may have left out" in report.check("status").sentence
    assert verified(copy(held, "/credentialStatus").text).headline is Headline.GENUINE


@pytest.mark.parametrize("name", NAMES)
def test_whoever_may_leave_out_the_beginning_may_have_left_out_the_end(name):
    """A licence that has run out is not made good by a copy without its last day."""
    document = badge() | {"validUntil": "2026-08-01T00:00:00Z"}
    chosen = [each for each in always_shown(document, None) if each not in ("/validFrom", "/validUntil")]
    form = base_format(name, lambda said: chosen)
    held = form.secure(write_json(document), signer(name), at=GRADUATION)
    assert verified(copy(held, "/validUntil").text).headline is Headline.EXPIRED
    for pointer in ("/awardedDate", "/validFrom"):
        report = verified(copy(held, pointer).text)
        assert report.outcome("dates") is Outcome.UNKNOWN
        assert report.headline is Headline.CANNOT_TELL


def test_an_sd_jwt_that_may_lack_its_end_is_undecided_and_one_that_begins_for_everybody_is_not():
    endless = {name: value for name, value in badge().items() if name != "validUntil"}
    for left_out, outcome in (("", Outcome.PASSED), ("validFrom", Outcome.UNKNOWN)):
        said = {name: value for name, value in endless.items() if name != left_out}
        made = VcSdJwt(disclosable=(("awardedDate",),)).secure(
            write_json(said), town().school.key, at=GRADUATION
        )
        token = parse_sd_jwt(made.text).token
        assert verified(f"{token}~").outcome("dates") is outcome


def test_the_schools_own_file_is_undecided_and_says_what_to_do(held):
    report = verified(held.text)
    assert report.headline is Headline.CANNOT_TELL
    assert "testamur derive" in report.check("proof").sentence


def test_a_copy_attached_to_a_pdf_is_found(held):
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_attachment("record.json", copy(held, "/awardedDate").text.encode())
    data = io.BytesIO()
    writer.write(data)
    (report,) = examine(data.getvalue(), town().employer(), at=NOW, source="record.pdf").reports
    assert report.format == "ldp_vc"
    passed = [check.name for check in report.checks if check.outcome is Outcome.PASSED]
    assert passed == ["form", "proof", "dates", "status", "schema", "issuer"]
    assert any("by eye" in doubt for doubt in report.doubts)  # the page says nothing that could be compared


def test_a_presented_copy_is_accepted_and_a_changed_one_is_not(held):
    private = key("learner")
    did = f"did:key:{private.public_key.multikey}"
    holder = LocalSigner(private, f"{did}#{private.public_key.multikey}")
    options = DataIntegrity(purpose="authentication", domain=("https://employer.example",), challenge="c-17")
    policy = Policy(audience=Audience("https://employer.example", "c-17"))
    shown = parse_object(copy(held, "/awardedDate").text)
    for document, headline in (
        (shown, Headline.GENUINE),
        (shown | {"awardedDate": "2020-07-01T00:00:00Z"}, Headline.NOT_GENUINE),
    ):
        presentation = {
            "@context": [V2],
            "type": ["VerifiablePresentation"],
            "holder": did,
            "verifiableCredential": [document],
        }
        secured = options.secure(write_json(presentation), holder, at=NOW)
        report = verified(secured.text, policy)
        assert report.headline is headline
        assert len(report.inner) == 1


def test_a_copy_beside_the_schools_usual_proof_counts_as_whole(held):
    """A record with both proofs is whole: the usual one covers everything."""
    document = badge()
    both = DataIntegrity().secure(write_json(document), town().school.key, at=NOW)
    report = verified(both.text)
    assert "may have left" not in report.check("proof").sentence
