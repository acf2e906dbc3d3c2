"""Acts that may be refused: the refusal is a sentence for the person who tried."""

from __future__ import annotations

from collections.abc import Callable

from testamur.errors import TestamurError
from testamur.words import Sentence, say


class Refusal(Exception):
    """An act that is not possible now, and why."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def refused(act: Callable[[], object]) -> Sentence | None:
    """Do something; why it could not be done, None where it was."""
    try:
        act()
    except Refusal as refusal:
        return refusal.sentence
    except TestamurError as error:
        return sentence_of(error)
    return None


def sentence_of(error: TestamurError) -> Sentence:
    """What an error says, to be said in any language that has its words."""
    message = error.args[0] if error.args else ""
    return message if isinstance(message, Sentence) else say("{reason}", reason=str(error))
