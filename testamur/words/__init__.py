"""Sentences that can be said in many languages, and the catalogues that hold them."""

from testamur.words.catalogues import LANGUAGES, catalogue
from testamur.words.sentences import Day, Sentence, because, begun, is_told_whole, joined, say
from testamur.words.tongue import Tongue, choose

__all__ = [
    "LANGUAGES",
    "Day",
    "Sentence",
    "Tongue",
    "because",
    "begun",
    "catalogue",
    "choose",
    "is_told_whole",
    "joined",
    "say",
]
