"""SD-JWT VCs before an employer: genuine, revoked, shown in part, stolen, of another type, certified."""

from dataclasses import replace
from datetime import timedelta
from time import process_time

import pytest

from testamur.checks import Audience, Headline, Outcome
from testamur.credentials import integrity_of
from testamur.jsontext import parse_object, write_json
from testamur.keys import LocalSigner
from testamur.proofs import (
    SdJwt,
    SdJwtVc,
    VcSdJwt,
    VpJwt,
    decode,
    envelope,
    parse_jws,
    parse_sd_jwt,
    sign_jws,
)
from testamur.proofs.sd_jwt import make_disclosure
from tests.checks.wallet_records import ASKED, HOLDER, WalletTown, show
from tests.town import GRADUATION, NOW, key


@pytest.fixture
def town() -> WalletTown:
    return WalletTown()


def test_a_diploma_for_a_wallet_is_genuine_and_tells_the_same_facts(town: WalletTown) -> None:
    report = town.ask(town.issue_claims())
    assert report.headline is Headline.GENUINE, report.to_text()
    assert {
        name: report.outcome(name) for name in ("form", "proof", "dates", "status", "schema", "issuer")
    } == dict.fromkeys(("form", "proof", "dates", "status", "schema", "issuer"), Outcome.PASSED)
    full = town.employer().verify(town.school.issue(), at=NOW).facts
    told = report.facts
    for name in (
        "holder",
        "holder_latin",
        "award",
        "result",
        "awarded",
        "number",
        "issuer_name",
        "id",
        "kind",
    ):
        assert getattr(told, name) == getattr(full, name), name
    assert report.listed_as == "Universidad de Valdoria"


def test_it_is_checked_without_a_network_by_the_keys_that_were_pinned(town: WalletTown) -> None:
    text = town.issue_claims(town.claims(status=None))
    employer = town.employer(offline=True)
    town.web.pages.clear()
    from testamur.proofs import decode

    report = employer.verify(decode(text), at=NOW)
    assert report.headline is Headline.GENUINE, report.to_text()


@pytest.mark.parametrize(
    ("value", "headline"), [(1, Headline.REVOKED), (2, Headline.SUSPENDED), (0, Headline.GENUINE)]
)
def test_its_status_is_looked_up_in_the_token_status_list(
    town: WalletTown, value: int, headline: Headline
) -> None:
    town.publish_list({7: value})
    assert town.ask(town.issue_claims()).headline is headline


def test_what_the_holder_keeps_back_is_not_shown_and_spoils_nothing(town: WalletTown) -> None:
    text = town.issue_claims()
    shown = show(text, lambda each: "birthdate" not in each and len(each) % 2 == 0)
    report = town.ask(shown, asked=ASKED)
    assert report.headline is Headline.GENUINE, report.to_text()
    assert report.outcome("holder") is Outcome.PASSED
    nothing = town.ask(show(text, lambda each: False), asked=ASKED)
    assert nothing.headline is Headline.GENUINE
    assert nothing.facts.holder == nothing.facts.result == ""
    assert nothing.facts.award == "Bachelor of Science"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"audience": "https://thief.example"}, "not for https://employer.example"),
        ({"nonce": "n-0"}, "does not answer the question"),
        ({"at": NOW - timedelta(days=2)}, "too long ago"),
        ({"at": NOW + timedelta(hours=1)}, "in the future"),
        ({"signer": LocalSigner(key("a thief", "P-256"), "x")}, "signature does not hold"),
    ],
)
def test_a_key_binding_for_others_at_other_times_or_by_others_is_refused(
    town: WalletTown, changes, says: str
) -> None:
    report = town.ask(show(town.issue_claims(), **changes), asked=ASKED)
    assert report.headline is Headline.NOT_GENUINE
    assert says in report.check("holder").sentence


def test_a_record_that_could_be_bound_and_is_not_is_refused_to_whoever_asked(town: WalletTown) -> None:
    text = town.issue_claims()
    assert town.ask(text, asked=ASKED).headline is Headline.NOT_GENUINE
    assert town.ask(text).headline is Headline.GENUINE
    assert town.ask(show(text)).outcome("holder") is Outcome.UNKNOWN
    bearer = town.issue_claims(holder_key=None)
    assert town.ask(bearer, asked=ASKED).outcome("holder") is Outcome.ABSENT


def test_a_binding_by_a_key_that_cannot_be_had_is_no_answer(town: WalletTown) -> None:
    """The issuer names the holder's key by an address, and nothing is found there: nobody knows who sent it."""
    text = town.issue_claims(town.claims(cnf={"kid": "did:web:nobody.example#1"}), holder_key=None)
    report = town.ask(show(text), asked=ASKED)
    assert report.outcome("holder") is Outcome.UNKNOWN
    assert report.headline is Headline.CANNOT_TELL
    assert town.ask(text).headline is Headline.GENUINE


@pytest.mark.parametrize(("who", "headline"), [("መሪማ", Headline.GENUINE), ("a thief", Headline.NOT_GENUINE)])
def test_in_a_presentation_it_is_shown_by_whoever_has_the_holders_key(
    town: WalletTown, who: str, headline: Headline
) -> None:
    private = key(who, "P-256")
    did = f"did:key:{private.public_key.multikey}"
    signer = LocalSigner(private, f"{did}#{private.public_key.multikey}")
    form = VcSdJwt(holder_key=HOLDER.public_key)
    record = envelope(form.secure(write_json(town.school.diploma()), town.school.key, at=GRADUATION))
    presentation = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "holder": did,
        "verifiableCredential": [record],
    }
    asked = VpJwt(audience=ASKED.domain, nonce=ASKED.challenge)
    report = town.ask(asked.secure(write_json(presentation), signer, at=NOW).text, asked=ASKED)
    assert report.own_headline is Headline.GENUINE, report.to_text()
    assert report.inner[0].headline is headline, report.to_text()


def test_what_a_verifier_was_told_of_the_form_is_kept(town: WalletTown) -> None:
    """One who takes P-256 only takes nothing else, whoever is certified."""
    verifier = town.employer()
    strict = replace(
        verifier, formats=dict(verifier.formats) | {"dc+sd-jwt": SdJwtVc(algorithms={"ES256": "P-256"})}
    )
    text = town.issue_claims()
    assert verifier.verify(decode(text), at=NOW).headline is Headline.GENUINE
    assert strict.verify(decode(text), at=NOW).headline is not Headline.GENUINE


def test_a_binding_over_other_disclosures_is_refused_even_unasked(town: WalletTown) -> None:
    parts = parse_sd_jwt(show(town.issue_claims()))
    fewer = SdJwt(parts.token, parts.disclosures[1:], parts.key_binding)
    for asked in (None, ASKED):
        report = town.ask(fewer.text, asked=asked)
        assert report.headline is Headline.NOT_GENUINE
        assert "sd_hash" in report.check("holder").sentence


@pytest.mark.parametrize("fault", ["added", "twice", "changed", "reserved", "swapped"])
def test_disclosures_may_be_dropped_and_never_added_or_changed(town: WalletTown, fault: str) -> None:
    parts = parse_sd_jwt(town.issue_claims())
    one = parts.disclosures[0]
    faults = {
        "added": (*parts.disclosures, make_disclosure("result", "20 of 20", "c2FsdHNhbHRzYWx0c2FsdA").text),
        "twice": (*parts.disclosures, one),
        "changed": (make_disclosure("name", "Thief", "c2FsdHNhbHRzYWx0c2FsdA").text, *parts.disclosures[1:]),
        "reserved": (*parts.disclosures, make_disclosure("_sd", [], "c2FsdHNhbHRzYWx0c2FsdA").text),
        "swapped": (*parts.disclosures, make_disclosure(None, "x", "c2FsdHNhbHRzYWx0c2FsdA").text),
    }
    report = town.ask(SdJwt(parts.token, faults[fault]).text)
    assert report.headline is Headline.NOT_GENUINE
    assert report.outcome("form") is Outcome.FAILED


def test_it_may_not_have_ended_or_not_have_begun(town: WalletTown) -> None:
    ended = town.issue_claims(town.claims(exp=int((NOW - timedelta(days=1)).timestamp())))
    assert town.ask(ended).headline is Headline.EXPIRED
    coming = town.issue_claims(town.claims(nbf=int((NOW + timedelta(days=1)).timestamp())))
    assert town.ask(coming).headline is Headline.NOT_YET_VALID


def test_a_key_for_lists_and_an_issuer_with_a_strange_key_do_not_count(town: WalletTown) -> None:
    lists = town.issue_claims(signer=town.school.status_key, kid="status-1")
    assert town.ask(lists).headline is Headline.NOT_GENUINE
    strange = town.issue_claims(signer=LocalSigner(key("thief"), "x"))
    assert town.ask(strange).headline is Headline.NOT_GENUINE
    other = town.issue_claims(town.claims(iss="https://thief.example"))
    assert town.ask(other).headline is Headline.CANNOT_TELL


def test_metadata_of_another_issuer_or_without_keys_leaves_the_proof_open(town: WalletTown) -> None:
    text = town.issue_claims(town.claims(iss="https://other.example"))
    place = "https://other.example/.well-known/jwt-vc-issuer"
    for page in (b"{}", b"not json", b'{"issuer":"https://thief.example","jwks":{"keys":[]}}', b"[" * 100_000,
                 b'{"issuer":"https://other.example","jwks":{"keys":[]},"jwks_uri":"https://x.example"}'):  # fmt: skip
        town.web.pages[place] = page
        assert town.ask(text).headline is Headline.CANNOT_TELL


# its type


def test_a_type_that_was_signed_for_is_taken_as_it_was(town: WalletTown) -> None:
    raw = town.publish_type(description="as it was")
    text = town.issue_claims(town.claims(**{"vct#integrity": integrity_of(raw)}))
    assert town.ask(text).outcome("schema") is Outcome.PASSED
    town.publish_type(description="as it is now")
    report = town.ask(text)
    assert report.outcome("schema") is Outcome.UNKNOWN
    assert "vct#integrity" in report.check("schema").sentence


@pytest.mark.parametrize("integrity", [["sha256-x"], {"sha256": "x"}, "sha256-x"])
def test_no_type_is_fetched_for_what_nobody_signed(town: WalletTown, integrity: object) -> None:
    town.publish_type()
    token = parse_sd_jwt(town.issue_claims()).token
    jws = parse_jws(token)
    claims = write_json(parse_object(jws.payload.decode()) | {"vct#integrity": integrity})
    signer = LocalSigner(key("nobody"), town.school.key.verification_method)
    report = town.ask(sign_jws(dict(jws.header), claims.encode(), signer) + "~")
    assert (report.headline, report.outcome("schema")) == (Headline.NOT_GENUINE, Outcome.UNKNOWN)
    assert not [url for url in town.web.asked if "/types/" in url]


@pytest.mark.parametrize(
    ("claim", "outcome"),
    [
        ({"path": ["award", "name"], "mandatory": True}, Outcome.PASSED),
        ({"path": ["gpa"], "mandatory": True}, Outcome.UNKNOWN),
        ({"path": ["name"], "sd": "always"}, Outcome.PASSED),
        ({"path": ["award"], "sd": "always"}, Outcome.FAILED),
        ({"path": ["name"], "sd": "never"}, Outcome.FAILED),
        ({"path": ["results", None, "value"], "mandatory": True}, Outcome.PASSED),
        ({"path": ["award", None]}, Outcome.FAILED),
        ({"path": []}, Outcome.UNKNOWN),
    ],
)
def test_claims_are_held_against_their_type(town: WalletTown, claim, outcome: Outcome) -> None:
    town.publish_type(claims=[claim])
    plain = town.issue_claims(decoys=0)
    found = town.ask(plain).outcome("schema")
    if claim == {"path": ["gpa"], "mandatory": True}:
        assert found is Outcome.FAILED  # everything is shown, so it is not there
        assert town.ask(show(plain, lambda each: False), asked=ASKED).outcome("schema") is Outcome.PASSED
    else:
        assert found is outcome


def test_a_type_of_a_thousand_patterns_over_a_thousand_entries_ends_soon(town: WalletTown) -> None:
    """A stranger chooses both the record and its type; together they ask for a hundred million looks."""
    claims = [{"path": ["rows", None, "cells", None], "sd": "allowed"}] * 1000
    town.publish_type(claims=claims)
    rows = [{"cells": list(range(40))} for _ in range(40)]
    began = process_time()
    report = town.ask(town.issue_claims(town.claims(rows=rows)))
    assert process_time() - began < 5
    assert report.outcome("schema") is Outcome.UNKNOWN
    assert "more places" in report.check("schema").sentence


def test_a_type_may_extend_another_and_never_asks_for_less(town: WalletTown) -> None:
    parent = "https://ministry.example/types/award"
    raw = b'{"vct":"%s","claims":[{"path":["award"],"mandatory":true,"sd":"never"}]}' % parent.encode()
    town.web.pages[parent] = raw
    text = town.issue_claims()
    town.publish_type(extends=parent, **{"extends#integrity": integrity_of(raw)})
    assert town.ask(text).outcome("schema") is Outcome.PASSED
    for weaker in ({"mandatory": False, "sd": "never"}, {"mandatory": True, "sd": "allowed"}):
        town.publish_type(extends=parent, claims=[{"path": ["award"], **weaker}])
        assert town.ask(text).outcome("schema") is Outcome.UNKNOWN
    town.publish_type(extends=parent, **{"extends#integrity": integrity_of(b"other")})
    assert town.ask(text).outcome("schema") is Outcome.UNKNOWN
    town.publish_type(extends=town.vct)
    assert "extends more than" in town.ask(text).check("schema").sentence


def test_addresses_that_are_no_https_are_not_opened(town: WalletTown) -> None:
    text = town.issue_claims(town.claims(vct="urn:example:diploma"))
    assert town.ask(text).outcome("schema") is Outcome.ABSENT
    town.publish_type(extends="http://127.0.0.1/types/award")
    town.ask(town.issue_claims())
    assert not any(url.startswith("http://") for url in town.web.asked)


def test_the_holders_key_is_the_one_the_issuer_named(town: WalletTown) -> None:
    other = LocalSigner(key("somebody else", "Ed25519"), "x")
    text = town.issue_claims(holder_key=other.public_key)
    assert town.ask(show(text, signer=HOLDER), asked=ASKED).headline is Headline.NOT_GENUINE
    assert town.ask(show(text, signer=other), asked=ASKED).headline is Headline.GENUINE
    assert town.ask(show(text, signer=other), asked=Audience()).headline is Headline.GENUINE


def test_a_record_for_one_reader_is_not_for_another(town: WalletTown) -> None:
    text = town.issue_claims(town.claims(aud=["https://employer.example"]), holder_key=None)
    assert town.ask(text, asked=ASKED).headline is Headline.GENUINE
    assert town.ask(text, asked=Audience("https://thief.example", "n")).headline is Headline.NOT_GENUINE
    assert town.ask(text).outcome("holder") is Outcome.UNKNOWN
