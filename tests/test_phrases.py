"""Phrase rules: each finds its examples and leaves its counter-examples alone."""

from __future__ import annotations

import re

import pytest

from clausescan.errors import DataError
from clausescan.pipeline import phrases
from clausescan.pipeline.phrases import Phrase, Veto, load_phrases
from clausescan.pipeline.taxonomy import load_taxonomy
from clausescan.pipeline.terms import folded

BOOKS = {language: load_phrases(language) for language in ("en", "zh")}
RULES = [
    pytest.param(language, rule, id=f"{language}:{rule.id}")
    for language, book in BOOKS.items()
    for rule in (*book.phrases, *book.vetoes)
]


@pytest.mark.parametrize(("language", "rule"), RULES)
def test_rule_finds_its_examples(language: str, rule: Phrase | Veto) -> None:
    missed = [text for text in rule.examples if not rule.finds(folded(text, language))]
    assert rule.examples
    assert missed == []


@pytest.mark.parametrize(("language", "rule"), RULES)
def test_rule_leaves_its_counter_examples_alone(language: str, rule: Phrase | Veto) -> None:
    found = [text for text in rule.counter if rule.finds(folded(text, language))]
    assert rule.counter
    assert found == []


@pytest.mark.parametrize(("language", "rule"), RULES)
def test_rule_names_labels_of_the_taxonomy(language: str, rule: Phrase | Veto) -> None:
    named = rule.labels if isinstance(rule, Veto) else (rule.label,)
    assert {*named} <= {*load_taxonomy()}


@pytest.mark.parametrize("language", BOOKS)
def test_every_label_has_a_rule(language: str) -> None:
    covered = {phrase.label for phrase in BOOKS[language].phrases}
    assert covered == set(load_taxonomy())


@pytest.mark.parametrize(
    ("language", "phrase"),
    [
        pytest.param(language, phrase, id=f"{language}:{phrase.id}")
        for language, book in BOOKS.items()
        for phrase in book.phrases
    ],
)
def test_pattern_has_no_wide_or_nested_repeats(language: str, phrase: Phrase) -> None:
    source = phrase.pattern
    widths = [int(width) for width in re.findall(r"\{0,(\d+)\}", source)]
    assert max(widths, default=0) <= 140
    assert not re.search(r"\)[+*]\)?[+*]", source)
    assert not re.search(r"\.[*+](?!\?\))", source)


@pytest.mark.parametrize("phrase", BOOKS["en"].phrases, ids=lambda phrase: phrase.id)
def test_needs_hold_in_every_example(phrase: Phrase) -> None:
    for text in phrase.examples:
        assert any(need in folded(text, "en") for need in phrase.needs)


@pytest.mark.parametrize("language", BOOKS)
def test_looking_up_words_skips_no_rule(language: str) -> None:
    book = BOOKS[language]
    texts = [text for phrase in book.phrases for text in (*phrase.examples, *phrase.counter)]
    found = 0
    for text in texts:
        plain = folded(text, language)
        asked = [phrase for phrase in book.phrases if phrase.finds(plain)]
        assert book.hits(text) == asked
        found += len(asked)
    assert found >= len(book.phrases)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("The  Buyer’s\n share", "the buyer's share"),
        ("pay 0.5% of USD 1.2m.", "pay 0,5% of usd 1,2m."),
        ("a non- exclusive or Nonexclusive right", "a non-exclusive or non-exclusive right"),
        ("on a non exclusive basis", "on a non-exclusive basis"),
    ],
)
def test_english_is_folded(text: str, plain: str) -> None:
    assert folded(text, "en") == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("獨家 經銷權", "独家经销权"),
        ("第１．１條，應當（甲方）", "第1.1条,应当(甲方)"),
    ],
)
def test_chinese_is_folded(text: str, plain: str) -> None:
    assert folded(text, "zh") == plain


@pytest.mark.parametrize(
    "text",
    [
        "Supplier appoints Dealer as its non-exclusive reseller of the Pumps.",
        "The courts of Hamburg shall have exclusive jurisdiction.",
        "Repair is the sole and exclusive remedy of the Buyer.",
        "All prices are exclusive of VAT.",
        "Maker shall have exclusive control of the defence.",
        "The Marks are the exclusive property of Maker.",
    ],
)
def test_misleading_exclusive_gives_no_grant(text: str) -> None:
    assert "exclusivity.grant" not in {hit.label for hit in BOOKS["en"].hits(text)}


@pytest.mark.parametrize(
    "text",
    [
        "乙方为非独家经销商。",
        "争议由上海法院专属管辖。",
        "维修为唯一补救。",
        "甲方为外商独资企业。",
    ],
)
def test_misleading_dujia_gives_no_grant(text: str) -> None:
    assert "exclusivity.grant" not in {hit.label for hit in BOOKS["zh"].hits(text)}


def test_unknown_key_is_an_error() -> None:
    with pytest.raises(DataError, match="'colour' is unknown"):
        phrases._phrase({"id": "x", "colour": "red"}, "phrases.en.toml")


@pytest.mark.parametrize(("language", "rule"), RULES)
def test_patterns_compile(language: str, rule: Phrase | Veto) -> None:
    bars = (rule.unless,) if isinstance(rule, Veto) else (rule.also, rule.bars)
    for source in (rule.pattern, *filter(None, bars)):
        assert phrases.compiled(source).pattern == source
