"""Many rows at once: what each needs, then issued in shards, then written into a folder.

Nothing is held for all rows at a time and nothing is done twice: the ledger says which rows have a
record, the folder which files are there.
"""

from testamur.cohort.folder import Make, Names, Written, file_stem, write_folder
from testamur.cohort.meter import Progress
from testamur.cohort.plan import Cohort, Decided, Decision, Rows, Survey, survey
from testamur.cohort.run import Issued, issue_cohort, records_of

__all__ = [
    "Cohort",
    "Decided",
    "Decision",
    "Issued",
    "Make",
    "Names",
    "Progress",
    "Rows",
    "Survey",
    "Written",
    "file_stem",
    "issue_cohort",
    "records_of",
    "survey",
    "write_folder",
]
