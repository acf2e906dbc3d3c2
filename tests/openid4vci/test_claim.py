"""A learner's wallet takes a record, in every form and by both grants; the record then verifies as genuine."""

import pytest

from testamur.checks import Headline
from testamur.jsontext import parse_object
from testamur.openid4vci import (
    FORMATS,
    Denial,
    agree,
    ask,
    begin,
    finish,
    look_up,
    notify,
    read_offer,
    redeem,
    waiting,
)
from testamur.store.claims import offers, taking
from tests.openid4vci.world import World, a_key, link_of

NAMES = {name: f"diploma_{name.replace('+', '_')}" for name in FORMATS}


def claimed(world: World, name: str, *, code: bool = True, line=None, key=None, **options):
    made = world.offer(code=code)
    line = line or world.line()
    offer = read_offer(link_of(made), world.loop)
    issuer = look_up(offer.credential_issuer, world.loop, offer=offer)
    access = redeem(issuer, offer, line, tx_code=made.code, at=world.now)
    received = ask(issuer, access, NAMES[name], [key or a_key()], line, at=world.now, **options)
    return made, issuer, access, received


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("algorithm", ["P-256", "Ed25519"])
def test_a_record_is_taken_in_each_form_and_verifies_as_genuine(
    world: World, name: str, algorithm: str
) -> None:
    key = a_key(algorithm)
    made, _, _, received = claimed(world, name, key=key)
    (record,) = received.records
    assert record.format in (name, "ob_jwt")
    report = world.town.employer().verify(record, at=world.now)
    assert report.headline is Headline.GENUINE, report.to_text()
    facts = report.facts
    assert (facts.holder, facts.award) == ("ሰላም ተስፋዬ", "Bachelor of Science")
    kept = world.ledger.get(made.record_id)
    assert {form.name for form in kept.forms} == {"full", name}  # type: ignore[union-attr]
    assert kept.form(name).text == record.text  # type: ignore[union-attr]
    assert kept.form(name).digest in set(world.ledger.digests(world.town.school.did))


@pytest.mark.parametrize("name", ["ldp_vc", "jwt_vc_json"])
def test_a_form_without_bare_keys_names_its_holder_by_a_did(world: World, name: str) -> None:
    key = a_key()
    made, _, _, received = claimed(world, name, key=key)
    text = received.records[0].text
    document = parse_object(text) if name == "ldp_vc" else received.records[0].claims
    assert f"did:key:{key.public_key.multikey}" in str(document)
    assert made.record_id in str(document)


def test_the_record_keeps_its_id_and_its_place_in_the_status_list(world: World) -> None:
    made, _, _, received = claimed(world, "ldp_vc")
    document = parse_object(received.records[0].text)
    full = parse_object(world.ledger.get(made.record_id).form("full").text)  # type: ignore[union-attr]
    assert document["id"] == full["id"] == made.record_id
    assert document["credentialStatus"] == full["credentialStatus"]


def test_the_code_flow_brings_the_same(world: World) -> None:
    made = world.offer(code=True)
    line = world.line(dpop_key=a_key())
    offer = read_offer(link_of(made, by_code=True), world.loop)
    issuer = look_up(offer.credential_issuer, world.loop, offer=offer)
    started = begin(
        issuer, offer, line, client_id="wallet", redirect_uri="org.wallet.app://back", at=world.now,
        configuration_ids=[NAMES["dc+sd-jwt"]],
    )  # fmt: skip
    request_uri = line_query(started.url)["request_uri"]
    asked = waiting(world.issuer, request_uri, "wallet", world.now)
    assert asked.wallet == "org.wallet.app"
    assert agree(world.issuer, asked, "000000" if made.code != "000000" else "1", world.now) == ""
    back = agree(world.issuer, asked, made.code, world.now)
    access = finish(issuer, started, line, back, at=world.now)
    assert access.identifiers == {NAMES["dc+sd-jwt"]: (NAMES["dc+sd-jwt"] + ".1",)}
    received = ask(issuer, access, NAMES["dc+sd-jwt"], [a_key()], line, at=world.now)
    assert world.town.employer().verify(received.records[0], at=world.now).headline is Headline.GENUINE
    with pytest.raises(Denial) as again:  # the browser's address bar still has the code
        finish(issuer, started, line, back, at=world.now)
    assert again.value.error == "invalid_grant"


def line_query(url: str) -> dict[str, str]:
    from urllib.parse import parse_qsl, urlsplit

    return dict(parse_qsl(urlsplit(url).query))


def test_a_record_for_each_of_several_keys_comes_at_once(world: World) -> None:
    keys = [a_key() for _ in range(3)]
    made = world.offer()
    offer = read_offer(link_of(made), world.loop)
    issuer = look_up(offer.credential_issuer, world.loop)
    access = redeem(issuer, offer, world.line(), at=world.now)
    received = ask(issuer, access, NAMES["dc+sd-jwt"], keys, world.line(), at=world.now)
    bound = [record.claims["cnf"]["jwk"] for record in received.records]
    assert bound == [key.public_key.jwk for key in keys]
    assert len({record.text for record in received.records}) == 3


def test_who_lost_the_answer_asks_again_and_is_given_the_same_record(world: World) -> None:
    key = a_key()
    made, issuer, access, first = claimed(world, "ldp_vc", key=key)
    again = ask(issuer, access, NAMES["ldp_vc"], [key], world.line(), at=world.now)
    assert [record.text for record in again.records] == [record.text for record in first.records]
    assert len(world.ledger.get(made.record_id).forms) == 2  # type: ignore[union-attr]
    with pytest.raises(Denial) as other:
        ask(issuer, access, NAMES["ldp_vc"], [a_key()], world.line(), at=world.now)
    assert other.value.error == "credential_request_denied"


def test_the_wallet_reports_and_the_desk_reads_it(world: World) -> None:
    made, issuer, access, received = claimed(world, "dc+sd-jwt")
    for _ in range(2):  # the same said twice is nothing new
        notify(issuer, access, received, "credential_accepted", world.line(), at=world.now)
    entry = world.entry(made.link)
    assert (entry.state, entry.taken) == ("taken", world.now)
    with world.claims.reading() as connection:
        assert [each.event for each in taking.notices(connection, entry.id)] == ["credential_accepted"]
        assert offers.of_record(connection, made.record_id) == [entry]


def test_request_and_answer_are_encrypted_when_the_issuer_can(world: World) -> None:
    claimed(world, "dc+sd-jwt")
    url, body, _ = world.loop.sent[-1]
    assert url.endswith("/credential")
    assert body.count(b".") == 4


def test_a_restart_on_the_way_loses_nothing(world: World) -> None:
    made = world.offer(code=True)
    offer = read_offer(link_of(made), world.loop)
    issuer = look_up(offer.credential_issuer, world.loop)
    world.issuer = world.make_issuer(world.issuer.rules)
    access = redeem(issuer, offer, world.line(), tx_code=made.code, at=world.now)
    world.issuer = world.make_issuer(world.issuer.rules)
    issuer = look_up(offer.credential_issuer, world.loop)
    assert ask(issuer, access, NAMES["dc+sd-jwt"], [a_key()], world.line(), at=world.now).records
