"""From a JSON-LD document to the canonical bytes that are signed: the only door to PyLD, opened at first use."""

from testamur.jsonld.door import canonical_form, canonize, statements
from testamur.jsonld.nquads import Statement, read_nquads, write_nquads
from testamur.jsonld.plain import check_plain
from testamur.jsonld.rdfc import CanonicalForm

__all__ = [
    "CanonicalForm",
    "Statement",
    "canonical_form",
    "canonize",
    "check_plain",
    "read_nquads",
    "statements",
    "write_nquads",
]
