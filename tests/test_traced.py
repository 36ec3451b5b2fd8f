"""Terms and folded texts with the way back: the same as without it, and the places are right."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clausescan.pipeline.terms import analyzer, folded
from clausescan.pipeline.traced import trace_folded, trace_terms

CLAUSES = Path(__file__).parents[1] / "corpus" / "clauses"
ALPHABET = "AaİΣσßÉn -non-Exclusive’'“”.,;:0123½４（）％　 \n\t獨家权權權①ﬁ"


def sentences(language: str) -> list[str]:
    lines = [
        line
        for file in sorted(CLAUSES.glob(f"{language}-*.jsonl"))
        for line in file.read_text("utf-8").splitlines()
    ]
    return [json.loads(line)["text"] for line in lines[::5]]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_tracing_changes_nothing_and_loses_no_place(language: str) -> None:
    for text in sentences(language):
        traced = trace_folded(text, language)
        assert traced.text == folded(text, language)
        assert list(traced.starts) == sorted(traced.starts)
        assert max(end - start for start, end in zip(traced.starts, traced.ends, strict=True)) < 6
        terms = trace_terms(text, language)
        assert [one.term for one in terms] == analyzer(language)(text)
        assert any(0 < one.start < one.end < len(text) for one in terms)


@pytest.mark.parametrize("language", ["en", "zh"])
@given(text=st.text(ALPHABET, max_size=60))
def test_any_text_can_be_traced(language: str, text: str) -> None:
    traced = trace_folded(text, language)
    assert traced.text == folded(text, language)
    assert len(traced.text) == len(traced.starts) == len(traced.ends)
    for one in trace_terms(text, language):
        assert 0 <= one.start < one.end <= len(text)


@pytest.mark.parametrize(
    ("language", "text", "term", "words"),
    [
        ("en", "A Non Exclusive right", "non-exclusive", "Non Exclusive"),
        ("en", "pays EUR 1,200 a year", "0 0", "1,200"),
        ("en", "the  Dealer’s\nshop", "dealer’s shop", "Dealer’s\nshop"),
        ("zh", "授予　獨 家权", "独家", "獨 家"),
        ("zh", "支付（５）％", "(5)", "（５）"),
    ],
)
def test_a_term_leads_back_to_its_words(language: str, text: str, term: str, words: str) -> None:
    found = next(one for one in trace_terms(text, language) if one.term == term)
    assert text[found.start : found.end] == words


def test_a_match_leads_back_to_its_words() -> None:
    text = "Dealer\n shall pay  2.5%."
    traced = trace_folded(text, "en")
    start = traced.text.index("pay 2,5")
    first, last = traced.origin(start, start + len("pay 2,5"))
    assert text[first:last] == "pay  2.5"
