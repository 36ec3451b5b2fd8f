"""The label component: scores, masks, sources, saving."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import spacy
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC
from spacy.language import Language

from clausescan.corpus import ClauseRecord
from clausescan.errors import ModelError
from clausescan.evaluation import calibration_error
from clausescan.learning.calibration import Settings, Table, calibrate
from clausescan.learning.fitting import empty_model, features, fit_model
from clausescan.pipeline import blank, load, load_from
from clausescan.pipeline.labeller import Labeller, continued, lead_ins
from clausescan.pipeline.labels import Labels
from clausescan.pipeline.linear import (
    PARTS,
    SCALES,
    LinearModel,
    Scorer,
    files_of,
    model_of,
    pruned,
)
from clausescan.pipeline.sparse import Rows

SENTENCES = [
    ("Maker keeps the recipe secret and tells nobody of it at any time.", "confidentiality"),
    ("Dealer keeps all the drawings secret for five years after the end.", "confidentiality"),
    ("The recipe stays secret and Dealer tells nobody, ever, of it.", "confidentiality"),
    ("Dealer keeps the price list secret and tells nobody of the figures.", "confidentiality"),
    ("Dealer sends the money for each lot by wire in ten days.", "payment"),
    ("The money for the lot is due in ten days after each delivery.", "payment"),
    ("Dealer sends half the money with the order and half in ten days.", "payment"),
    ("The money is due in euro ten days after the lot has left.", "payment"),
    ("The lot leaves the works on a Monday unless it is a holiday.", ""),
    ("Dealer paints the shop in the colours of Maker every summer.", ""),
    ("The works stand on the river and have three gates and a yard.", ""),
    ("Each lot has ten boxes and each box has ten lamps of a kind.", ""),
]
RECORDS = [
    ClauseRecord(
        id=str(number),
        text=text,
        language="en",
        labels=(label,) if label else (),
        heading="Secrecy" if label == "confidentiality" else "",
        previous=SENTENCES[number - 1][0] if number else "",
        document=f"d{number % 4}",
    )
    for number, (text, label) in enumerate(SENTENCES)
]
LABELS = ("confidentiality", "payment")


@pytest.fixture(scope="module")
def model() -> LinearModel:
    groups = {record.document: record.document for record in RECORDS}
    return fit_model(RECORDS, LABELS, groups, language="en", settings=Settings(min_df=1))


@pytest.fixture
def nlp(model: LinearModel) -> Language:
    pipeline = blank("en")
    component = pipeline.get_pipe("clausescan_labels")
    assert isinstance(component, Labels)
    component.use(model)
    return pipeline


def texts(part: str) -> list[str]:
    return [str(getattr(record, part)) for record in RECORDS]


def test_numpy_scores_equal_scikit_learns() -> None:
    vectorizer = TfidfVectorizer(
        token_pattern=r"\b\w[\w'’-]*\b|[$%]",  # noqa: S106, no password
        ngram_range=(1, 2),
        sublinear_tf=True,
    ).fit(texts("text"))
    rows = np.hstack([SCALES["en"][p] * vectorizer.transform(texts(p)).toarray() for p in PARTS])
    target = [record.labels == ("payment",) for record in RECORDS]
    svm = LinearSVC(C=0.5, random_state=0).fit(rows, target)
    terms = tuple(vectorizer.get_feature_names_out())
    blocks = np.split(svm.coef_[0], len(PARTS))
    ours = LinearModel(
        language="en",
        labels=("payment",),
        terms=terms,
        idf=vectorizer.idf_.astype(np.float32),
        weights={
            p: Rows.of(w[:, None].astype(np.float32)) for p, w in zip(PARTS, blocks, strict=True)
        },
        bias=svm.intercept_.astype(np.float32),
        slope=np.ones(1, np.float32),
        offset=np.zeros(1, np.float32),
        thresholds=np.full(1, 0.5, np.float32),
    )
    nothing: list[list[str]] = [[] for _ in RECORDS]
    margins = Scorer(ours).margins_apart(
        texts("text"), texts("heading"), nothing, texts("previous"), nothing
    )
    assert np.abs(margins[:, 0] - svm.decision_function(rows)).max() < 1e-3


def test_sentences_in_order_score_as_with_the_sentence_before(model: LinearModel) -> None:
    nothing: list[list[str]] = [[] for _ in RECORDS]
    scorer = Scorer(model)
    before = list(range(-1, len(RECORDS) - 1))
    running = scorer.margins(texts("text"), texts("heading"), nothing, before)
    apart = scorer.margins_apart(
        texts("text"), texts("heading"), nothing, texts("previous"), nothing
    )
    assert np.allclose(running, apart, atol=1e-5)


def test_training_features_are_those_of_inference(model: LinearModel) -> None:
    labeller = Labeller("en", model)
    marks = [labeller.book.marks(text) for text in texts("text")]
    before = [labeller.book.marks(text) for text in texts("previous")]
    margins = Scorer(model).margins_apart(
        texts("text"), texts("heading"), marks, texts("previous"), before
    )
    weights = np.concatenate([model.weights[part].dense() for part in PARTS])
    assert np.allclose(features(model, RECORDS) @ weights + model.bias, margins, atol=1e-4)


def test_saving_loses_at_most_a_hundredth(model: LinearModel) -> None:
    small = model_of(files_of(pruned(model, smallest=0.004)))
    nothing: list[list[str]] = [[] for _ in RECORDS]
    before = [-1] * len(RECORDS)
    margins = [
        Scorer(one).margins(texts("text"), texts("heading"), nothing, before)
        for one in (model, small)
    ]
    assert np.abs(margins[0] - margins[1]).max() < 0.02


def test_same_model_gives_same_bytes(model: LinearModel) -> None:
    assert files_of(pruned(model, smallest=0.004)) == files_of(pruned(model, smallest=0.004))


def test_spans_and_records_run_side_by_side(nlp: Language) -> None:
    doc = nlp("1. Secrecy\n1.1 Dealer keeps the recipe secret and tells nobody of it, ever.")
    spans = doc.spans["labels"]
    records = spans.attrs["labels"]
    assert len(spans) == len(records) > 0
    for span, record in zip(spans, records, strict=True):
        assert span.label_ == record["label"]
        assert 0 <= record["score"] <= 1
        sentence = doc.spans["sentences"].attrs["sentences"][record["sentence"]]
        assert (record["start"], record["end"]) == (sentence["start"], sentence["end"])
        assert sentence["clause"] == record["clause"]
    assert "confidentiality" in {record["label"] for record in records}


def test_headings_get_no_labels(nlp: Language) -> None:
    doc = nlp("1. CONFIDENTIALITY AND PAYMENT OF INVOICES\n1.1 The works have three gates.")
    assert doc.spans["labels"].attrs["labels"] == []


def test_rule_tells_its_name(nlp: Language) -> None:
    doc = nlp("1.1 Neither party is liable for indirect or consequential loss.")
    sources = {r["label"]: r["source"] for r in doc.spans["labels"].attrs["labels"]}
    assert sources["liability_cap"] == "liability_cap/not-exceed"


def test_items_of_a_list_continue_its_lead_in() -> None:
    clauses = [
        {"parent": -1, "lead_in": True},
        {"parent": 0, "lead_in": False},
        {"parent": 0, "lead_in": False},
        {"parent": -1, "lead_in": False},
    ]
    leads = lead_ins(clauses, [0, 1, 2, 3, 3])
    assert leads == [-1, 0, 0, -1, -1]
    assert continued(leads) == [-1, 0, 0, 2, 3]


def test_rules_read_items_with_their_lead_in(nlp: Language) -> None:
    text = (
        "3. Minimum\n3.1 If Dealer fails to meet the Minimum in a year, Maker may:\n"
        "(a) appoint other dealers; or\n(b) end the sale of lamps in the north.\n"
    )
    doc = nlp(text)
    found = doc.spans["labels"].attrs["labels"]
    items = {text[r["start"] : r["end"]] for r in found if r["label"] == "performance.consequence"}
    assert any(item.startswith("appoint") for item in items)


def test_fragments_are_left_to_the_rules(model: LinearModel) -> None:
    judged = Labeller("en", model).judge(["the recipe secret"], ["Secrecy"], [""])
    assert not judged.given.any()
    assert judged.scores.max() == 0


def test_empty_text_gives_no_labels(nlp: Language) -> None:
    assert nlp("").spans["labels"].attrs["labels"] == []


def test_pipeline_reads_back_from_disk(nlp: Language, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path / "model")
    text = "1.1 Dealer keeps the recipe secret and tells nobody of it, ever."
    expected = nlp(text).spans["labels"].attrs["labels"]
    for again in (load_from(tmp_path / "model"), spacy.load(tmp_path / "model")):
        found = again(text).spans["labels"].attrs["labels"]
        assert [(r["label"], r["source"]) for r in found] == [
            (r["label"], r["source"]) for r in expected
        ]


def test_pipeline_reads_back_from_bytes(nlp: Language) -> None:
    again = blank("en").from_bytes(nlp.to_bytes())
    component = again.get_pipe("clausescan_labels")
    assert isinstance(component, Labels)
    assert component.model is not None
    assert component.model.labels == LABELS


def test_weights_of_another_language_are_refused(model: LinearModel) -> None:
    component = blank("zh").get_pipe("clausescan_labels")
    assert isinstance(component, Labels)
    with pytest.raises(ModelError, match="does not fit"):
        component.use(model)


def test_broken_model_is_an_error(model: LinearModel) -> None:
    files = files_of(model)
    with pytest.raises(ModelError, match="cannot be read"):
        model_of({**files, "weights.npz": b"nothing"})
    with pytest.raises(ModelError, match="other features"):
        model_of({**files, "terms.txt": b"one\ntwo"})


def test_missing_language_is_an_error() -> None:
    with pytest.raises(ModelError, match="no model for 'fr'"):
        load("fr")


def test_folder_without_pipeline_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no pipeline is here"):
        load_from(tmp_path)


def test_vocabulary_keeps_the_base_first() -> None:
    base = empty_model(RECORDS[:4], LABELS, language="en", min_df=1)
    wide = empty_model(RECORDS, LABELS, language="en", min_df=1, base=base)
    assert wide.terms[: len(base.terms)] == base.terms
    assert np.array_equal(wide.idf[: len(base.terms)], base.idf)


@pytest.mark.parametrize(
    ("language", "text", "label"),
    [
        ("en", "This Agreement shall be governed by the laws of Singapore.", "dispute_law"),
        ("en", "The Chinese version shall prevail over the English one.", "language"),
        ("zh", "甲方授予乙方在区域内的独家经销权。", "exclusivity.grant"),
        (
            "zh",
            "总部授權區域商為獨家代理商，区域不包括香港、澳门及台湾地区。",
            "territory.boundary",
        ),
    ],
)
def test_shipped_pipeline_knows_plain_clauses(language: str, text: str, label: str) -> None:
    doc = load(language)(text)
    assert label in {span.label_ for span in doc.spans["labels"]}


NEVER_SELL = (
    "Maker shall not sell the Valves in the Territory other than through the Agent named here."
)


@pytest.mark.parametrize(
    ("margin", "given"),
    [(-3.0, False), (-0.2, True), (3.0, True)],
    ids=["model denies", "model doubts", "model agrees"],
)
def test_model_overrules_a_rule_that_it_denies(margin: float, given: bool) -> None:
    label = "exclusivity.covenant"
    labeller = Labeller("en", _constant(label))
    hits = [labeller.book.hits(NEVER_SELL)]
    assert label in {phrase.label for phrase in hits[0]}
    judged = labeller.settle([NEVER_SELL], hits, np.array([[margin]], np.float32))
    assert bool(judged.given[0, labeller.labels.index(label)]) == given


def test_a_rule_that_the_model_doubts_gives_a_doubtful_label() -> None:
    label = "exclusivity.covenant"
    labeller = Labeller("en", _constant(label))
    column = labeller.labels.index(label)
    hits = [labeller.book.hits(NEVER_SELL)]
    doubted, agreed = (
        labeller.settle([NEVER_SELL], hits, np.array([[margin]], np.float32)).scores[0, column]
        for margin in (-0.2, 3.0)
    )
    assert doubted < 0.7 < agreed


def test_a_rule_counts_although_the_model_is_surer_but_not_sure_enough() -> None:
    label, text = "dispute_law", "This Agreement shall be governed by the laws of Denmark."
    labeller = Labeller("en", _constant(label), least=0.999)
    hits = labeller.book.hits(text)
    best = max(phrase.score for phrase in hits if phrase.label == label)
    margin = np.array([[3.0]], np.float32)
    column = labeller.labels.index(label)
    alone = labeller.settle([text], [[]], margin)
    both = labeller.settle([text], [hits], margin)
    assert best < alone.scores[0, column] < labeller.least
    assert not alone.given[0, column]
    assert both.given[0, column]


def test_a_page_number_in_a_list_takes_no_label_from_the_lead_in() -> None:
    lead = "The Supplier shall indemnify the Distributor against all losses from:"
    judged = Labeller("en").judge_text(
        [lead, "14", "defects of the goods"], ["", "", ""], [-1, 0, 0]
    )
    given = judged.given.any(axis=1).tolist()
    assert given == [True, False, True]


def test_a_curve_puts_probabilities_right_and_keeps_their_order() -> None:
    margins = np.linspace(-4, 4, 50, dtype=np.float32)[:, None]
    plain = _constant("dispute_law")
    bent = replace(plain, curve=((0.0, 0.0), (0.5, 0.4), (1.0, 0.9)))
    before = Scorer(plain).probabilities(margins)[:, 0]
    after = Scorer(bent).probabilities(margins)[:, 0]
    assert (np.diff(after) >= 0).all()
    assert after.max() <= 0.9
    assert after[np.argmin(abs(before - 0.5))] == pytest.approx(0.4, abs=0.05)
    assert model_of(files_of(bent)).curve == bent.curve


def test_calibration_finds_the_share_that_is_true() -> None:
    rng = np.random.default_rng(0)
    margins = rng.normal(size=(4000, 1)).astype(np.float32)
    truth = rng.random((4000, 1)) < np.clip(0.2 + 0.3 * margins, 0.02, 0.8)
    table = Table(("payment",), truth, np.ones_like(truth))
    found = calibrate(margins, table, np.ones(4000, np.float32), Settings())
    assert calibration_error(found.probabilities(margins).ravel(), truth.ravel()) < 0.02
    straight = replace(found, curve=())
    assert calibration_error(straight.probabilities(margins).ravel(), truth.ravel()) > 0.03


def test_a_label_may_need_less_than_the_others_in_a_contract() -> None:
    floors = {
        label: Labeller("en", _constant(label), least=0.9).floor_of(label)
        for label in ("performance.consequence", "dispute_law")
    }
    assert floors["performance.consequence"] < floors["dispute_law"] == 0.9


def _constant(label: str) -> LinearModel:
    """A model that knows one label and no words."""
    return LinearModel(
        "en", (label,), ("word",), np.ones(1, np.float32),
        {part: Rows.of(np.zeros((1, 1), np.float32)) for part in PARTS},
        *(np.array([value], np.float32) for value in (0, 2, 0, 0.7)),
    )  # fmt: skip
