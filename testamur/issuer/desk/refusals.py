"""What the desk answers to a request that cannot be answered."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import FastAPI, Request, Response

from testamur.issuer.desk.sign_in_pages import go
from testamur.issuer.desk.visits import ToSignIn
from testamur.leaves import Leaves, Refusals
from testamur.words import Sentence, say

TOLD: Mapping[int, Sentence] = {
    403: say("This is not open to you here. Go back, open the page again, and try once more."),
    404: say("There is nothing at this address."),
    408: say("What you sent took too long to arrive. Try again where the connection is better."),
    413: say("What you sent is too large."),
    429: say("Too many requests came from where you are. Wait a little and try again."),
    500: say("Something is wrong with this program. Nothing that was done is lost."),
    503: say("This cannot be done just now. Nothing that was done is lost."),
}


def refusals(app: FastAPI, leaves: Leaves) -> Refusals:
    """The refusals of a desk; whoever is not signed in is led to where that is done."""
    made = Refusals(leaves, TOLD)
    made.handle(app)

    @app.exception_handler(ToSignIn)
    def _unknown(request: Request, error: ToSignIn) -> Response:
        return go(error.to)

    return made
