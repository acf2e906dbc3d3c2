"""Token Status List: the lists of every width that the draft prints, and its signed example."""

import json
import re
from typing import Any

import pytest

from testamur.cbor import parse_cbor
from testamur.encoding import encode_base64url
from testamur.jsontext import parse_object
from testamur.proofs import parse_cose, parse_jws
from testamur.status import json_list, pack, packed_value
from tests.vectors_home import vectors

pytestmark = pytest.mark.official


def printed() -> list[dict[str, Any]]:
    lists: list[dict[str, Any]] = json.loads((vectors("token-status-list") / "vectors.json").read_text())
    assert [each["bits"] for each in lists] == [1, 2, 4, 8]
    return lists


def statuses(printed_list: dict[str, Any]) -> dict[int, int]:
    """The statuses a list was made of; the draft's table for two bits leaves one out that its list has."""
    left_out = {25460: 1} if printed_list["bits"] == 2 else {}
    return left_out | {int(index): value for index, value in printed_list["statuses"].items()}


@pytest.mark.parametrize("width", range(4))
def test_every_status_of_a_printed_list_is_read_and_the_others_are_valid(width: int) -> None:
    listed = printed()[width]
    told = statuses(listed)
    for index, value in told.items():
        assert packed_value(listed["json"], index) == value
        for neighbour in (index - 1, index + 1):
            if neighbour not in told and 0 <= neighbour < listed["entries"]:
                assert packed_value(listed["json"], neighbour) == 0


@pytest.mark.parametrize("width", range(4))
def test_a_printed_list_is_packed_to_the_byte(width: int) -> None:
    listed = printed()[width]
    packed = pack(statuses(listed), listed["bits"], listed["entries"])
    assert json_list(packed, listed["bits"]) == listed["json"]


def test_the_short_examples_are_packed_to_the_byte() -> None:
    examples = vectors("token-status-list") / "examples"
    one = dict.fromkeys((0, 3, 4, 5, 7, 8, 9, 13, 15), 1)
    two = {0: 1, 1: 2, 2: 0, 3: 3, 4: 0, 5: 1, 6: 0, 7: 1, 8: 1, 9: 2, 10: 3, 11: 3}
    for values, bits, size, name in (
        (one, 1, 16, "status_list_encoding_json.md"),
        (two, 2, 12, "status_list_encoding2_json.md"),
    ):
        found = re.search(r'"lst": "([^"]+)"', (examples / name).read_text())
        assert found is not None
        assert encode_base64url(pack(values, bits, size)) == found[1]


def test_the_lists_in_cbor_are_read_and_packed_to_the_byte() -> None:
    for listed in printed():
        told = parse_cbor(bytes.fromhex(listed["cborHex"]))
        assert told["bits"] == listed["bits"]
        assert pack(statuses(listed), listed["bits"], listed["entries"]) == told["lst"]
        for index, value in statuses(listed).items():
            assert packed_value(told, index) == value


def test_the_signed_examples_say_what_is_printed_beside_them() -> None:
    examples = vectors("token-status-list") / "examples"
    expected = {0: 1, 1: 0, 2: 0, 3: 1, 4: 1, 5: 1, 6: 0, 7: 1}
    jwt = "".join((examples / "status_list_jwt_raw.md").read_text().split())
    claims = parse_object(parse_jws(jwt).payload)
    cose, _ = parse_cose(bytes.fromhex("".join((examples / "status_list_cwt.md").read_text().split())))
    numbered = parse_cbor(cose.payload)
    assert cose.header["typ"] == "application/statuslist+cwt"
    assert (numbered[2], numbered[6], numbered[4]) == (claims["sub"], claims["iat"], claims["exp"])
    for listed in (claims["status_list"], numbered[65533]):
        assert {index: packed_value(listed, index) for index in expected} == expected
