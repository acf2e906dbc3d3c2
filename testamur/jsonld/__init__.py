"""From a JSON-LD document to the canonical bytes that are signed: the only door to PyLD, opened at first use."""

from testamur.jsonld.door import canonical_form, canonize, statements, trace
from testamur.jsonld.meaning import check_meaning, type_iris
from testamur.jsonld.nquads import Statement, read_nquads, write_nquads
from testamur.jsonld.placed import Placed, Traced, Way, way_of
from testamur.jsonld.plain import check_plain
from testamur.jsonld.rdfc import CanonicalForm
from testamur.jsonld.shapes import Path, Shape, Value, shape_of

__all__ = [
    "CanonicalForm",
    "Path",
    "Placed",
    "Shape",
    "Statement",
    "Traced",
    "Value",
    "Way",
    "canonical_form",
    "canonize",
    "check_meaning",
    "check_plain",
    "read_nquads",
    "shape_of",
    "statements",
    "trace",
    "type_iris",
    "way_of",
    "write_nquads",
]
