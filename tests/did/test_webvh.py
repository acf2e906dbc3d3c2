"""What a history is for: keys come and go, places change, and what was signed in their days stays good."""

from datetime import datetime, timedelta

import pytest

from testamur.checks import Headline
from testamur.did import Resolver, log_url, witness_url
from testamur.errors import EvidenceUnusable, KeyNotAuthorized, Unsupported
from testamur.jsontext import write_json
from testamur.keys import VerificationMethod
from testamur.proofs import DataIntegrity, SecuredDocument
from testamur.times import write_instant
from testamur.trust import PinnedTrust, TrustedIssuer, TrustedMethod, all_pins
from testamur.verifying import Verifier
from tests.did.histories import FOUNDED, TODAY, Ministry, signing_key, update_key, witness_proof
from tests.town import Town, Web

FIRST_DAY = FOUNDED + timedelta(hours=1)


@pytest.fixture
def web() -> Web:
    return Web(now=TODAY)


@pytest.fixture
def ministry() -> Ministry:
    return Ministry()


def asked(web: Web, ministry: Ministry, name: str, at: datetime | None, *, under: str = "") -> str:
    """The version in which a key of the ministry is found."""
    did = under or ministry.did
    method = Resolver(web).method(f"{did}#{name}", "assertionMethod", at)
    assert method.controller == did
    return method.version.split("-")[0]


def test_a_key_that_was_taken_out_is_good_for_its_days(web: Web, ministry: Ministry) -> None:
    ministry.keys = {"key-2": {}}
    ministry.update()
    ministry.publish(web)
    assert asked(web, ministry, "key-1", FIRST_DAY) == "1"
    assert asked(web, ministry, "key-2", TODAY) == "2"
    with pytest.raises(KeyNotAuthorized):
        asked(web, ministry, "key-1", TODAY)
    with pytest.raises(KeyNotAuthorized):
        asked(web, ministry, "key-1", None)


def test_a_key_that_signed_before_it_was_published_is_found_in_the_newest(
    web: Web, ministry: Ministry
) -> None:
    ministry.keys["key-2"] = {}
    ministry.update()
    ministry.publish(web)
    assert asked(web, ministry, "key-2", FIRST_DAY) == "2"


def test_a_name_that_two_keys_had_means_the_one_of_the_day(web: Web, ministry: Ministry) -> None:
    state = ministry.state(ministry.did)
    state["verificationMethod"][0]["publicKeyMultibase"] = signing_key("another").public_key.multikey
    ministry.update(state)
    ministry.publish(web)
    resolver = Resolver(web)
    then = resolver.method(f"{ministry.did}#key-1", "assertionMethod", FIRST_DAY)
    now = resolver.method(f"{ministry.did}#key-1", "assertionMethod", TODAY)
    assert then.public_key == signing_key("key-1").public_key
    assert now.public_key == signing_key("another").public_key


def test_a_key_once_reported_stays_compromised_even_where_it_is_taken_out(
    web: Web, ministry: Ministry
) -> None:
    stolen = ministry.moment()
    ministry.keys = {"key-1": {"revoked": stolen}, "key-2": {}}
    ministry.update()
    ministry.keys = {"key-2": {}}
    ministry.update()
    ministry.publish(web)
    method = Resolver(web).method(f"{ministry.did}#key-1", "assertionMethod", FIRST_DAY)
    assert method.revoked == stolen


def test_a_retired_key_is_refused_after_its_end_in_whichever_version(web: Web, ministry: Ministry) -> None:
    ministry.keys = {"key-1": {"expires": FOUNDED + timedelta(minutes=5)}}
    ministry.update()
    ministry.publish(web)
    with pytest.raises(KeyNotAuthorized):
        asked(web, ministry, "key-1", FIRST_DAY)
    assert asked(web, ministry, "key-1", FOUNDED + timedelta(minutes=1)) == "1"


def test_a_did_that_moved_is_found_under_both_its_names(web: Web, ministry: Ministry) -> None:
    old = ministry.did
    ministry.move("did:web:education.example:dids")
    for name in (old, ministry.did):
        ministry.publish(web, under=name)
    assert asked(web, ministry, "key-1", FIRST_DAY, under=old) == "1"
    assert asked(web, ministry, "key-1", TODAY, under=old) == "2"
    assert asked(web, ministry, "key-1", TODAY) == "2"
    assert Resolver(web).resolve(old).document.id == ministry.did


def test_the_log_of_another_does_not_answer_for_a_did(web: Web, ministry: Ministry) -> None:
    Ministry("did:web:elsewhere.example").publish(web, under=ministry.did)
    with pytest.raises(EvidenceUnusable, match="the log is that of"):
        Resolver(web).resolve(ministry.did)


def test_after_its_end_a_did_signs_nothing_and_what_it_signed_stays(web: Web, ministry: Ministry) -> None:
    ministry.update(deactivated=True)
    ministry.publish(web)
    assert Resolver(web).resolve(ministry.did).deactivated
    assert asked(web, ministry, "key-1", FIRST_DAY) == "1"
    for moment in (TODAY, None):
        with pytest.raises(KeyNotAuthorized, match="was deactivated on 2026-01-02"):
            asked(web, ministry, "key-1", moment)


def test_a_version_is_chosen_by_number_id_and_time_and_all_must_agree(web: Web, ministry: Ministry) -> None:
    ministry.update()
    ministry.publish(web)
    resolver = Resolver(web)
    first = resolver.resolve(ministry.did, version_number=1)
    metadata = first.document_metadata
    assert metadata["versionTime"] == write_instant(FOUNDED)
    assert metadata["nextVersionId"] == resolver.resolve(ministry.did).document_metadata["versionId"]
    assert resolver.resolve(ministry.did, version_time=FIRST_DAY) == first
    assert resolver.resolve(ministry.did, version_id=metadata["versionId"], version_number=1) == first
    for options in (
        {"version_number": 3},
        {"version_number": 0},
        {"version_id": "1-Qm"},
        {"version_time": FOUNDED - timedelta(seconds=1)},
        {"version_number": 2, "version_time": FIRST_DAY},
    ):
        with pytest.raises(EvidenceUnusable, match="has no such version") as none:
            resolver.resolve(ministry.did, **options)  # type: ignore[arg-type]
        assert none.value.problem.endswith("#NOT_FOUND")


def test_a_did_without_a_history_has_no_older_versions() -> None:
    multikey = signing_key("key-1").public_key.multikey
    with pytest.raises(Unsupported):
        Resolver(Web()).resolve(f"did:key:{multikey}", version_number=1)


def test_the_log_is_fetched_once_and_the_witnesses_only_where_there_are_any(
    web: Web, ministry: Ministry
) -> None:
    ministry.publish(web)
    resolver = Resolver(web)
    for _ in range(3):
        resolver.resolve(ministry.did)
    assert web.asked == [log_url(ministry.did)]


WITNESSES = [update_key(number) for number in (101, 102, 103)]


def witness(threshold: int, count: int) -> dict[str, object]:
    ids = [each.verification_method.partition("#")[0] for each in WITNESSES[:count]]
    return {"threshold": threshold, "witnesses": [{"id": name} for name in ids]}


def test_witnesses_approve_of_a_version_and_of_all_before(web: Web, ministry: Ministry) -> None:
    ministry.update(witness=witness(2, 3))
    ministry.update()
    newest = ministry.history.newest.entry.version_id
    one, two = (witness_proof(newest, each) for each in WITNESSES[:2])
    ministry.publish(web, witnesses=[one, two])
    assert Resolver(web).resolve(ministry.did).version_number == 3
    assert witness_url(ministry.did) in web.asked
    ministry.publish(web, witnesses=[one, one])
    with pytest.raises(EvidenceUnusable, match="has 1 of the 2 witnesses"):
        Resolver(web).resolve(ministry.did)


def test_the_entry_that_brings_witnesses_in_needs_them_and_so_does_the_one_that_lets_them_go(
    web: Web, ministry: Ministry
) -> None:
    ministry.update(witness=witness(1, 1))
    ministry.publish(web, witnesses=[])
    with pytest.raises(EvidenceUnusable, match="version 2 has 0 of the 1"):
        Resolver(web).resolve(ministry.did)
    second = witness_proof(ministry.history.newest.entry.version_id, WITNESSES[0])
    ministry.update(witness={})
    ministry.publish(web, witnesses=[second])
    with pytest.raises(EvidenceUnusable, match="version 3 has 0 of the 1"):
        Resolver(web).resolve(ministry.did)
    third = witness_proof(ministry.history.newest.entry.version_id, WITNESSES[0])
    ministry.update()
    ministry.publish(web, witnesses=[third])
    assert Resolver(web).resolve(ministry.did).version_number == 4


def test_a_proof_over_a_version_that_is_not_published_approves_of_nothing(
    web: Web, ministry: Ministry
) -> None:
    ministry.update(witness=witness(1, 1))
    unpublished = "3-QmRK7pkzzkNfVibtqcnKSLYeXYJKGYQj48vj9YDPHzanRk"
    ministry.publish(web, witnesses=[witness_proof(unpublished, WITNESSES[0])])
    with pytest.raises(EvidenceUnusable, match="0 of the 1"):
        Resolver(web).resolve(ministry.did)


def test_a_strangers_or_a_broken_proof_approves_of_nothing(web: Web, ministry: Ministry) -> None:
    ministry.update(witness=witness(1, 1))
    version = ministry.history.newest.entry.version_id
    broken = witness_proof(version, WITNESSES[0])
    broken["proof"][0]["proofValue"] = witness_proof("1-x", WITNESSES[0])["proof"][0]["proofValue"]
    ministry.publish(web, witnesses=[witness_proof(version, WITNESSES[1]), broken])
    with pytest.raises(EvidenceUnusable, match="0 of the 1"):
        Resolver(web).resolve(ministry.did)


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[1]", b"[" * 100, b'[{"versionId": 1}]', b"\xff", b" " * 3_000_000]
)
def test_a_file_of_proofs_that_is_none_leaves_the_did_undecided(
    web: Web, ministry: Ministry, body: bytes
) -> None:
    ministry.update(witness=witness(1, 1))
    ministry.publish(web)
    web.pages[witness_url(ministry.did)] = body
    with pytest.raises(EvidenceUnusable):
        Resolver(web).resolve(ministry.did)


def listed(did: str, *, revoked: datetime | None = None) -> PinnedTrust:
    """An employer's list that knows the ministry by one of its names."""
    method = VerificationMethod(f"{did}#key-1", did, signing_key("key-1").public_key, revoked=revoked)
    return PinnedTrust.of([TrustedIssuer(did, "Ministry of Education", methods=(TrustedMethod(method),))])


def diploma_of(ministry: Ministry) -> SecuredDocument:
    document = Town().school.diploma(credentialStatus=None, issuer={"id": ministry.did, "type": ["Profile"]})
    return DataIntegrity().secure(write_json(document), ministry.signer("key-1"), at=FIRST_DAY)


def test_who_is_listed_by_one_name_is_known_by_the_others(web: Web, ministry: Ministry) -> None:
    old, before = ministry.did, diploma_of(ministry)
    ministry.move("did:web:education.example")
    for name in (old, ministry.did):
        ministry.publish(web, under=name)
    for trust in (listed(old), listed(ministry.did)):
        for diploma in (before, diploma_of(ministry)):
            report = Verifier(Resolver(web), web, [trust]).verify(diploma, at=TODAY)
            assert report.headline is Headline.GENUINE
            assert report.listed_as == "Ministry of Education"
    stranger = Ministry("did:web:education.example", portable=False)
    stranger.publish(web)
    report = Verifier(Resolver(web), web, [listed(old)]).verify(diploma_of(stranger), at=TODAY)
    assert report.headline is Headline.ISSUER_UNLISTED


def test_a_key_pinned_as_compromised_under_one_name_is_so_under_the_others(
    web: Web, ministry: Ministry
) -> None:
    trust = listed(ministry.did, revoked=TODAY)
    ministry.move("did:web:education.example")
    ministry.publish(web)
    resolver = Resolver(web, pins=all_pins([trust]))
    assert resolver.method(f"{ministry.did}#key-1", "assertionMethod", FIRST_DAY).revoked == TODAY
    report = Verifier(resolver, web, [trust]).verify(diploma_of(ministry), at=TODAY)
    assert report.headline is Headline.CANNOT_TELL
