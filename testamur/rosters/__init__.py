"""OneRoster 1.2 CSV: read strictly, and turned into the sheets of a template by a mapping a registrar can read."""

from testamur.rosters.joining import RosterSheets, learner_sheets
from testamur.rosters.mapping import Mapping, mapping_for, parse_mapping
from testamur.rosters.reading import read_roster
from testamur.rosters.values import Roster, RosterProblem

__all__ = [
    "Mapping",
    "Roster",
    "RosterProblem",
    "RosterSheets",
    "learner_sheets",
    "mapping_for",
    "parse_mapping",
    "read_roster",
]
