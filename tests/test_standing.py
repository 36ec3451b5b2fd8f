"""Where a balance stands among real contracts."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clausescan.findings.attributes import archetypes
from clausescan.standing import Background, find_standing, load_backgrounds

BALANCES = st.floats(-100, 100)


def test_backgrounds_are_quantiles_of_kinds_that_drafts_can_have() -> None:
    found = load_backgrounds()
    assert "" in found
    assert found.keys() - {""} <= archetypes().keys()
    for background in found.values():
        assert background.contracts >= 20
        assert all(0 <= low <= high <= 100 for low, high in itertools.pairwise(background.sizes))


@given(BALANCES, BALANCES)
def test_a_more_one_sided_contract_never_stands_lower(left: float, right: float) -> None:
    low, high = sorted((left, right), key=abs)
    assert find_standing("distribution", low).share <= find_standing("distribution", high).share


@given(BALANCES)
def test_for_whom_a_contract_leans_does_not_matter(balance: float) -> None:
    assert find_standing("oem", balance) == find_standing("oem", -balance)


@pytest.mark.parametrize(
    ("size", "share"), [(0, 0), (10, 0), (15, 0.25), (20, 0.5), (25, 0.75), (30, 1), (99, 1)]
)
def test_between_two_quantiles_lies_a_line(size: float, share: float) -> None:
    assert Background(3, (10, 20, 30)).share_below(size) == share


def test_a_kind_of_which_few_are_known_is_compared_with_all() -> None:
    standing = find_standing("vie", 50)
    assert standing.kind == ""
    assert standing.contracts == load_backgrounds()[""].contracts
