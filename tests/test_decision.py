"""Decisions taken apart: what adds up to a score, and the words in the draft behind it."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clausescan.corpus import ClauseRecord, read_corpus
from clausescan.document import view
from clausescan.errors import ModelError
from clausescan.extract import read_document
from clausescan.learning.examples import add_examples
from clausescan.pipeline import load, load_from
from clausescan.pipeline.decision import Decision, passages_of
from clausescan.pipeline.examples import EXAMPLES_FILE, Example, find_neighbours, read_examples
from clausescan.pipeline.labeller import UNLABELLED_KINDS, continued, lead_ins
from clausescan.pipeline.labels import Labels, label_component
from clausescan.pipeline.linear import LinearModel
from clausescan.pipeline.reading import Reading, read_text
from clausescan.pipeline.reasons import Passage
from clausescan.pipeline.sparse import Rows

ROOT = Path(__file__).parents[1]
RECORDS = read_corpus(ROOT / "corpus" / "clauses")
GRANT = "Supplier appoints the Dealer as its sole and exclusive distributor of the Lamps in China."
DRAFTS = [
    ("distribution-en.docx", "en"),
    ("distribution-zh.docx", "zh"),
    ("jv-bilingual.docx", "zh"),
    ("oem-en.pdf", "en"),
]


@cache
def component(language: str) -> Labels:
    return label_component(load(language, tokens=False))


@cache
def reading(name: str, language: str) -> Reading:
    part = view(read_document(ROOT / "corpus" / "drafts" / name), language, fallback=True)
    return read_text(load(language, tokens=False), part.text, part.blocks)


def passages(found: Reading) -> list[tuple[int, Passage]]:
    """The sentences of a reading that may carry labels, with their places."""
    places = [
        place
        for place, one in enumerate(found.sentences)
        if not one["is_heading"] and found.clauses[one["clause"]]["kind"] not in UNLABELLED_KINDS
    ]
    chosen = [found.sentences[place] for place in places]
    leads = lead_ins(found.clauses, [one["clause"] for one in chosen])
    return list(
        zip(
            places,
            passages_of(
                [found.text[one["start"] : one["end"]] for one in chosen],
                [one["start"] for one in chosen],
                [found.clauses[one["clause"]]["heading"] for one in chosen],
                leads,
                continued(leads),
            ),
            strict=True,
        )
    )


def passage_of(record: ClauseRecord) -> Passage:
    return Passage(record.text, 1000, record.heading, record.previous, 400)


@settings(max_examples=60, deadline=None)
@given(record=st.sampled_from(RECORDS), column=st.integers(0, 36))
def test_contributions_and_bias_add_up_to_the_margin(record: ClauseRecord, column: int) -> None:
    labels = component(record.language)
    decision = Decision(labels, passage_of(record))
    reasons = decision.reasons(decision.labels[column])
    if reasons.model is None:
        assert len(record.text.split()) < 7
        return
    total = reasons.model.bias + sum(one.weight for one in reasons.model.contributions)
    assert total == pytest.approx(reasons.model.margin, abs=1e-4)
    model = labels.labeller.model
    place = model.labels.index(reasons.label)
    logit = reasons.model.margin * model.slope[place] + model.offset[place]
    platt = 1 / (1 + np.exp(-logit))
    expected = np.interp(platt, *zip(*model.curve, strict=True)) if model.curve else platt
    assert reasons.model.probability == pytest.approx(expected, abs=1e-4)


@settings(max_examples=40, deadline=None)
@given(record=st.sampled_from(RECORDS))
def test_quotes_are_words_of_the_sentence_or_the_one_before(record: ClauseRecord) -> None:
    passage = passage_of(record)
    decision = Decision(component(record.language), passage)
    for label in record.labels or ("payment",):
        reasons = decision.reasons(label)
        quotes = [quote for one in (*reasons.rules, *reasons.vetoes) for quote in one.quotes]
        for one in reasons.model.contributions if reasons.model else ():
            quotes += one.quotes
            assert bool(one.quotes) == (one.kind == "words" and one.part != "heading")
        for quote in quotes:
            own = quote.start >= passage.start
            text, start = (record.text, 1000) if own else (record.previous, 400)
            assert quote.text
            assert text[quote.start - start : quote.end - start] == quote.text


@pytest.mark.parametrize(("name", "language"), DRAFTS)
def test_a_decision_is_the_one_of_the_draft(name: str, language: str) -> None:
    found = reading(name, language)
    wanted: dict[int, dict[str, tuple[float, str]]] = {}
    for item in found.labels:
        wanted.setdefault(item["sentence"], {})[item["label"]] = (item["score"], item["source"])
    assert len(wanted) > 10
    for place, passage in passages(found):
        decision = Decision(component(language), passage)
        given = [label for label in decision.labels if decision.gives(label)]
        told = {label: (decision.score(label), decision.source(label)) for label in given}
        assert told == wanted.get(place, {})


@pytest.mark.parametrize(("name", "language"), DRAFTS[:2])
def test_reasons_lead_to_the_score(name: str, language: str) -> None:
    """Rules, vetoes and the model's probability give the score, by the labeller's own rule."""
    for _, passage in passages(reading(name, language)):
        decision = Decision(component(language), passage)
        for label in decision.labels:
            reasons = decision.reasons(label)
            score = reasons.model.probability if reasons.model else 0.0
            for veto in reasons.vetoes:
                score *= veto.factor
            counted = [one.counted for one in reasons.rules if one.counted is not None]
            assert reasons.score == pytest.approx(max([score, *counted]), abs=6e-5)


def test_a_rule_quotes_what_it_found() -> None:
    passage = Passage(GRANT, 50)
    reasons = Decision(component("en"), passage).reasons("exclusivity.grant")
    rule = next(one for one in reasons.rules if one.rule == "exclusivity.grant/appoint")
    assert [quote.text for quote in rule.quotes] == [GRANT[GRANT.index("appoints") : 66]]
    assert rule.quotes[0].start == 50 + GRANT.index("appoints")
    assert rule.examples


def test_a_rule_quotes_lead_in_and_item() -> None:
    lead = "If Dealer fails to meet the Minimum in a year, Maker may:"
    item = "appoint other dealers; or"
    passage = Passage(item, 80, "Minimum", lead, 10, listed=True)
    reasons = Decision(component("en"), passage).reasons("performance.consequence")
    assert reasons.given
    assert {quote.start >= 80 for rule in reasons.rules for quote in rule.quotes} == {True, False}
    alone = Decision(component("en"), replace(passage, listed=False))
    assert not alone.reasons("performance.consequence").rules


def test_a_veto_tells_what_misled_and_a_denied_rule_counts_nothing() -> None:
    labels = Labels("en")
    labels.use(constant("performance.minimum", margin=2.0))
    text = "The Lamps are shipped in lots and the minimum order quantity is 40 cartons."
    reasons = Decision(labels, Passage(text, 0)).reasons("performance.minimum")
    assert not reasons.given
    assert [quote.text for quote in reasons.vetoes[0].quotes] == ["minimum order quantity"]
    assert reasons.score < reasons.model.probability
    labels.use(constant("exclusivity.grant", margin=-4.0))
    denied = Decision(labels, Passage(GRANT, 0)).reasons("exclusivity.grant")
    assert not denied.given
    assert denied.rules
    assert {one.counted for one in denied.rules} == {None}


def constant(label: str, *, margin: float) -> LinearModel:
    """A model that knows one label and no words."""
    one = np.ones(1, np.float32)
    weights = dict.fromkeys(("text", "heading", "previous"), Rows.of(np.zeros((1, 1), np.float32)))
    return LinearModel("en", (label,), ("word",), one, weights, one * margin, one, one * 0, one / 2)


# --- examples ---------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_shipped_examples_are_the_sentences_of_the_corpus(
    language: str, tmp_path: Path
) -> None:
    own = [record for record in RECORDS if record.language == language]
    add_examples(own, tmp_path)
    shipped = ROOT / "models" / language / EXAMPLES_FILE
    assert shipped.read_bytes() == tmp_path.joinpath(EXAMPLES_FILE).read_bytes(), (
        "after a change of corpus/clauses: "
        f"python -m clausescan.learning.shipping examples-{language} --out models/{language}"
    )


def test_neighbours_are_nearest_first_and_one_carries_the_label() -> None:
    labeller = component("en").labeller
    examples = [
        Example("far", "Each party pays its own taxes.", ("exclusivity.grant",), ()),
        Example("one", GRANT.replace("sole", "only"), (), ("exclusivity.grant",)),
        Example("two", GRANT.replace("sole", "first"), (), ("exclusivity.grant",)),
        Example("same", GRANT, ("payment",), ()),
        Example("like", "Maker appoints Firm as its distributor.", ("exclusivity.grant",), ()),
    ]
    found = find_neighbours(labeller, GRANT, "exclusivity.grant", examples, count=2)
    assert [one.example.id for one in found] == ["one", "like"]
    assert found[0].likeness > found[1].likeness > 0
    same = find_neighbours(labeller, GRANT, "payment", examples, count=3)
    assert [(one.example.id, one.likeness) for one in same] == [
        ("same", pytest.approx(1, abs=1e-3))
    ]


def test_nothing_like_it_gives_no_neighbours() -> None:
    examples = [Example("a", "Zebras.", ("payment",), ())]
    labeller = component("en").labeller
    assert find_neighbours(labeller, GRANT, "payment", examples, count=3) == ()
    assert find_neighbours(labeller, GRANT, "mfn", examples, count=3) == ()


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"id": "a"}', '{"id": "a", "text": 1, "labels": [], "near": []}']
)
def test_broken_examples_are_an_error_that_names_the_line(line: str, tmp_path: Path) -> None:
    good = json.dumps({"id": "x", "text": "A.", "labels": [], "near": []})
    tmp_path.joinpath(EXAMPLES_FILE).write_text(f"{good}\n{line}\n", "utf-8")
    with pytest.raises(ModelError, match=f"{EXAMPLES_FILE}:2"):
        read_examples(tmp_path)


def test_loading_a_pipeline_reads_no_examples(tmp_path: Path) -> None:
    folder = tmp_path / "zh"
    shutil.copytree(ROOT / "models" / "zh", folder)
    folder.joinpath(EXAMPLES_FILE).write_text("broken", "utf-8")
    assert read_text(load_from(folder, tokens=False), "甲方付款。", ()).text
    with pytest.raises(ModelError):
        read_examples(folder)


def test_a_folder_without_examples_has_none(tmp_path: Path) -> None:
    assert read_examples(tmp_path) == ()
