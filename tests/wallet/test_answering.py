"""The wallet answers a request with what it holds, each time under a key for that relation, and remembers it."""

import pytest

from testamur.openid4vp import RequestRefused, receive_request, send
from testamur.vault import Contents, contents_json, contents_of
from testamur.wallet.answering import candidates_of, form_of_match, offer, prepare, refused
from testamur.wallet.holder_keys import new_key
from testamur.wallet.receiving import receive, receive_documents
from tests.openid4vp.people import VCT, World, dcql
from tests.town import NOW
from tests.wallet.people import sd_jwt_vc


@pytest.fixture
def world() -> World:
    return World()


def holding(world: World) -> Contents:
    contents, key = new_key(Contents(), "https://diplomas.valdoria.example", at=NOW, algorithm="P-256")
    verifier = world.town.employer()
    contents = receive_documents(
        contents, [sd_jwt_vc(world.town.school, key, vct=VCT)], verifier, at=NOW, source="offer"
    ).contents
    return receive(contents, world.town.school.issue().text.encode(), "d.json", verifier, at=NOW).contents


def answered(world: World, contents: Contents, question) -> Contents:
    asked = receive_request(world.employer.ask(question), world.net, world.known(), at=NOW)
    offered = offer(contents, asked, at=NOW)
    contents, made = prepare(offered, offered.matches.first_choice(), at=NOW, why="an application")
    send(made, world.net)
    return contents


def test_what_is_shown_is_in_the_history(world):
    contents = answered(world, holding(world), dcql("dc+sd-jwt"))
    event = contents.history[-1]
    assert (event.act, event.who, event.why) == ("presented", "Hotel Mar", "an application")
    assert "Final grade" in event.shown
    assert "name" not in event.shown
    assert event.more["encrypted"]
    assert contents.contacts[-1].id == world.employer.asker.client_id
    assert world.employer.answers[0].shown[0].is_bound
    assert contents_of(contents_json(contents)) == contents


def test_a_record_that_names_no_key_is_shown_with_a_key_of_this_relation_only(world):
    contents = answered(world, holding(world), dcql("ldp_vc"))
    first = world.employer.answers[0].shown[0]
    assert not first.is_bound
    contents = answered(world, contents, dcql("ldp_vc"))
    assert world.employer.answers[1].shown[0].report.author == first.report.author
    assert len(contents.keys) == 2
    _, others = candidates_of(contents, "somebody else", at=NOW)
    assert others[-1].signer.verification_method.partition("#")[0] != first.report.author


def test_what_nobody_has_is_not_offered(world):
    question = dcql("dc+sd-jwt", meta={"vct_values": ["urn:other"]})
    asked = receive_request(world.employer.ask(question), world.net, world.known(), at=NOW)
    offered = offer(holding(world), asked, at=NOW)
    assert not offered.matches.is_satisfied
    assert offered.matches.first_choice() == {}
    with pytest.raises(RequestRefused):
        prepare(offered, {}, at=NOW)
    contents = refused(offered.contents, asked, RequestRefused("access_denied", "no"), at=NOW)
    assert (contents.history[-1].act, contents.history[-1].who) == ("refused", "Hotel Mar")


def test_the_form_that_would_be_shown_is_known(world):
    asked = receive_request(world.employer.ask(dcql("dc+sd-jwt")), world.net, world.known(), at=NOW)
    offered = offer(holding(world), asked, at=NOW)
    (picked,) = offered.matches.first_choice()["q0"]
    assert form_of_match(offered, picked).format == "dc+sd-jwt"
    assert offered.warnings({"q0": (picked,)})
