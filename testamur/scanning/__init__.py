"""What a scanned, pasted or dropped thing turns out to be, and what there is to say about it."""

from testamur.scanning.examining import Examined, examine
from testamur.scanning.found import Found, Sheet
from testamur.scanning.parts import MAX_FILE
from testamur.scanning.portraits import portrait_of
from testamur.scanning.reading import files_in, is_credential_like, kind_of, read_codes_in, read_scan

__all__ = [
    "MAX_FILE",
    "Examined",
    "Found",
    "Sheet",
    "examine",
    "files_in",
    "is_credential_like",
    "kind_of",
    "portrait_of",
    "read_codes_in",
    "read_scan",
]
