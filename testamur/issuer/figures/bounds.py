"""What somebody who knows the told cells can work out of a hidden one: the least and the most it can be."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from testamur.errors import OperatorError
from testamur.issuer.figures.tables import Cell, Tables

_TINY = 1e-6


@contextmanager
def _without_banner() -> Iterator[None]:
    """The solver greets on the terminal's stdout as it is made, below Python, where only the product belongs."""
    sys.stdout.flush()
    kept = os.dup(1)
    try:
        with open(os.devnull, "wb") as nowhere:
            os.dup2(nowhere.fileno(), 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


class Bounds:
    """The linear system of a year's tables: counts are not negative, told cells are sums of them."""

    def __init__(self, tables: Tables) -> None:
        try:
            highspy: Any = import_module("highspy")
            numpy: Any = import_module("numpy")
        except ModuleNotFoundError:
            raise OperatorError(
                "what checks that figures tell of nobody is not installed",
                hint="pip install 'testamur[figures]'",
            ) from None
        self._tables, self._numpy = tables, numpy
        self._free = highspy.kHighsInf
        self._senses = (highspy.ObjSense.kMinimize, highspy.ObjSense.kMaximize)
        self._optimal = highspy.HighsModelStatus.kOptimal
        with _without_banner():
            self._model = highspy.Highs()
        self._model.setOptionValue("output_flag", False)
        for _ in tables.base:
            self._model.addVar(0.0, highspy.kHighsInf)
        self._rows = {cell: number for number, cell in enumerate(tables.cells)}
        for cell in tables.cells:
            inside, count = tables.parts[cell], float(tables.counts[cell])
            places = numpy.array(inside, dtype=numpy.int32)
            self._model.addRow(count, count, len(inside), places, numpy.ones(len(inside)))

    def hide(self, cells: Iterable[Cell]) -> None:
        """Tell these cells no more."""
        for cell in cells:
            self._model.changeRowBounds(self._rows[cell], -self._free, self._free)

    def of(self, cell: Cell) -> tuple[int, int]:
        """The least and the most that a cell can be, as whole numbers."""
        inside = self._tables.parts[cell]
        places = self._numpy.array(inside, dtype=self._numpy.int32)
        self._model.changeColsCost(len(inside), places, self._numpy.ones(len(inside)))
        found = []
        for sense in self._senses:
            self._model.changeObjectiveSense(sense)
            self._model.run()
            if self._model.getModelStatus() == self._optimal:
                found.append(self._model.getInfo().objective_function_value)
            else:
                found.append(0.0 if sense is self._senses[0] else math.inf)
        self._model.changeColsCost(len(inside), places, self._numpy.zeros(len(inside)))
        low = math.ceil(found[0] - _TINY)
        return low, 10**9 if math.isinf(found[1]) else math.floor(found[1] + _TINY)
