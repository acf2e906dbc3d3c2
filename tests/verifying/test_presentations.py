from datetime import timedelta

import pytest

from testamur.checks import Audience, Headline, Outcome, Policy, Report
from testamur.credentials import Facts
from testamur.jsontext import Json, parse_object, write_json
from testamur.keys import LocalSigner
from testamur.proofs import DataIntegrity, SecuredDocument, VpJwt, decode
from tests.town import NOW, Town, key

ASKED = Policy(audience=Audience("https://employer.example", "c-17"))


@pytest.fixture
def town() -> Town:
    return Town()


def holder() -> tuple[LocalSigner, str]:
    private = key("मीरा शर्मा")
    did = f"did:key:{private.public_key.multikey}"
    return LocalSigner(private, f"{did}#{private.public_key.multikey}"), did


def presentation(*credentials: SecuredDocument, by: str = "", **changes: object) -> Json:
    members: Json = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "holder": by or holder()[1],
        "verifiableCredential": [parse_object(credential.text) for credential in credentials],
    }
    return members | changes


def present(
    document: Json, *, challenge: str = "c-17", domain: str = "https://employer.example"
) -> SecuredDocument:
    suite = DataIntegrity(purpose="authentication", challenge=challenge, domain=(domain,) if domain else ())
    return suite.secure(write_json(document), holder()[0], at=NOW - timedelta(minutes=1))


def verify(town: Town, document: SecuredDocument, policy: Policy = ASKED) -> Report:
    return town.employer(policy=policy).verify(document, at=NOW, source="shown.json")


def test_a_presentation_made_for_the_one_who_asked_is_accepted_with_what_is_in_it(town: Town) -> None:
    report = verify(town, present(presentation(town.school.issue())))
    assert report.headline is Headline.GENUINE
    assert [inner.headline for inner in report.inner] == [Headline.GENUINE]
    assert report.to_json()["credentials"][0]["facts"]["holder"] == "ሰላም ተስፋዬ"


@pytest.mark.parametrize(
    ("challenge", "domain"), [("c-18", "https://employer.example"), ("c-17", "https://thief.example")]
)
def test_a_presentation_made_for_somebody_else_is_rejected(town: Town, challenge: str, domain: str) -> None:
    report = verify(town, present(presentation(town.school.issue()), challenge=challenge, domain=domain))
    assert report.outcome("holder") is Outcome.FAILED
    assert report.headline is Headline.NOT_GENUINE


def test_a_presentation_that_answers_an_unknown_question_is_undecided(town: Town) -> None:
    report = verify(town, present(presentation(town.school.issue())), Policy())
    assert report.headline is Headline.CANNOT_TELL


def test_a_presentation_to_nobody_in_particular_is_accepted_where_nobody_asked(town: Town) -> None:
    shown = present(presentation(town.school.issue()), challenge="", domain="")
    assert verify(town, shown, Policy()).headline is Headline.GENUINE
    assert verify(town, shown).headline is Headline.NOT_GENUINE


def test_a_presentation_signed_by_somebody_other_than_its_holder_is_rejected(town: Town) -> None:
    report = verify(town, present(presentation(town.school.issue(), by="did:web:ana.example")))
    assert report.outcome("proof") is Outcome.FAILED


def test_a_presentation_without_a_holder_or_a_proof_is_rejected(town: Town) -> None:
    shown = presentation(town.school.issue())
    assert verify(town, decode(write_json(shown))).headline is Headline.NOT_GENUINE
    nameless = {name: value for name, value in shown.items() if name != "holder"}
    assert verify(town, present(nameless)).headline is Headline.NOT_GENUINE


def own_words(issuer: str) -> Json:
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": issuer,
        "credentialSubject": {"id": holder()[1], "name": "मीरा शर्मा"},
    }


def test_what_a_holder_says_of_herself_is_signed_by_the_presentation(town: Town) -> None:
    said = presentation(verifiableCredential=[own_words(holder()[1])])
    (inner,) = verify(town, present(said)).inner
    assert inner.outcome("proof") is Outcome.PASSED
    assert inner.headline is Headline.ISSUER_UNLISTED


def test_an_unsigned_record_of_somebody_else_is_rejected_whoever_presents_it(town: Town) -> None:
    others = own_words(town.school.did)
    for shown in ([others], [own_words(holder()[1]), others]):
        report = verify(town, present(presentation(verifiableCredential=shown)))
        assert report.inner[-1].outcome("proof") is Outcome.FAILED
    own = presentation(verifiableCredential=[own_words(holder()[1])])
    assert verify(town, decode(write_json(own))).inner[0].outcome("proof") is Outcome.FAILED


def test_a_check_told_to_note_it_only_accepts_another_s_signature_and_says_whose_it_is(town: Town) -> None:
    foreign = present(presentation(town.school.issue(), by="did:web:ana.example"))
    report = verify(town, foreign, Policy(audience=ASKED.audience, author_bound=False))
    assert report.outcome("proof") is Outcome.PASSED
    assert "not the author it names" in report.checks[1].sentence


def test_a_revoked_diploma_is_not_better_for_being_presented(town: Town) -> None:
    town.school.set_bits["revocation"][7] = ""
    town.school.publish()
    good = town.school.issue(town.school.diploma(index=8))
    assert verify(town, present(presentation(good, town.school.issue()))).headline is Headline.REVOKED


def test_a_presentation_of_nothing_is_no_answer(town: Town) -> None:
    assert verify(town, present(presentation())).headline is Headline.CANNOT_TELL


def test_an_enveloped_token_in_a_token_is_opened(town: Town) -> None:
    enveloped = {
        "@context": "https://www.w3.org/ns/credentials/v2",
        "id": f"data:application/vc+jwt,{town.school.issue_paper().text}",
        "type": "EnvelopedVerifiableCredential",
    }
    shown = presentation(verifiableCredential=[enveloped])
    options = VpJwt(audience="https://employer.example", nonce="c-17")
    report = verify(town, options.secure(write_json(shown), holder()[0], at=NOW))
    assert report.headline is Headline.GENUINE
    assert report.inner[0].format == "vc+jwt"


def test_what_is_presented_and_cannot_be_read_is_never_accepted(town: Town) -> None:
    envelope = {
        "@context": "https://www.w3.org/ns/credentials/v2",
        "id": "data:application/vc+jwt,garbage",
        "type": "EnvelopedVerifiableCredential",
    }
    assert verify(town, present(presentation(verifiableCredential=[envelope]))).exit_code != 0


def test_a_presentation_within_a_presentation_is_not_opened(town: Town) -> None:
    inner = parse_object(present(presentation(town.school.issue())).text)
    assert verify(town, present(presentation(verifiableCredential=[inner]))).exit_code != 0


def test_a_presentation_tells_no_facts_of_its_own(town: Town) -> None:
    report = verify(town, present(presentation(town.school.issue())))
    assert report.facts == Facts()
    assert "The issuer signed this" not in report.to_text().splitlines()[1]
    assert "Selam Tesfaye" in report.to_text()
