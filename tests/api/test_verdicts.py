"""What the verifier's answer makes of a report: never more than the report does."""

from testamur.api.app import make_app, make_parts, make_server
from testamur.api.settings import read_settings
from testamur.checks import Headline
from testamur.jsontext import parse_object, write_json
from testamur.proofs import VcJwt, VpJwt, envelope
from testamur.vcalm import Access
from testamur.vcalm.signing_key import new_did_key
from testamur.verifier.api.instance import Asked
from testamur.verifier.api.verdicts import is_verified
from tests.town import NOW, Town
from tests.verifier.asgi import ask

CREDENTIAL = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "type": ["VerifiableCredential"],
    "credentialSubject": {"id": "did:example:learner"},
}


def badge(town, number, **changes):
    return parse_object(town.school.issue(town.school.diploma(index=number, **changes)).text)


def test_a_record_that_holds_somebody_elses_badge_is_not_verified():
    town = Town()
    held = [badge(town, 1), badge(town, 2, name="አበበ በቀለ", latin="Abebe Bekele")]
    for badges, expected in ((held[:1], True), (held, False)):
        report = town.employer().verify(town.school.issue(town.school.clr(badges)), at=NOW)
        assert (report.headline is Headline.GENUINE) is expected
        assert is_verified(report, Asked(), ()) is expected


def test_a_presentation_in_an_envelope_does_not_pass_as_one_without_a_proof(tmp_path):
    config = tmp_path / "api.toml"
    config.write_text('[verifiers.check]\ntrust = "any"\nauthentication = "none"\n', encoding="utf-8")
    settings, access = read_settings(config), Access(())
    server = make_server(settings, "http://127.0.0.1", None)
    app = make_app(settings, server, make_parts(settings, server, access), access)
    signer = new_did_key("Ed25519")
    did = signer.verification_method.partition("#")[0]
    credential = CREDENTIAL | {"issuer": did}
    presentation = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "holder": did,
        "verifiableCredential": [envelope(VcJwt().secure(write_json(credential), signer, at=NOW))],
    }
    signed = envelope(VpJwt().secure(write_json(presentation), signer, at=NOW))
    forged = signed | {"id": f"{signed['id'][:-8]}AAAAAAAA"}

    def answer(name, document):
        body = write_json({name: document}).encode()
        return ask(app, "POST", "/instances/check/presentations/verify", body=body, host="127.0.0.1")

    assert answer("verifiablePresentation", signed).json["verified"] is True, answer(
        "verifiablePresentation", signed
    ).body
    assert answer("verifiablePresentation", forged).json["verified"] is False
    assert answer("presentation", forged).status == 400
