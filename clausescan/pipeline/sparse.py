"""Sparse rows in plain numpy: importing SciPy costs a third of a second at a cold start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rows:
    """The filled places of a table; row i lies between `starts[i]` and `starts[i + 1]`.

    Attributes:
        columns: Column of each place.
        values: What stands there.
        starts: One more than there are rows.
        width: Number of columns.
    """

    columns: NDArray[Any]
    values: NDArray[Any]
    starts: Ints
    width: int

    @classmethod
    def of(cls, table: NDArray[Any]) -> Rows:
        """The places of a table that are not zero."""
        rows, columns = np.nonzero(table)
        counts = np.bincount(rows, minlength=table.shape[0])
        return cls(columns, table[rows, columns], ends_of(counts), table.shape[1])

    @property
    def counts(self) -> Ints:
        """Number of filled places of each row."""
        return np.diff(self.starts)

    def dense(self) -> Floats:
        """The whole table."""
        return self.picked(np.arange(len(self.starts) - 1))

    def picked(self, rows: Ints) -> Floats:
        """Some rows as a whole table."""
        counts = self.starts[rows + 1] - self.starts[rows]
        first = self.starts[rows] - ends_of(counts)[:-1]
        places = np.arange(counts.sum()) + np.repeat(first, counts)
        table = np.zeros((len(rows), self.width), np.float32)
        table[np.repeat(np.arange(len(rows)), counts), self.columns[places]] = self.values[places]
        return table

    def longer(self, rows: int) -> Rows:
        """The same rows with empty ones behind them, `rows` in all."""
        ends = np.full(rows - len(self.counts), self.starts[-1])
        return Rows(self.columns, self.values, np.append(self.starts, ends), self.width)

    def times(self, other: Rows) -> Floats:
        """The matrix product with rows that stand for this one's columns, as a whole table."""
        table = np.zeros((len(self.starts) - 1, other.width), np.float32)
        filled = np.flatnonzero(self.counts)
        if filled.size:
            seen = np.zeros(self.width, bool)
            seen[self.columns] = True
            used = np.flatnonzero(seen)
            place = np.empty(self.width, np.int64)
            place[used] = np.arange(len(used))
            products = other.picked(used).take(place[self.columns], axis=0)
            products *= self.values[:, None]
            table[filled] = np.add.reduceat(products, self.starts[filled], axis=0)
        return table


def ends_of(counts: NDArray[Any]) -> Ints:
    """Where each row ends, with a zero in front: the `starts` of rows of these lengths."""
    ends = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=ends[1:])
    return ends
