"""Logs that must be refused, each for its own reason and within bounds."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from testamur.did import Resolver, read_log
from testamur.did.webvh.entry import key_hash
from testamur.did.webvh.history import MAX_ENTRIES, MAX_LOG
from testamur.errors import EvidenceUnusable, Malformed, TestamurError
from testamur.jsontext import parse_object
from tests.did.histories import TODAY, Ministry, update_key
from tests.town import Web

THIRD = {"nextKeyHashes": [key_hash(update_key(3).public_key.multikey)]}
SECOND = {"updateKeys": [update_key(2).public_key.multikey]} | THIRD


def refusal(ministry: Ministry) -> str:
    """Why a resolver does not take the log."""
    web = Web(now=TODAY)
    ministry.publish(web)
    with pytest.raises(EvidenceUnusable) as refused:
        Resolver(web).resolve(ministry.did)
    return str(refused.value)


def changed(ministry: Ministry, number: int, **members: Any) -> None:
    """An entry altered after it was signed."""
    lines = ministry.log.decode().splitlines()
    lines[number - 1] = json.dumps(parse_object(lines[number - 1]) | members, separators=(",", ":"))
    ministry.log = ("\n".join(lines) + "\n").encode()


@pytest.mark.parametrize(
    ("parameters", "why"),
    [
        ({}, "updateKeys: it must be in every entry while"),
        ({"updateKeys": SECOND["updateKeys"]}, "nextKeyHashes: it must be in every entry while"),
        (
            SECOND | {"updateKeys": [update_key(9).public_key.multikey]},
            "was not announced by the entry before",
        ),
        (SECOND | {"scid": "Qm"}, "only the first entry has it"),
        (SECOND | {"method": "did:webvh:0.5"}, "is not supported"),
        (SECOND | {"method": "did:tdw:0.4"}, "is not supported"),
        (SECOND | {"colour": "blue"}, "there is no such parameter"),
        (SECOND | {"portable": "yes"}, "it must be true or false"),
        (SECOND | {"deactivated": 1}, "it must be true or false"),
        (SECOND | {"ttl": -1}, "is no number of seconds"),
        (SECOND | {"ttl": True}, "is no number of seconds"),
        (SECOND | {"watchers": "https://w.example"}, "it must be a list"),
        (SECOND | {"watchers": [1]}, "it must be a list of texts"),
        (SECOND | {"updateKeys": ["z"] * 101}, "no more than 100"),
        (SECOND | {"witness": []}, "it must be an object with a threshold"),
        (SECOND | {"witness": {"threshold": 1, "witnesses": []}}, "none or too many"),
        (
            SECOND | {"witness": {"threshold": 1, "witnesses": [{"id": "did:web:a.example"}]}},
            "must be a did:key",
        ),
        (
            SECOND | {"witness": {"threshold": 2, "witnesses": [{"id": "did:key:z6Mk"}]}},
            "does not fit 1 witnesses",
        ),
    ],
)
def test_parameters_that_may_not_be(parameters: dict[str, Any], why: str) -> None:
    ministry = Ministry()
    ministry.forge(update_key(2), parameters=parameters)
    assert why in refusal(ministry)


def test_null_is_read_as_the_default() -> None:
    ministry = Ministry()
    ministry.forge(update_key(2), parameters=SECOND | {"watchers": None, "witness": None, "ttl": None})
    assert len(ministry.history.versions) == 2


def test_a_did_that_may_not_move_stays_where_it_is() -> None:
    ministry = Ministry(portable=False)
    moved = json.dumps(ministry.state(ministry.did)).replace(":ministry.example", ":elsewhere.example")
    ministry.forge(
        update_key(2), parameters=SECOND, state=json.loads(moved) | {"alsoKnownAs": [ministry.did]}
    )
    assert "it may not move to another place" in refusal(ministry)
    ministry = Ministry(portable=False)
    ministry.forge(update_key(2), parameters=SECOND | {"portable": True})
    assert "only the first entry can allow it" in refusal(ministry)


def test_a_move_names_the_place_before() -> None:
    ministry = Ministry()
    moved = json.dumps(ministry.state(ministry.did)).replace(":ministry.example", ":elsewhere.example")
    ministry.forge(update_key(2), parameters=SECOND, state=json.loads(moved))
    assert "it does not name the place it moved from" in refusal(ministry)


def test_services_that_leave_no_room_for_those_of_every_history_are_too_many() -> None:
    ministry = Ministry()
    services = [{"id": f"#s{n}", "type": "X", "serviceEndpoint": "https://a.example"} for n in range(199)]
    ministry.forge(update_key(2), parameters=SECOND, state=ministry.state(ministry.did, service=services))
    assert "201 entries are more than 200" in refusal(ministry)


def test_nothing_follows_the_end() -> None:
    ministry = Ministry()
    ministry.update(deactivated=True)
    ministry.forge(update_key(3), parameters=SECOND)
    assert "an entry follows the one that ended it" in refusal(ministry)


def test_a_stolen_key_that_was_announced_already_does_not_sign_the_next_entry() -> None:
    ministry = Ministry()
    ministry.forge(update_key(1), parameters=SECOND)
    assert "may not update it" in refusal(ministry)


def test_what_was_signed_may_not_be_altered() -> None:
    ministry = Ministry()
    ministry.update()
    first = parse_object(ministry.log.splitlines()[0])
    good = ministry.log
    for number, members, why in (
        (1, {"state": first["state"] | {"alsoKnownAs": ["did:web:a.example"]}}, "its SCID is not the hash"),
        (2, {"state": first["state"] | {"alsoKnownAs": ["did:web:a.example"]}}, "its hash does not follow"),
        (2, {"versionTime": "2026-01-02T00:00:01Z"}, "its hash does not follow"),
        (2, {"versionTime": "2026-01-02T00:00:00+00:00"}, "is not a time in UTC"),
        (2, {"versionId": first["versionId"]}, "it is version 1 in the place of 2"),
        (2, {"versionId": "2-" + first["versionId"][2:]}, "its hash does not follow"),
        (2, {"proof": first["proof"]}, "may not update it"),
        (2, {"proof": []}, "0 proofs are none"),
        (2, {"proof": first["proof"] * 17}, "17 proofs are none or too many"),
        (2, {"proof": "z"}, "it must be an object"),
        (2, {"extra": 1}, "extra should not be missing or be there"),
        (2, {"state": []}, "state: it must be an object"),
    ):
        ministry.log = good
        changed(ministry, number, **members)
        assert why in refusal(ministry), members


def test_entries_that_are_left_out_or_told_twice_or_in_another_order_are_noticed() -> None:
    ministry = Ministry()
    ministry.update()
    ministry.update()
    one, two, three = ministry.log.splitlines(keepends=True)
    for lines in ((one, three), (two, three), (one, two, two), (one, three, two), (one, b"\n", two)):
        ministry.log = b"".join(lines)
        assert refusal(ministry)


def test_a_log_cut_off_at_an_entry_is_an_older_truth_and_one_cut_within_is_none() -> None:
    ministry = Ministry()
    whole = ministry.log
    ministry.update()
    cut = ministry.log[: len(whole) + 40]
    ministry.log = cut
    assert "entry 2: not usable as JSON" in refusal(ministry)


def test_an_entry_from_the_future_is_not_taken() -> None:
    ministry = Ministry()
    ministry.forge(update_key(2), parameters=SECOND, at=TODAY + timedelta(minutes=6))
    assert "has not come yet" in refusal(ministry)


def test_entries_in_the_old_form_of_did_tdw_are_not_taken() -> None:
    ministry = Ministry()
    entry = parse_object(ministry.log)
    ministry.log = json.dumps(list(entry.values())).encode()
    assert "the JSON is not an object" in refusal(ministry)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "entry 1: not usable as JSON"),
        (b"\n" * 20, "entry 1: not usable as JSON"),
        (b"[" * 100_000, "not usable as JSON"),
        (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, "not usable as JSON"),
        (b"\xff\xfe", "not usable as JSON"),
        (b"{}\n" * (MAX_ENTRIES + 1), "more than 4,000 entries"),
        (b"x" * (MAX_LOG + 1), "longer than"),
        (b'{"versionId":"' + b"1" * 2_000_000 + b'"}', "longer than"),
    ],
)
def test_what_is_no_log_is_refused_before_it_is_read(body: bytes, why: str) -> None:
    ministry = Ministry()
    ministry.log = body
    assert why in refusal(ministry)


@given(st.binary(max_size=80))
@settings(max_examples=40)
def test_any_bytes_in_place_of_a_log(body: bytes) -> None:
    with pytest.raises(TestamurError):
        read_log(body, "did:webvh:x:a.example", TODAY)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_log_with_any_byte_changed_is_refused(data: st.DataObject) -> None:
    ministry = Ministry()
    place = data.draw(st.integers(0, len(ministry.log) - 2))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != ministry.log[place]))
    log = ministry.log[:place] + bytes([byte]) + ministry.log[place + 1 :]
    try:
        history = read_log(log, ministry.did, TODAY)
    except TestamurError:
        return
    assert json.loads(log) == json.loads(ministry.log)  # white space that JSON does not count
    assert history.newest.entry.did == ministry.did


def test_a_did_whose_scid_is_none_is_malformed_before_anything_is_fetched() -> None:
    web = Web()
    for scid in ("", "Qm", "x" * 46, "Qm" + "0" * 44, "Qm" + "1" * 45):
        with pytest.raises(Malformed):
            Resolver(web).resolve(f"did:webvh:{scid}:ministry.example")
    assert not web.asked
