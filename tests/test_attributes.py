"""Facts of clauses: each pattern proves its own examples and counter-examples."""

import pytest

from clausescan.findings.attributes import (
    find_archetype,
    find_attributes,
    load_patterns,
    split_values,
)
from clausescan.numerals import in_days, in_years, read_number, short
from clausescan.playbook import known_labels

PATTERNS = load_patterns()


def _values(pattern, text):
    return pattern.values(text, text.lower())


@pytest.mark.parametrize(
    ("pattern", "text", "value"),
    [
        pytest.param(p, t, v, id=f"{p.id}:{i}")
        for p in PATTERNS
        for i, (t, v) in enumerate(p.examples)
    ],
)
def test_pattern_finds_its_example(pattern, text, value):
    assert value in _values(pattern, text)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [pytest.param(p, t, id=f"{p.id}:{i}") for p in PATTERNS for i, t in enumerate(p.counter)],
)
def test_pattern_leaves_its_counter_example(pattern, text):
    assert _values(pattern, text) == []


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.id)
def test_pattern_is_well_made(pattern):
    assert pattern.examples
    assert pattern.counter
    assert pattern.labels <= known_labels()
    assert all(word == word.lower() for word in pattern.words)


@pytest.mark.parametrize("attribute", sorted({p.attribute for p in PATTERNS} - {"payment.deposit"}))
def test_attribute_can_be_found_in_both_languages(attribute):
    assert {p.language for p in PATTERNS if p.attribute == attribute} >= _languages(attribute)


def _languages(attribute):
    english_only = {"exclusivity.fee", "liability.gross"}
    return {"en"} if attribute in english_only else {"en", "zh"}


def test_pattern_of_another_label_is_not_asked():
    text = "This Agreement has an initial term of ten years."
    assert find_attributes(text, "en", {"term_renewal"}) == {"term.years": "10"}
    assert find_attributes(text, "en", {"payment"}) == {}


def test_several_values_are_joined_in_order():
    text = "Distributor may terminate on 30 days' notice, Supplier on 180 days' notice."
    value = find_attributes(text, "en", {"termination"})["termination.notice_days"]
    assert split_values(value) == ("30", "180")


def test_language_of_the_text_decides():
    assert find_attributes("本合同有效期十年。", "en", {"term_renewal"}) == {}


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("1,200", "en", 1200),
        ("2.5", "en", 2.5),
        ("one hundred and eighty", "en", 180),
        ("twenty-four", "en", 24),
        ("two thousand five hundred", "en", 2500),
        ("three million", "en", 3_000_000),
        ("several", "en", None),
        ("十", "zh", 10),
        ("九十", "zh", 90),
        ("一百二十", "zh", 120),
        ("两", "zh", 2),
        ("一百五十万", "zh", 1_500_000),
        ("三亿五千万", "zh", 350_000_000),
        ("二〇二六", "zh", 2026),
        ("壹佰", "zh", 100),
        ("若干", "zh", None),
        ("", "zh", None),
    ],
)
def test_numbers_are_read(text, language, value):
    assert read_number(text, language) == value


def test_periods_are_brought_to_one_unit():
    assert in_days(3, "month", "en") == in_days(3, "月", "zh") == 90
    assert in_years(18, "month", "en") == 1.5
    assert short(1.50) == "1.5"


@pytest.mark.parametrize(
    ("title", "text", "archetype"),
    [
        ("EXCLUSIVE DISTRIBUTION AGREEMENT", "Supplier sells under licence.", "distribution"),
        ("技术许可合同", "", "licence"),
        ("Memorandum of Understanding on Distribution", "", "loi"),
        ("合资经营合同", "", "jv"),
        ("AGREEMENT", "The Manufacturer shall make the goods.", "oem"),
        ("AGREEMENT", "The parties agree.", ""),
    ],
)
def test_kind_of_deal_is_told_by_title_then_text(title, text, archetype):
    assert find_archetype(title, text) == archetype


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.id)
def test_pattern_has_no_open_window(pattern):
    """Open windows in a row make a long clause without full stops cost minutes."""
    assert "[^.;]*" not in pattern.pattern
    assert "[^。；]*" not in pattern.pattern
