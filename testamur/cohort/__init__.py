"""Many rows at once: what each needs, then issued in shards, then written into a folder.

Nothing is held for all rows at a time and nothing is done twice: the ledger says which rows have a
record, the folder which files are there.
"""

from testamur.cohort.archive import Packed, record_line, write_lines, write_zip
from testamur.cohort.folder import MOST_FLAT, Folder, Make, Names, Written, file_stem, write_folder
from testamur.cohort.meter import Progress
from testamur.cohort.plan import Cohort, Decided, Decision, OpenIssuer, Rows
from testamur.cohort.run import issue_cohort, records_in, records_of
from testamur.cohort.shard import SHARD_ROWS, Issued
from testamur.cohort.survey import Survey, survey

__all__ = [
    "MOST_FLAT",
    "SHARD_ROWS",
    "Cohort",
    "Decided",
    "Decision",
    "Folder",
    "Issued",
    "Make",
    "Names",
    "OpenIssuer",
    "Packed",
    "Progress",
    "Rows",
    "Survey",
    "Written",
    "file_stem",
    "issue_cohort",
    "record_line",
    "records_in",
    "records_of",
    "survey",
    "write_folder",
    "write_lines",
    "write_zip",
]
