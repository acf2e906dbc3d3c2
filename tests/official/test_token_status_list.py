"""Token Status List: the lists of every width that the draft prints, and its signed example."""

import json
import re
from typing import Any

import pytest

from testamur.encoding import encode_base64url
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
