"""Stencils: what is cut comes back, whatever the values and the text around them."""

import re

from hypothesis import given
from hypothesis import strategies as st

from testamur.stencils import ByteStencil, Stencil, pieces

MARK = re.compile("<([0-9])>")
PARTS = st.lists(st.one_of(st.integers(0, 3), st.text(st.characters(exclude_characters="<>"))))


@given(PARTS, st.lists(st.text(), min_size=4, max_size=4))
def test_a_filled_stencil_is_the_text_with_the_values_in_place_of_the_marks(
    parts: list[int | str], values: list[str]
) -> None:
    text = "".join(f"<{part}>" if isinstance(part, int) else part for part in parts)
    stencil = Stencil(pieces(text, MARK, lambda mark: int(mark[1])))
    assert stencil.fill(values) == "".join(values[part] if isinstance(part, int) else part for part in parts)
    assert stencil.holes == tuple(part for part in parts if isinstance(part, int))


UTF8 = st.text(st.characters(codec="utf-8"), max_size=4)


@given(st.lists(st.one_of(st.integers(0, 3), UTF8)), st.lists(UTF8, min_size=4, max_size=4))
def test_a_stencil_in_bytes_is_the_same_text(parts: list[int | str], values: list[str]) -> None:
    filled = ByteStencil(parts, 4).fill([value.encode() for value in values])
    assert filled.decode() == "".join(values[part] if isinstance(part, int) else part for part in parts)


def test_percent_signs_in_a_text_and_in_a_value_stay_as_they_are() -> None:
    assert Stencil(["100 %s %%", 0, "%"]).fill(["%d"]) == "100 %s %%%d%"
    assert Stencil(["100 %s"]).fill([]) == "100 %s"


def test_a_number_is_written_as_json_writes_it() -> None:
    assert Stencil([0, " ", 1]).fill([7, 0.1]) == "7 0.1"


def test_a_text_without_marks_is_one_piece_and_an_empty_one_none() -> None:
    assert pieces("a <b>", MARK, lambda mark: 0) == ("a <b>",)
    assert pieces("", MARK, lambda mark: 0) == ()
