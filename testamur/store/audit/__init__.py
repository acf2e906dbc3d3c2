"""The audit log: who did what, when and why, each entry sealed to the one before by its digest."""

from testamur.store.audit.chain import FORMAT, GENESIS, Entry, Head, Note, linked
from testamur.store.audit.checking import Findings
from testamur.store.audit.writing import append

__all__ = ["FORMAT", "GENESIS", "Entry", "Findings", "Head", "Note", "append", "linked"]
