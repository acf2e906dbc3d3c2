"""A thief with a copy of somebody's record, a link that is no address, a question that would take for ever."""

import time

import pytest

from testamur.jsontext import write_json
from testamur.openid4vp import Candidate, RequestRefused, ResponseRefused, check_response, match, read_query
from testamur.openid4vp import receive_request as receive
from testamur.presenting import Asked, present
from testamur.proofs import SecuredDocument, VcJwt, sign_jws
from testamur.times import to_epoch
from tests.openid4vp.people import HOLDER, THIEF, World, dcql
from tests.town import GRADUATION, NOW


@pytest.fixture
def world() -> World:
    found = World()
    found.employer.encrypt = False
    return found


def name_of(signer) -> str:
    return signer.verification_method.partition("#")[0]


def old_vp(world: World, *records: str, signer=THIEF) -> str:
    """A presentation as VCDM 1.1 has it in a JWT, for the question that is open."""
    holder = name_of(signer)
    inner = {
        "@context": ["https://www.w3.org/2018/credentials/v1"],
        "type": ["VerifiablePresentation"],
        "holder": holder,
        "verifiableCredential": list(records),
    }
    claims = {
        "iss": holder,
        "aud": world.employer.asker.client_id,
        "nonce": world.employer.asked.nonce,
        "iat": to_epoch(NOW),
        "vp": inner,
    }
    header = {"typ": "JWT", "kid": signer.verification_method}
    return sign_jws(header, write_json(claims).encode(), signer)


def checked(world: World, token: str):
    asked = world.employer.asked
    form = {"vp_token": write_json({"q0": [token]}), "state": asked.state}
    expected = asked.expected(world.employer.asker.client_id)
    return check_response(form, expected, world.town.employer(), at=NOW)


def test_a_copied_sd_jwt_is_not_shown_in_a_presentation_of_the_thief(world):
    world.employer.ask(dcql("dc+sd-jwt"))
    with pytest.raises(ResponseRefused, match="no presentation"):
        checked(world, old_vp(world, world.records()[0].document.text))


def test_a_copied_token_with_its_holders_key_is_not_shown_by_the_thief(world):
    world.employer.ask(dcql("jwt_vc_json"))
    bound = world.town.school.diploma(index=9) | {"cnf": {"jwk": HOLDER.public_key.jwk}}
    record = VcJwt().secure(write_json(bound), world.town.school.key, at=GRADUATION)
    asked = Asked(world.employer.asker.client_id, world.employer.asked.nonce)
    with pytest.raises(ResponseRefused, match="not signed it"):
        checked(world, present([record], THIEF, form="vp+jwt", asked=asked, at=NOW).text)


@pytest.mark.parametrize("signer", [HOLDER, THIEF], ids=["holder", "thief"])
def test_the_claim_sub_names_the_holder_where_the_document_does_not(world, signer):
    world.employer.ask(dcql("jwt_vc_json"))
    school = world.town.school
    record = school.diploma(index=9)
    record["@context"] = ["https://www.w3.org/2018/credentials/v1", *record["@context"][1:]]
    record["issuanceDate"] = record.pop("validFrom")
    record.pop("credentialStatus")
    record["credentialSubject"].pop("id", None)
    claims = {
        "iss": name_of(school.key),
        "sub": name_of(HOLDER),
        "nbf": to_epoch(GRADUATION),
        "jti": record["id"],
        "vc": record,
    }
    header = {"typ": "JWT", "kid": school.key.verification_method}
    text = old_vp(world, sign_jws(header, write_json(claims).encode(), school.key), signer=signer)
    if signer is HOLDER:
        (shown,) = checked(world, text).shown
        assert (shown.is_bound, shown.report.headline) == (True, "genuine")
        return
    with pytest.raises(ResponseRefused, match="not its holder"):
        checked(world, text)


@pytest.mark.parametrize(
    "text",
    [
        "openid4vp://[x?client_id=a",
        "openid4vp://?client_id=redirect_uri:https://[&response_uri=https://[&response_mode=direct_post"
        "&response_type=vp_token&nonce=aaaaaaaaaaaaaaaaaaaa",
    ],
)
def test_an_address_that_is_none_is_refused(world, text):
    with pytest.raises(RequestRefused):
        receive(text, world.net, world.known(), at=NOW)


def test_a_large_question_about_a_large_record_takes_a_moment():
    claims = [
        {"id": f"c{n}", "path": ["a", None, None], "values": list(range(1000, 1064))} for n in range(64)
    ]
    every = [f"c{n}" for n in range(64)]
    asked = {
        "id": "q",
        "format": "dc+sd-jwt",
        "meta": {"vct_values": ["v"]},
        "claims": claims,
        "claim_sets": [every[n:] + every[:n] for n in range(64)],
    }
    said = {"vct": "v", "a": [list(range(1000, 1040)) for _ in range(50)]}
    one = Candidate("v", SecuredDocument("", "", "dc+sd-jwt", said), said, HOLDER)
    began = time.monotonic()
    (found,) = match(read_query({"credentials": [asked]}), [one]).found["q"]
    assert len(found.places) == 2000
    assert time.monotonic() - began < 10
