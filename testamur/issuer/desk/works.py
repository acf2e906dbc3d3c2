"""What the worker does, by kind of job: one line for each."""

from __future__ import annotations

from testamur.issuer.desk.draft_acts import CARRY_OUT, carry_out_draft, find_forgotten
from testamur.issuer.desk.making import ZIP, make_zip, sweep_made
from testamur.issuer.desk.office import Office
from testamur.issuer.desk.posting_acts import LettingGo, send_letters
from testamur.issuer.desk.publishing_acts import PUBLISH, publish, publish_what_is_due
from testamur.issuer.desk.working import Round, Work, Worker
from testamur.words import Sentence, say

WORKS: dict[str, Work] = {
    CARRY_OUT: carry_out_draft,
    ZIP: make_zip,
    PUBLISH: publish,
}

MADE: dict[str, Sentence] = {
    ZIP: say("A ZIP of PDFs, badges and signed files"),
}
"""The works whose result is a file of a batch, as the button that asks for it says."""

ROUNDS: tuple[Round, ...] = (
    find_forgotten, publish_what_is_due, sweep_made, send_letters, LettingGo(),
)  # fmt: skip
"""What is looked after again and again."""


def worker_of(office: Office) -> Worker:
    """A worker for this office, not begun yet."""
    return Worker(office, WORKS, ROUNDS)
