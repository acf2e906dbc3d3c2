"""The claim page as a learner meets it, and the endpoints beside it, over HTTP."""

from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest

from testamur.checks import Headline
from testamur.did import Resolver
from testamur.fetch import Mirror, NoNetwork
from testamur.issuer.claiming.counters import Counters
from testamur.jsontext import parse_object
from testamur.keys import PrivateKey
from testamur.openid4vci import FORMATS, Denial, Line, ask, begin, finish, look_up, notify, redeem
from testamur.store.claims import offers, taking
from testamur.verifying import Verifier
from tests.issuer.claiming.schools import Claimed, claimed_school
from tests.issuer.desk.offices import Browser

DC = "diploma_dc_sd-jwt"


def verified(school: Claimed, record):
    home = school.office.school("valdoria").home
    mirror = Mirror(home.folder.parent / "site", NoNetwork())
    return Verifier(Resolver(mirror), mirror, [home.trust()]).verify(record, at=school.now())


def opened(school: Claimed, number: int = 0, language: str = "en"):
    made = school.offer(number)
    browser = Browser(school.served, language=language)
    assert browser.post(school.page(made), {"code": made.code}).status == 303
    return made, browser, browser.get(school.page(made))


def test_without_the_code_the_page_says_nothing_of_the_record(school: Claimed) -> None:
    made = school.offer(1)
    page = school.served.get(school.page(made), accept="text/html")
    assert page.status == 200
    assert page.headers["cache-control"] == "no-store"
    record = school.records[1]
    for said in (record.holder, record.holder_latin, record.number, record.award, record.id, made.code):
        assert said not in page.text
    for path in ("record.json", "record.pdf", "badge.png", "wallet.svg"):
        assert school.served.get(f"{school.page(made)}/{path}").status == 404


def test_with_the_code_the_learner_sees_and_downloads_the_record(school: Claimed) -> None:
    made, browser, page = opened(school, 1)
    for said in ("សុខា សុខ", "Sokha Sok", "V-2", "2026-07-03", "Valid"):
        assert said in page.text
    assert "openid-credential-offer://?credential_offer_uri=" in page.text
    found = parse_object(browser.get(f"{school.page(made)}/record.json").body)
    assert found["id"] == school.records[1].id
    assert browser.get(f"{school.page(made)}/record.pdf").body.startswith(b"%PDF")
    assert browser.get(f"{school.page(made)}/badge.png").body.startswith(b"\x89PNG")
    assert b"<svg" in browser.get(f"{school.page(made)}/wallet.svg").body
    assert browser.get(f"{school.page(made)}/other").status == 404


def test_a_code_in_other_digits_and_with_spaces_is_the_same_code(school: Claimed) -> None:
    made = school.offer()
    typed = made.code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert Browser(school.served).post(school.page(made), {"code": f"{typed[:3]} {typed[3:]}"}).status == 303


def test_one_page_does_not_open_another(school: Claimed) -> None:
    _, browser, _ = opened(school, 0)
    other = school.offer(1)
    assert school.records[1].holder not in browser.get(school.page(other)).text
    assert browser.get(f"{school.page(other)}/record.json").status == 404


def test_five_wrong_codes_lock_the_link_and_the_page_says_so(school: Claimed) -> None:
    made = school.offer()
    wrong = "000000" if made.code != "000000" else "111111"
    browser = Browser(school.served)
    for _ in range(4):
        assert browser.post(school.page(made), {"code": wrong}).status == 403
    answer = browser.post(school.page(made), {"code": wrong})
    assert (answer.status, "locked" in answer.text) == (410, True)
    assert browser.post(school.page(made), {"code": made.code}).status == 410
    with pytest.raises(Exception, match="410"):
        school.opened(made)


def test_withdrawn_and_expired_links_are_explained_as_what_they_are(school: Claimed) -> None:
    made = school.offer()
    with school.claims.writing() as connection:
        entry = offers.by_link(connection, made.link)
        assert offers.withdraw(connection, [entry.id], who="test", at=school.now()) == 1
    page = school.served.get(school.page(made), accept="text/html")
    assert (page.status, "withdrawn this link" in page.text) == (410, True)
    short = school.offer(lifetime=timedelta(days=2))
    school.moved = timedelta(days=3)
    page = school.served.get(school.page(short), accept="text/html")
    school.moved = timedelta()
    assert (page.status, "good until" in page.text) == (410, True)


def test_a_link_of_another_school_or_of_nobody_is_not_there(school: Claimed) -> None:
    made = school.offer()
    for path in (f"/claim/other/{made.link}", "/claim/valdoria/nothing", f"/claims/other/offers/{made.link}"):
        assert school.served.get(path).status == 404


def test_a_correction_request_arrives_at_the_desk(school: Claimed) -> None:
    made, browser, _ = opened(school, 2)
    path = f"{school.page(made)}/correction"
    for number in range(7):
        answer = browser.post(path, {"text": f"اسمي فاطمة {number}"})
        assert answer.status == 303
    assert "several requests" in browser.follow(answer).text
    with school.claims.reading() as connection:
        found = taking.wishes(connection, school.office.school("valdoria").did, record_id=made.record_id)
    assert [wish.text for wish in found] == [f"اسمي فاطمة {number}" for number in range(5)]
    assert school.served.post(path, "text=x", "application/x-www-form-urlencoded").status == 403


@pytest.mark.parametrize("language", ["ar", "es", "fr", "hi", "pt"])
def test_the_page_speaks_the_readers_language(school: Claimed, language: str) -> None:
    _, _, page = opened(school, 0, language)
    assert f'lang="{language}"' in page.text
    assert ('dir="rtl"' in page.text) is (language == "ar")
    assert "Take it into your wallet" not in page.text


@pytest.mark.parametrize("name", FORMATS)
def test_a_wallet_takes_the_record_over_http(school: Claimed, name: str) -> None:
    made = school.offer(1)
    offer = school.opened(made)
    issuer = look_up(offer.credential_issuer, school.fetch, offer=offer)
    line = Line(school.fetch, dpop_key=PrivateKey.generate("P-256"))
    access = redeem(issuer, offer, line, tx_code=made.code, at=school.now())
    wanted = f"diploma_{name.replace('+', '_')}"
    received = ask(issuer, access, wanted, [PrivateKey.generate("P-256")], line, at=school.now())
    report = verified(school, received.records[0])
    assert report.headline is Headline.GENUINE, report.to_text()
    notify(issuer, access, received, "credential_accepted", line, at=school.now())
    page = Browser(school.served)
    page.post(school.page(made), {"code": made.code})
    assert "It is in your wallet" in page.get(school.page(made)).text


def test_the_code_flow_over_http_with_the_learners_consent(school: Claimed) -> None:
    made = school.offer(0)
    offer = school.opened(made, by_code=True)
    issuer = look_up(offer.credential_issuer, school.fetch)
    line = Line(school.fetch, dpop_key=PrivateKey.generate("P-256"))
    begun = begin(
        issuer, offer, line, client_id="w", redirect_uri="https://wallet.example/cb", at=school.now()
    )
    path = begun.url.removeprefix(school.url)
    browser = Browser(school.served)
    page = browser.get(path)
    assert "wallet.example" in page.text
    assert "form-action 'self' https://wallet.example" in page.headers["content-security-policy"]
    assert browser.post(path, {"answer": "yes", "code": "1"}).status == 403
    back = browser.post(path, {"answer": "yes", "code": made.code})
    assert back.status == 303
    access = finish(issuer, begun, line, back.headers["location"], at=school.now())
    assert ask(issuer, access, DC, [PrivateKey.generate("P-256")], line, at=school.now()).records
    assert browser.get(path).status == 400  # it was used


def test_a_learner_may_decline(school: Claimed) -> None:
    made = school.offer(0)
    offer = school.opened(made, by_code=True)
    issuer = look_up(offer.credential_issuer, school.fetch)
    line = Line(school.fetch)
    begun = begin(
        issuer, offer, line, client_id="w", redirect_uri="https://wallet.example/cb", at=school.now()
    )
    back = Browser(school.served).post(begun.url.removeprefix(school.url), {"answer": "no"})
    assert dict(parse_qsl(urlsplit(back.headers["location"]).query))["error"] == "access_denied"
    with pytest.raises(Denial, match="left"):
        finish(issuer, begun, line, back.headers["location"], at=school.now())


def test_metadata_lie_where_the_final_text_has_them_and_are_signed_on_request(school: Claimed) -> None:
    path = "/.well-known/openid-credential-issuer/claims/valdoria"
    document = school.served.get(path).json
    assert document["credential_issuer"] == f"{school.url}/claims/valdoria"
    shown = document["credential_configurations_supported"][DC]["credential_metadata"]["display"]
    assert {each["locale"] for each in shown} == {"ar", "en", "es", "fr", "hi", "pt"}
    signed = school.served.get(path, accept="application/jwt")
    assert signed.headers["content-type"] == "application/jwt"
    from testamur.proofs import parse_jws, verify_jws

    jws = parse_jws(signed.text)
    key = school.office.school("valdoria").signer().public_key
    verify_jws(jws, key)
    claims = parse_object(jws.payload)
    assert claims["sub"] == claims["credential_issuer"] == document["credential_issuer"]
    assert jws.header["typ"] == "openidvci-issuer-metadata+jwt"
    server = school.served.get("/.well-known/oauth-authorization-server/claims/valdoria").json
    assert server["require_pushed_authorization_requests"] is True


@pytest.mark.parametrize("name", ["token", "credential", "par", "notification", "deferred_credential"])
@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"[" * 5000, b"{}", b'{"a":1e999}', b"a=b&" * 50])
def test_nonsense_is_answered_with_an_error_of_oauth(school: Claimed, name: str, body: bytes) -> None:
    for kind in ("application/json", "application/x-www-form-urlencoded", "application/jwt", "text/plain"):
        answer = school.served.post(f"/claims/valdoria/{name}", body, kind)
        assert answer.status in (400, 401)
        assert answer.json["error"]


def test_a_body_that_is_too_long_is_refused(school: Claimed) -> None:
    assert school.served.post("/claims/valdoria/credential", b"x" * 500_000, "application/json").status == 413
    assert school.served.post("/claims/valdoria/other", b"", "application/json").status == 404


def test_a_desk_without_the_passphrase_hands_out_later(tmp_path) -> None:
    with claimed_school(tmp_path, passphrase="") as school:
        made = school.offer(0, code=False)
        offer = school.opened(made)
        issuer = look_up(offer.credential_issuer, school.fetch)
        line = Line(school.fetch)
        access = redeem(issuer, offer, line, at=school.now())
        received = ask(issuer, access, DC, [PrivateKey.generate("P-256")], line, at=school.now())
        assert received.transaction_id
        from testamur.openid4vci import collect

        again = collect(issuer, access, received.transaction_id, line, at=school.now())
        assert (again.transaction_id, again.interval) == (received.transaction_id, 5)


def test_names_that_strangers_give_the_desk_do_not_fill_its_memory(
    school: Claimed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("testamur.issuer.claiming.counters._MOST", 3)
    counters = Counters(school.office)
    for number in range(10):
        issuer = counters.issuer("valdoria", f"http://desk-{number}.example")
        assert issuer is not None
        counters.metadata(issuer)
    assert len(counters._made) <= 3
    assert len(counters._told) <= 3
    counters.close()
