"""Every error testamur raises on purpose; anything else that escapes is a bug.

A message is a plain sentence with the value in it and no full stop, fit to be shown to the
person who asked. ``problem`` is the specification's problem type (RFC 9457) where it names one,
``clause`` the short reference ("VC-DI §4.4") to the rule that was applied.
"""

from __future__ import annotations

from typing import Any


class TestamurError(Exception):
    """The root: catch this to handle whatever testamur says no to."""

    __test__ = False  # the name begins with "Test"; it is no test class

    problem: str = ""
    clause: str = ""

    def __init__(self, message: str, *, clause: str = "", problem: str = "") -> None:
        super().__init__(message)
        if clause:
            self.clause = clause
        if problem:
            self.problem = problem

    @property
    def message(self) -> str:
        """The sentence, without the class name; one that other languages have is told as it was raised."""
        told = self.args[0]
        return told if isinstance(told, str) else str(told)

    def __reduce__(self) -> tuple[Any, ...]:
        """An error goes from one process to another as it is, whatever its constructor asks for."""
        return _again, (type(self), self.args, self.__dict__)


def _again(kind: type[TestamurError], arguments: tuple[Any, ...], members: dict[str, Any]) -> TestamurError:
    error = kind.__new__(kind, *arguments)
    error.__dict__.update(members)
    return error


class Malformed(TestamurError):
    """Something is not what it says it is; ``path`` says where ("credentialSubject.achievement")."""

    problem = "https://www.w3.org/TR/vc-data-model#MALFORMED_VALUE_ERROR"

    def __init__(self, path: str, message: str, *, clause: str = "", problem: str = "") -> None:
        super().__init__(f"{path}: {message}" if path else message, clause=clause, problem=problem)
        self.path = path
        self.reason = message


class Missing(Malformed):
    """A member that must be there is not; of a copy made by its holder, the holder may have left it out."""


class RowMismatch(Malformed):
    """A row of a spreadsheet does not fit its template; ``line`` counts from 1, the header included."""

    def __init__(self, line: int, column: str, message: str) -> None:
        super().__init__(f"row {line}, column {column}" if column else f"row {line}", message)
        self.line = line
        self.column = column


class Refused(TestamurError):
    """Well formed, and the answer is no."""


class ProofInvalid(Refused):
    """A signature does not hold over what it is said to cover."""

    problem = "https://w3id.org/security#PROOF_VERIFICATION_ERROR"


class KeyNotAuthorized(Refused):
    """The key is real and was not allowed to do this, or not then."""

    problem = "https://w3id.org/security#INVALID_VERIFICATION_METHOD"


class Undecided(TestamurError):
    """The question could not be answered; never to be read as yes or as no."""


class EvidenceUnusable(Undecided):
    """What we fetched to decide is unreachable, malformed, expired or badly signed."""


class Unsupported(Undecided):
    """A suite, method, context or feature this installation does not know."""


class OperatorError(TestamurError):
    """The person running testamur can put this right: a passphrase, a missing file, a locked ledger."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class AlreadyIssued(OperatorError):
    """Another process has issued the same in the meantime: one of these rows, or a record of this id."""
