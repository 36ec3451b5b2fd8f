"""Sparse rows against numpy's dense tables."""

from __future__ import annotations

import numpy as np
import pytest

from clausescan.pipeline.sparse import Rows


def table(rows: int, columns: int, seed: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    values = random.integers(-3, 4, (rows, columns)).astype(np.float32)
    return np.where(random.random((rows, columns)) < 0.6, 0, values)


@pytest.mark.parametrize("shape", [(0, 5), (1, 5), (7, 5), (7, 0)])
def test_rows_are_the_table(shape: tuple[int, int]) -> None:
    dense = table(*shape, seed=1)
    rows = Rows.of(dense)
    assert 0 not in rows.values
    assert rows.dense().shape == shape
    assert np.array_equal(rows.dense(), dense)


@pytest.mark.parametrize(("one", "two"), [((6, 9), (9, 4)), ((0, 9), (9, 4)), ((6, 9), (9, 0))])
def test_product_is_that_of_the_tables(one: tuple[int, int], two: tuple[int, int]) -> None:
    left, right = table(*one, seed=2), table(*two, seed=3)
    assert np.array_equal(Rows.of(left).times(Rows.of(right)), left @ right)


def test_empty_rows_count() -> None:
    dense = table(5, 6, seed=4)
    dense[[0, 2, 4]] = 0
    rows = Rows.of(dense)
    assert list(rows.counts > 0) == [False, True, False, True, False]
    assert np.array_equal(rows.times(Rows.of(np.eye(6, dtype=np.float32))), dense)


def test_longer_rows_end_in_empty_ones() -> None:
    dense = table(3, 4, seed=5)
    assert np.array_equal(Rows.of(dense).longer(5).dense(), np.pad(dense, ((0, 2), (0, 0))))
