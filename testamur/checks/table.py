"""The seven questions in order, and the one bridge from errors to outcomes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from testamur.checks.answer import Check, Outcome
from testamur.checks.case import Case
from testamur.checks.dates import check_dates
from testamur.checks.form import check_form
from testamur.checks.holder import check_holder
from testamur.checks.issuer import check_issuer
from testamur.checks.proof import check_proof
from testamur.checks.schema import check_schema_of
from testamur.checks.status import check_status
from testamur.errors import Malformed, Refused, TestamurError, Undecided
from testamur.words import begun, say


@dataclass(frozen=True, slots=True)
class Question:
    """One check, and whether it is worth asking of what the author has not signed."""

    name: str
    ask: Callable[[Case], Check]
    needs_proof: bool = False


CHECKS = (
    Question("form", check_form),
    Question("proof", check_proof),
    Question("dates", check_dates),
    Question("status", check_status, needs_proof=True),
    Question("schema", check_schema_of),
    Question("issuer", check_issuer, needs_proof=True),
    Question("holder", check_holder, needs_proof=True),
)


def run(case: Case, questions: Sequence[Question] = CHECKS) -> tuple[Check, ...]:
    """Every question asked in order; what needs the network is skipped once the proof failed."""
    checks: list[Check] = []
    forged = False
    for question in questions:
        if forged and question.needs_proof:
            sentence = say("Not looked at, since the signature does not hold")
            checks.append(Check(question.name, Outcome.SKIPPED, sentence))
        else:
            checks.append(_answer(question, case))
        forged = forged or (checks[-1].name == "proof" and checks[-1].outcome is Outcome.FAILED)
    return tuple(checks)


def _answer(question: Question, case: Case) -> Check:
    """A defect of the document fails; what could not be found out is unknown; anything else is a bug."""
    try:
        return question.ask(case)
    except Undecided as error:
        return _check(question.name, Outcome.UNKNOWN, error)
    except (Malformed, Refused) as error:
        return _check(question.name, Outcome.FAILED, error)


def _check(name: str, outcome: Outcome, error: TestamurError) -> Check:
    return Check(name, outcome, begun(error.message), problem=error.problem, clause=error.clause)
