"""Facts of clauses: each pattern proves its own examples and counter-examples."""

import pytest

from clausescan.attributes import find_archetype, find_attributes, load_patterns, split_values
from clausescan.numerals import read_number

PATTERNS = load_patterns()


def _values(pattern, text):
    return pattern.values(text, text.lower())


@pytest.mark.parametrize(
    ("pattern", "text", "value"),
    [pytest.param(p, t, v, id=f"{p.id}:{i}") for p in PATTERNS for i, (t, v) in enumerate(p.examples)],
)
def test_pattern_finds_its_example(pattern, text, value):
    assert value in _values(pattern, text)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [pytest.param(p, t, id=f"{p.id}:{i}") for p in PATTERNS for i, t in enumerate(p.counter)],
)
def test_pattern_leaves_its_counter_example(pattern, text):
    assert _values(pattern, text) == []
