"""Many rows at once: what each needs, then issued in shards, then written into a folder.

Nothing is held for all rows at a time and nothing is done twice: the ledger says which rows have a
record, the folder which files are there.
"""

from testamur.cohort.folder import Make, Names, Written, file_stem, write_folder
from testamur.cohort.meter import Progress
from testamur.cohort.plan import Cohort, Decided, Decision, OpenIssuer, Rows
from testamur.cohort.run import issue_cohort, records_in, records_of
from testamur.cohort.shard import SHARD_ROWS, Issued
from testamur.cohort.survey import Survey, survey

__all__ = [
    "SHARD_ROWS",
    "Cohort",
    "Decided",
    "Decision",
    "Issued",
    "Make",
    "Names",
    "OpenIssuer",
    "Progress",
    "Rows",
    "Survey",
    "Written",
    "file_stem",
    "issue_cohort",
    "records_in",
    "records_of",
    "survey",
    "write_folder",
]
