"""What the verifying app answers to a request that is no question."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import FastAPI

from testamur.leaves import Leaves, Refusals
from testamur.words import Sentence, say

_FOR_PROGRAMS = ("/verify", "/frame", "/look", "/openapi.json", "/health")
TOLD: Mapping[int, Sentence] = {
    404: say("There is nothing at this address."),
    408: say("What you sent took too long to arrive. Try again where the connection is better."),
    413: say("What you sent is too large. Send fewer files at once, or smaller pictures."),
    429: say("Too many requests came from where you are. Wait a little and try again."),
    500: say("Something is wrong with this program. Nothing of yours was kept."),
}


def refusals(app: FastAPI, leaves: Leaves) -> Refusals:
    """The refusals of a verifying app."""
    made = Refusals(leaves, TOLD, frozenset(TOLD), _FOR_PROGRAMS)
    made.handle(app)
    return made
