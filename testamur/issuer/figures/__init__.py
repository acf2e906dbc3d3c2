"""Planning figures: how many records of which programme, level, sex, district and year, without telling of anybody."""

from testamur.issuer.figures.counting import Fact, facts_of
from testamur.issuer.figures.dataset import dataset_csv, dataset_document
from testamur.issuer.figures.suppressing import THRESHOLD, publishable
from testamur.issuer.figures.tables import Cell, Figures, Tables, tables_of

__all__ = [
    "THRESHOLD",
    "Cell",
    "Fact",
    "Figures",
    "Tables",
    "dataset_csv",
    "dataset_document",
    "facts_of",
    "publishable",
    "tables_of",
]
