"""The catalogues hold every message that code and pages say, each with the same holes."""

import pytest

from testamur.words import LANGUAGES, catalogue
from testamur.words.sentences import holes
from tools import words as tool


@pytest.fixture(scope="module")
def said():
    return tool.said()


def test_the_six_languages_are_there():
    assert {"en", "fr", "es", "pt", "ar", "hi"} <= set(LANGUAGES)


def test_every_place_where_words_are_said_is_read(said):
    places = {name.rpartition(".")[2] for found in said.values() for name, _ in found}
    assert {"py"} <= places
    assert "Not revoked as of {day}" in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_is_missing_and_none_is_left_over(language, said):
    held = {str(message.id) for message in tool.current(language) if message.id}
    assert held == set(said), "run `python tools/words.py`"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_holes_of_its_message(language):
    for message, told in catalogue(language).items():
        assert holes(told) == holes(message), message


@pytest.mark.parametrize("language", ["fr", "es", "pt", "ar", "hi"])
def test_the_languages_we_keep_ourselves_say_everything(language, said):
    assert set(said) - set(catalogue(language)) == set()
