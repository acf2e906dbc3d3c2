"""What an organisation decides for itself, in words."""

from __future__ import annotations

from collections.abc import Mapping

from testamur.words import Sentence, say

KIND_WORDS: Mapping[str, Sentence] = {
    "issue": say("Issue"),
    "correct": say("Correct"),
    "revoke": say("Revoke"),
    "undo": say("Undo a batch"),
}
ABOUT: Mapping[str, Sentence] = {}
"""Further settings of the library, each with what it means; one that is not here is told in English."""
