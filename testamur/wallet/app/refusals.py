"""What the wallet answers to a request that cannot be answered."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import FastAPI, Request, Response

from testamur.leaves import Leaves, Refusals
from testamur.wallet.app.visits import ToUnlock, go
from testamur.words import Sentence, say

TOLD: Mapping[int, Sentence] = {
    403: say("This is not open to you here. Go back, open the page again, and try once more."),
    404: say("There is nothing at this address."),
    408: say("What you sent took too long to arrive. Try again where the connection is better."),
    410: say("There is nothing here any more."),
    413: say("What you sent is too large. Send fewer files at once, or smaller pictures."),
    429: say("Too many requests came from where you are. Wait a little and try again."),
    500: say("Something is wrong with this program. Nothing that was done is lost."),
    503: say("This cannot be done just now. Nothing that was done is lost."),
}


def refusals(app: FastAPI, leaves: Leaves) -> Refusals:
    """The refusals of a wallet; whoever has not unlocked it is led to where that is done."""
    made = Refusals(leaves, TOLD)
    made.handle(app)

    @app.exception_handler(ToUnlock)
    def _locked(request: Request, error: ToUnlock) -> Response:
        return go("/")

    return made
