"""What third parties say of a record is verified for itself and shown beside it; a false word is a doubt."""

import json

import pytest

from testamur.checks import Headline, Policy, Report
from testamur.credentials import check_rules, check_schema, endorsement_of
from testamur.did import Resolver
from testamur.errors import Malformed
from testamur.jsontext import Json
from testamur.proofs import decode
from testamur.trust import PinnedTrust, all_pins
from testamur.verifying import Verifier
from tests.town import CONTEXTS, GRADUATION, NOW, School, Town

COMMENT = "This programme meets the standards of the nursing council."


def ministry(town: Town) -> School:
    return School(town.web, "ministry.example", "Ministry of Education")


def endorsed(town: Town, by: School, *, of: str = "achievement", change: str = "", **subject: str) -> Json:
    """A diploma with an endorsement at the place that it is of."""
    diploma = town.school.diploma()
    made = endorsement_of(
        diploma, COMMENT, of=of, issuer_id=by.did, issuer_name=by.name, issuer_url=f"https://{by.host}",
        record_id="urn:uuid:00000000-0000-4000-8000-0000000000e1", at=GRADUATION,
    )  # fmt: skip
    assert check_rules(made) == check_schema(made) == []
    made["credentialSubject"] |= subject
    signed = json.loads(by.issue(made).text)
    if change:
        signed["credentialSubject"]["endorsementComment"] = change
    achievement = diploma["credentialSubject"]["achievement"]
    place = {"record": diploma, "achievement": achievement, "issuer": diploma["issuer"]}[of]
    place["endorsement"] = [signed]
    return diploma


def verified(town: Town, document: Json, *trusted: School) -> Report:
    sources = [PinnedTrust.of([school.trusted() for school in (town.school, *trusted)])]
    verifier = Verifier(Resolver(town.web, pins=all_pins(sources)), town.web, sources, Policy())
    return verifier.verify(town.school.issue(document), at=NOW)


def test_an_endorsement_of_award_issuer_or_record_is_verified_and_shown() -> None:
    for of in ("achievement", "issuer", "record"):
        town = Town()
        by = ministry(town)
        report = verified(town, endorsed(town, by, of=of), by)
        assert report.headline is Headline.GENUINE
        (endorsement,) = report.endorsements
        assert endorsement.headline is Headline.GENUINE
        assert f"Endorsed by Ministry of Education: genuine\n          {COMMENT}" in report.to_text()
        assert report.to_json()["endorsements"][0]["headline"] == "genuine"


def test_an_endorser_nobody_lists_is_told_and_changes_nothing() -> None:
    town = Town()
    report = verified(town, endorsed(town, ministry(town)))
    assert report.headline is Headline.GENUINE
    assert report.endorsements[0].headline is Headline.ISSUER_UNLISTED
    assert "Endorsed by did:web:ministry.example: ISSUER UNLISTED" in report.to_text()


def test_a_forged_endorsement_is_a_doubt_about_the_record() -> None:
    town = Town()
    by = ministry(town)
    report = verified(town, endorsed(town, by, change="The best school of all."), by)
    assert report.headline is Headline.CANNOT_TELL
    assert report.doubts == ("an endorsement in it is not what it claims to be",)


def test_an_endorsement_of_something_else_is_a_doubt() -> None:
    town = Town()
    by = ministry(town)
    report = verified(town, endorsed(town, by, id="https://elsewhere.example/achievements/1"), by)
    assert report.doubts == ("an endorsement in it is of something else",)


def test_what_somebody_says_of_the_award_without_endorsing_it_is_no_endorsement() -> None:
    """A reprimand, put in by the school where endorsements stand, is not told as one; nor is it looked up."""
    town = Town()
    by = ministry(town)
    document = endorsed(town, by)
    place = document["credentialSubject"]["achievement"]
    reprimand = place["endorsement"][0] | {"type": ["VerifiableCredential"]}
    place["endorsement"] = [json.loads(by.issue(_without_proof(reprimand)).text)]
    report = verified(town, document, by)
    assert report.doubts == ("an endorsement in it is of something else",)
    assert not report.endorsements


def test_endorsements_past_the_sixteenth_are_named() -> None:
    town = Town()
    by = ministry(town)
    document = endorsed(town, by)
    place = document["credentialSubject"]["achievement"]
    one = _without_proof(place["endorsement"][0])
    names = [f"urn:uuid:00000000-0000-4000-8000-0000000001{number:02}" for number in range(17)]
    place["endorsement"] = [json.loads(by.issue(one | {"id": name}).text) for name in names]
    report = verified(town, document, by)
    assert len(report.endorsements) == 16
    assert report.doubts == ("it holds 17 endorsements; no more than 16 were looked at",)


def _without_proof(document: Json) -> Json:
    return {name: value for name, value in document.items() if name != "proof"}


def test_an_endorsement_checked_alone_tells_what_it_says() -> None:
    town = Town()
    by = ministry(town)
    alone = endorsed(town, by)["credentialSubject"]["achievement"]["endorsement"][0]
    sources = [PinnedTrust.of([by.trusted()])]
    verifier = Verifier(Resolver(town.web, pins=all_pins(sources)), town.web, sources, Policy())
    assert verifier.verify(decode(json.dumps(alone)), at=NOW).headline is Headline.GENUINE


def test_what_a_record_carries_beside_its_claims_is_named() -> None:
    town = Town()
    report = verified(
        town,
        town.school.diploma(
            **{"@context": [*CONTEXTS, "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"]},
            evidence=[
                {"id": "https://v.example/thesis.pdf", "type": ["Evidence"], "name": "Thesis",
                 "digestMultibase": "uEiAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
                {"id": "https://v.example/film", "type": ["Evidence"], "name": "Film"},
            ],
            refreshService={"id": "https://v.example/refresh", "type": "1EdTechCredentialRefresh"},
        ),
    )  # fmt: skip
    text = report.to_text()
    assert "Evidence: Thesis (https://v.example/thesis.pdf), sealed by a digest" in text
    assert "Evidence: Film (https://v.example/film), which may have changed since" in text
    assert "Refresh: https://v.example/refresh, 1EdTechCredentialRefresh" in text


def test_a_way_to_show_a_record_is_refused_where_its_words_would_not_be_signed() -> None:
    """No published package has a context for TemplateRenderMethod, so its terms are undefined (VCDM §6.1)."""
    town = Town()
    method = {"type": "TemplateRenderMethod", "renderSuite": "html", "template": "data:text/html,x"}
    with pytest.raises(Malformed, match=r"not defined|absolute IRI"):
        town.school.issue(town.school.diploma(renderMethod=method))
