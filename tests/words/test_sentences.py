"""A sentence is an English text, and remembers enough to be said in another language."""

import pickle
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testamur.words import Day, Tongue, choose, joined, say
from testamur.words.sentences import Sentence

JULY = datetime(2026, 7, 1, tzinfo=UTC)


def test_in_english_it_is_the_text_itself():
    assert say("Not revoked as of {day}", day=JULY) == "Not revoked as of 2026-07-01"
    assert (
        say("The signature was good until {day}", day=Day(JULY)) == "The signature was good until 1 July 2026"
    )
    assert joined("; ", [say("a"), "b"]) == "a; b"


@given(st.text(), st.text())
def test_words_of_others_are_never_read_as_holes(one, other):
    assert say("{one} and {other}", one=one, other=other) == f"{one} and {other}"
    assert say("{one}", one="{one.__class__}{other}", other="x") == "{one.__class__}{other}"


def test_it_goes_from_one_process_to_another_as_it_is():
    sentence = joined(": ", [say("Not revoked as of {day}", day=JULY), say("Revoked")])
    again = pickle.loads(pickle.dumps(sentence))
    assert again == sentence
    assert isinstance(again, Sentence)
    assert Tongue("fr").say(again) == Tongue("fr").say(sentence)


def test_a_hole_without_a_part_stays():
    assert say("{a} {b}", a="x") == "x {b}"


@pytest.mark.parametrize(
    ("tongue", "day"),
    [
        (Tongue("en"), "July 1, 2026"),
        (Tongue("en", "GB"), "1 July 2026"),
        (Tongue("fr"), "1 juillet 2026"),
        (Tongue("es"), "1 de julio de 2026"),
        (Tongue("pt"), "1 de julho de 2026"),
        (Tongue("ar", "EG"), "١ يوليو ٢٠٢٦"),
        (Tongue("ar", "MA"), "1 يوليوز 2026"),
        (Tongue("hi"), "1 जुलाई 2026"),
    ],
)
def test_a_day_is_written_as_people_there_write_it(tongue, day):
    assert tongue.day(JULY) == day


def test_numbers_have_the_digits_and_the_grouping_of_the_place():
    assert Tongue("ar", "EG").number(12345) == "١٢٬٣٤٥"
    assert Tongue("hi").number(1234567) == "12,34,567"
    assert Tongue("en").number(12345) == "12,345"


def test_a_name_of_the_other_direction_does_not_turn_the_sentence_around_it():
    assert Tongue("en").say("{name}", name="أمل") == "\u2068أمل\u2069"
    assert Tongue("ar").say("{name}", name="Amal") == "\u2068Amal\u2069"
    assert Tongue("en").say("{name}", name="Amal") == "Amal"


def test_words_of_others_are_made_safe_to_show_in_every_language():
    assert "\u202e" not in Tongue("en").say("{name}", name="\u202eevil")


@pytest.mark.parametrize(
    ("accepted", "asked", "chosen"),
    [
        ("", "", "en"),
        ("fr-CA,fr;q=0.9,en;q=0.8", "", "fr-CA"),
        ("de,pt-BR;q=0.7,en;q=0.5", "", "pt-BR"),
        ("de, en;q=0.1, hi;q=0.4", "", "hi"),
        ("ar-eg", "", "ar-EG"),
        ("fr", "es", "es"),
        ("fr", "xx", "fr"),
        ("fr;q=0", "", "en"),
        ("zh-Hans-CN", "", "en"),
        ("en-Latn-GB", "", "en-GB"),
        ("fr-ZZ", "", "fr"),
        (",;q=,*;q=1," * 1000, "\x00", "en"),
    ],
)
def test_the_reader_gets_the_language_they_want_most(accepted, asked, chosen):
    assert choose(accepted, asked).tag == chosen


@given(st.text(max_size=200), st.text(max_size=40))
def test_no_header_breaks_the_choice(accepted, asked):
    assert choose(accepted, asked).direction in ("ltr", "rtl")


def test_arabic_is_written_from_right_to_left_and_every_language_names_itself():
    assert Tongue("ar").direction == "rtl"
    names = {language: Tongue(language).name for language in ("en", "fr", "es", "pt", "ar", "hi")}
    assert names["fr"] == "Français"
    assert names["ar"] == "العربية"
    assert names["hi"] == "हिन्दी"
