import pytest

from testamur.credentials.names import hidden, normal, remarks


def test_blanks_and_composition_are_made_the_same():
    assert normal("  Inés\u00a0  Quiroga\t") == "Inés Quiroga"
    assert normal("Ine\u0301s") == "Inés"


@pytest.mark.parametrize(
    "name",
    ["Inés Quiroga", "ሰላማዊት በቀለ", "فاطمة الزهراء", "आदित्य शर्मा", "សុខ សុវណ្ណារ៉ា", "山田 たろう", "김민수", "O'Neil-Иванова",
     "Αλέξανδρος", "ณัฐพล", "Nguyễn Thị Mai", "D’Arcy", "Anna (Аня) Petrova", "Ng"],
)  # fmt: skip
def test_ordinary_names_raise_no_remark(name):
    assert remarks(name) == []
    assert hidden(name) == ""


@pytest.mark.parametrize(
    ("name", "stranger"), [("Ивaнов", "'a' is Latin"), ("Mаria", "'а' is Cyrillic"), ("Αnna", "'Α' is Greek")]
)
def test_a_stranger_among_the_letters_is_pointed_out(name, stranger):
    (sentence,) = remarks(f"Olena {name}")
    assert stranger in sentence


def test_capitals_only_are_pointed_out():
    assert "capitals only" in remarks("ANNA KOVÁCS")[0]


@pytest.mark.parametrize(
    ("text", "character"),
    [("Anna\u202egnip", "U+202E RIGHT-TO-LEFT OVERRIDE"), ("An\u200bna", "U+200B"), ("An\u200dna", "U+200D"),
     ("Anna\x07", "U+0007"), ("An\u00adna", "U+00AD"), ("\ue000", "U+E000"), ("a\u2066b", "U+2066"), ("ᅟ", "U+115F")],
)  # fmt: skip
def test_what_cannot_be_seen_is_named(text, character):
    assert character in hidden(text)


@pytest.mark.parametrize("name", ["می‌خواهم", "क्‍ष", "ශ්‍රී"])
def test_joiners_that_are_spelling_pass(name):
    assert hidden(name) == ""
