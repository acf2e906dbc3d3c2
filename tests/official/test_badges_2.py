"""Open Badges 2.0: 1EdTech's samples are taken over as history that nobody signed."""

import json
from pathlib import Path

import pytest

from testamur.credentials import check_rules, check_schema, facts, from_badge_2
from testamur.errors import EvidenceUnusable, Malformed
from testamur.issuer.old_badges import read_assertion
from testamur.jsonld import canonize
from tests.town import NOW, Town, Web
from tests.vectors_home import vectors

pytestmark = pytest.mark.official

USUAL = (
    "basic-assertion", "basic-assertion-expired", "basic-assertion-in-future", "basic-assertion-no-public-key",
    "assertion-with-endorsements", "basic-assertion-with-allowed-origins-valid-starts-with",
)  # fmt: skip


def home() -> Path:
    return vectors("open-badges-2.0") / "validator" / "ob20"


def web() -> Web:
    pages = Web()
    for path in (home() / "assets").glob("*.json"):
        for scheme in ("http", "https"):
            pages.pages[f"{scheme}://example.org/{path.name}"] = path.read_bytes()
    return pages


@pytest.mark.parametrize("name", USUAL)
def test_an_assertion_becomes_a_badge_of_today_that_breaks_no_rule_and_has_no_proof(name: str) -> None:
    document = from_badge_2(read_assertion(home() / f"{name}.json", fetch=web()))
    assert check_rules(document) == check_schema(document) == []
    assert canonize(document)
    assert facts(document).award in ("Awesome Robotics Badge", "Example Badge")
    assert "unverified history" in document["description"]
    assert "proof" not in document


def test_history_is_never_taken_for_a_record() -> None:
    from testamur.proofs import decode

    document = from_badge_2(read_assertion(home() / "basic-assertion.json", fetch=web()))
    report = Town().employer().verify(decode(json.dumps(document)), at=NOW)
    assert report.headline == "not_genuine"


def test_a_baked_picture_and_a_signed_token_are_read_too() -> None:
    for name in ("simple-badge.png", "simple.jwt"):
        assert from_badge_2(read_assertion(home() / name, fetch=web()))["type"][1] == "OpenBadgeCredential"


@pytest.mark.parametrize("name", ["basic-assertion-invalid-context", "basic-assertion-invalid-type"])
def test_what_is_no_assertion_is_refused(name: str) -> None:
    with pytest.raises(Malformed, match="this is no Open Badges"):
        from_badge_2(read_assertion(home() / f"{name}.json", fetch=web()))


def test_what_lies_nowhere_any_more_is_named() -> None:
    with pytest.raises(EvidenceUnusable, match="robotics-badge"):
        read_assertion(home() / "basic-assertion.json", fetch=Web())


def test_what_an_assertion_lacks_is_named() -> None:
    assertion = read_assertion(home() / "basic-assertion.json", fetch=web())
    for member, reason in (("recipient", "whose badge"), ("issuedOn", "issuedOn"), ("badge", "badge class")):
        with pytest.raises(Malformed, match=reason):
            from_badge_2({name: value for name, value in assertion.items() if name != member})
