import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testamur.display import cell, one_line, shorten, shown


@pytest.mark.parametrize(
    "name", ["ሰላም ተስፋዬ", "مریم نمی‌دانم", "क्षमा देवी", "ស្រីពៅ ចាន់", "José Ñandú", "李小龍", "עדי כהן"]
)
def test_names_in_every_script_are_shown_as_they_are(name: str) -> None:
    assert shown(name) == name


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Ana\u202eanA", "Ana\\u202eanA"),
        ("\x1b[2J", "\\u001b[2J"),
        ("a\nb\r", "a\\u000ab\\u000d"),
        ("A\u200b\ufeffB", "A\\u200b\\ufeffB"),
        ("tag\U000e0041", "tag\\U000e0041"),
        ("x\ud800", "x\\ud800"),
    ],
)
def test_what_a_terminal_would_obey_or_nobody_would_see_is_spelled_out(text: str, seen: str) -> None:
    assert shown(text) == seen


@given(st.text())
def test_nothing_shown_can_move_the_cursor_or_turn_the_line_round(text: str) -> None:
    allowed = set("\u200c\u200d\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2")
    assert all(
        unicodedata.category(c) not in ("Cc", "Cf", "Zl", "Zp", "Cs") for c in shown(text) if c not in allowed
    )


def test_a_long_text_is_cut_and_says_so() -> None:
    assert shorten("ab" * 300, 10) == "ababababa…"
    assert shorten("short", 10) == "short"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_a_cell_that_a_spreadsheet_would_run_is_written_as_text(text: str) -> None:
    assert cell(text) == "'" + text


def test_an_ordinary_cell_stays_as_it_is() -> None:
    assert cell("Ana - 1") == "Ana - 1"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Ana;=1+1", "Ana;'=1+1"),
        ('Ana; "@SUM(1)', "Ana;' \"@SUM(1)"),
        (" =1+1", "' =1+1"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("Ana; Eva", "Ana; Eva"),
    ],
)
def test_a_formula_hides_behind_no_separator_or_space(text: str, written: str) -> None:
    assert cell(text) == written


def test_blanks_push_nothing_to_the_place_of_another_line() -> None:
    assert one_line("Bob" + " " * 300 + "GENUINE") == "Bob GENUINE"
    assert one_line("Bob" + "\u3000\u00a0" * 40 + "GENUINE") == "Bob GENUINE"
    assert one_line("Bob\u2800\u3164") == "Bob\\u2800\\u3164"
    assert len(one_line("Bob" * 1000)) == 500
