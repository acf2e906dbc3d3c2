"""Two wallets that others wrote take records from the desk in each form, and are refused what they may not have."""

import json
from pathlib import Path

import pytest

from testamur.checks import Headline
from testamur.issuer.claiming import endpoints
from testamur.openid4vci import FORMATS, Asked, CredentialIssuer, Reply
from testamur.proofs import decode
from testamur.store.claims import offers
from tests.issuer.claiming.schools import Claimed
from tests.issuer.claiming.test_pages import verified
from tests.npm import installed, run_script

pytestmark = [pytest.mark.slow, pytest.mark.system]
SCRIPTS = Path(__file__).parents[2] / "openid4vci" / "npm"
MISUSES = {
    "nonce": "invalid_nonce",
    "audience": "invalid_proof",
    "key": "invalid_proof",
    "replay": "invalid_grant",
    "tx_code": "invalid_grant",
}


@pytest.fixture(scope="module")
def place() -> Path:
    return installed(SCRIPTS)


def task(school: Claimed, name: str = "dc+sd-jwt", **more: object) -> dict[str, object]:
    made = school.offer(1)
    return {
        "offer": school.reference(made, by_code="back" in more),
        "link": made.link,
        "txCode": made.code,
        "format": name,
        "configuration": f"diploma_{name.replace('+', '_')}",
        "did": not name.endswith("+sd-jwt"),
        **more,
    }


def check_taken(school: Claimed, asked: list[dict[str, object]], answers: list[dict[str, object]]) -> None:
    for said, answer in zip(asked, answers, strict=True):
        assert "thrown" not in answer, (said["configuration"], answer)
        (credential,) = answer["credentials"]
        text = credential if isinstance(credential, str) else json.dumps(credential)
        report = verified(school, decode(text.encode()))
        assert report.headline is Headline.GENUINE, report.to_text()
        assert report.facts.holder == "សុខា សុខ"
        with school.claims.reading() as connection:
            assert offers.by_link(connection, said["link"]).state == "taken"


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The errors that the desk answers with, in their order."""
    errors: list[str] = []
    known = endpoints.respond

    def listening(issuer: CredentialIssuer, name: str, asked: Asked) -> Reply:
        reply = known(issuer, name, asked)
        if reply.status >= 400:
            errors.append(str((reply.document or {}).get("error")))
        return reply

    monkeypatch.setattr(endpoints, "respond", listening)
    return errors


def check_refused(place: Path, script: str, asked: list[dict[str, object]], refused: list[str]) -> None:
    for said in asked:
        refused.clear()
        (answer,) = run_script(place, script, [said])
        assert "thrown" in answer, said
        expected = MISUSES[str(said["misuse"])]
        assert refused == [expected] * (6 if said["misuse"] == "tx_code" else 1), (said["misuse"], answer)


def misused(school: Claimed, **more: object) -> list[dict[str, object]]:
    wrong = {"tx_code": {"wrong": 5}}
    return [task(school, misuse=name, **more, **wrong.get(name, {})) for name in MISUSES]


def test_openid4vc_takes_every_form_by_both_grants(school: Claimed, place: Path) -> None:
    asked = [task(school, name, dpop=name == "ldp_vc") for name in FORMATS]
    asked += [task(school, name, back="https://wallet.example/back", dpop=True) for name in FORMATS]
    check_taken(school, asked, run_script(place, "openid4vc.mjs", asked))


def test_openid4vc_is_refused_what_it_may_not_have(school: Claimed, place: Path, refused: list[str]) -> None:
    check_refused(place, "openid4vc.mjs", misused(school), refused)


def test_openid4vc_cannot_exchange_a_code_without_its_verifier(school: Claimed, place: Path) -> None:
    asked = [task(school, back="https://wallet.example/back", misuse="pkce")]
    (answer,) = run_script(place, "openid4vc.mjs", asked)
    assert answer["error"] == "invalid_grant"


def test_a_proof_that_was_used_is_not_taken_again(school: Claimed, place: Path) -> None:
    (answer,) = run_script(place, "openid4vc.mjs", [task(school, misuse="proof again")])
    assert answer["error"] == "invalid_nonce"


def test_sphereon_takes_every_form(school: Claimed, place: Path) -> None:
    asked = [task(school, name) for name in FORMATS]
    check_taken(school, asked, run_script(place, "sphereon.mjs", asked))


def test_sphereon_is_refused_what_it_may_not_have(school: Claimed, place: Path, refused: list[str]) -> None:
    check_refused(place, "sphereon.mjs", misused(school), refused)
