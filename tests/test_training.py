"""Retraining on top of a base: what is learned, what is kept, what is reported."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from clausescan.corpus import ClauseRecord, read_corpus, write_corpus
from clausescan.errors import ModelError, UsageError
from clausescan.evaluation import (
    calibration_error,
    evaluate,
    score_labeller,
    scores_of,
)
from clausescan.learning.calibration import Settings, best_threshold
from clausescan.learning.fitting import fit_model, folds_of
from clausescan.pipeline import blank, load_from
from clausescan.pipeline.examples import Example, read_examples, write_examples
from clausescan.pipeline.labeller import Labeller
from clausescan.pipeline.labels import label_component
from clausescan.pipeline.linear import PARTS, LinearModel, Scorer, pruned
from clausescan.training import retrained, save, train

SUBJECTS = ["Dealer", "Maker", "The shop", "Each side", "The works", "The agent"]
MFN = "{} always gets the cheapest lamp rate that any other house in Asia is given"
LANGUAGE = "{} reads the Finnish words of these pages first when the two pages differ"
PLAIN = "{} paints the gate of the yard in the colours of the house each summer"


def records(*, extra: str = "") -> list[ClauseRecord]:
    kinds = [(MFN, ("mfn",)), (LANGUAGE, ("language",)), (PLAIN, ())]
    return [
        ClauseRecord(
            id=f"{number}-{kind}",
            text=pattern.format(subject) + extra + f" and lot {number}.",
            language="en",
            labels=labels,
            document=f"d{number}",
        )
        for number, subject in enumerate(SUBJECTS)
        for kind, (pattern, labels) in enumerate(kinds)
    ]


@pytest.fixture(scope="module")
def base() -> LinearModel:
    groups = {record.document: record.document for record in records()}
    return fit_model(
        records(), ("language", "mfn"), groups, language="en", settings=Settings(min_df=1)
    )


@pytest.fixture(scope="module")
def base_folder(base: LinearModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("base")
    nlp = blank("en")
    label_component(nlp).use(pruned(base, smallest=0.0))
    save(nlp, folder)
    return folder


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    own = [
        ClauseRecord(
            id=f"u{number}",
            text=f"{subject} {words} under chapter {number} of the folder.",
            language="en",
            labels=labels,
            document=f"u{number % 5}",
        )
        for number, subject in enumerate(SUBJECTS * 2)
        for words, labels in [
            ("hides the secret lamp recipe from the world at large", ("confidentiality",))
            if number % 2
            else ("sweeps the yard and waters the trees on Sundays", ())
        ]
    ]
    path = tmp_path / "own.jsonl"
    write_corpus(own, path)
    return path


def test_labels_not_annotated_keep_the_base_weights(base: LinearModel) -> None:
    new = [
        ClauseRecord("a", "The lamp recipe is hidden in a box.", "en", ("confidentiality",)),
        ClauseRecord("b", "The lamp recipe stays in its box.", "en", ("confidentiality",)),
        ClauseRecord("c", "The yard is swept by hand on Sunday.", "en", ()),
    ]
    after = retrained(base, new, ("confidentiality",))
    for label in base.labels:
        place = after.labels.index(label)
        for part in PARTS:
            old, new = np.split(after.weights[part].dense()[:, place], [len(base.terms)])
            assert np.array_equal(old, base.weights[part].dense()[:, base.labels.index(label)])
            assert not new.any()


def test_new_label_is_learned(base: LinearModel) -> None:
    new = [
        ClauseRecord(
            str(number),
            f"{subject} hides the secret lamp recipe from the world."
            if number % 2
            else f"{subject} sweeps the yard and waters the trees.",
            "en",
            ("confidentiality",) if number % 2 else (),
            document=str(number),
        )
        for number, subject in enumerate(SUBJECTS * 2)
    ]
    after = retrained(base, new, ("confidentiality",))
    assert after.labels == (*base.labels, "confidentiality")
    texts = ["Nobody hides the secret lamp recipe.", "Nobody sweeps the yard on Sunday."]
    empty = [[], []]
    margins = Scorer(after).margins_apart(texts, ["", ""], empty, ["", ""], empty)
    first, second = margins[:, after.labels.index("confidentiality")]
    assert first > second


def test_retraining_folds_into_one_linear_model(base: LinearModel) -> None:
    new = records(extra=" of the far north")
    after = retrained(base, new, ("mfn",))
    assert set(base.terms) < set(after.terms)
    assert after.weights["text"].dense().shape == (len(after.terms), len(after.labels))


def test_train_reports_before_and_after(corpus: Path, base_folder: Path, tmp_path: Path) -> None:
    scores = train(corpus, out=tmp_path / "models" / "new", base=base_folder)
    assert scores.trained == ("confidentiality",)
    assert scores.documents == (4, 1)
    assert scores.before is not None
    assert scores.after is not None
    assert json.loads(json.dumps(scores.to_dict()))["documents"] == {"trained": 4, "held_out": 1}
    again = load_from(tmp_path / "models" / "new")
    model = label_component(again).model
    assert model is not None
    assert "confidentiality" in model.labels


def test_own_sentences_stand_behind_the_examples_of_the_base(
    corpus: Path, base_folder: Path, tmp_path: Path
) -> None:
    first, again = tmp_path / "first", tmp_path / "again"
    shutil.copytree(base_folder, first)
    write_examples([Example("b", "Base.", ("mfn",), ()), Example("u1", "Old.", (), ())], first)
    train(corpus, out=again, base=first)
    examples = read_examples(again)
    assert [one.id for one in examples] == ["b", *(record.id for record in read_corpus(corpus))]
    assert "secret lamp recipe" in examples[2].text
    assert examples[2].labels == ("confidentiality",)


def test_same_corpus_gives_same_bytes(corpus: Path, base_folder: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        train(corpus, out=tmp_path / name, base=base_folder)
    files = sorted(p.relative_to(tmp_path / "one") for p in (tmp_path / "one").rglob("*.*"))
    assert files
    for file in files:
        one, two = (tmp_path / name / file for name in ("one", "two"))
        assert one.is_dir() or one.read_bytes() == two.read_bytes(), file


def test_nothing_is_held_out_when_asked(corpus: Path, base_folder: Path, tmp_path: Path) -> None:
    scores = train(corpus, out=tmp_path / "new", base=base_folder, held_out=0)
    assert scores.before is scores.after is None
    assert scores.to_dict()["before"] is None


def test_two_languages_at_once_are_refused(base_folder: Path, tmp_path: Path) -> None:
    rows = [
        ClauseRecord("a", "The recipe is secret.", "en", ("confidentiality",), document="a"),
        ClauseRecord("b", "配方应予保密。", "zh", ("confidentiality",), document="b"),
    ]
    write_corpus(rows, tmp_path / "both.jsonl")
    with pytest.raises(UsageError, match="one language at a time"):
        train(tmp_path / "both.jsonl", out=tmp_path / "new", base=base_folder)


def test_too_little_is_refused(base_folder: Path, tmp_path: Path) -> None:
    rows = [ClauseRecord("a", "The recipe is secret.", "en", ("confidentiality",), document="a")]
    write_corpus(rows, tmp_path / "few.jsonl")
    with pytest.raises(UsageError, match="annotate more"):
        train(tmp_path / "few.jsonl", out=tmp_path / "new", base=base_folder)


def test_base_without_weights_is_refused(corpus: Path, tmp_path: Path) -> None:
    save(blank("en"), tmp_path / "bare")
    with pytest.raises(ModelError, match="no label model"):
        train(corpus, out=tmp_path / "new", base=tmp_path / "bare")


def test_evaluate_reads_folder_and_corpus(base_folder: Path, tmp_path: Path) -> None:
    write_corpus(records(), tmp_path / "own.jsonl")
    scores = evaluate(base_folder, tmp_path / "own.jsonl")
    assert scores.labels["mfn"].positives == 6
    assert scores.labels["mfn"].recall > 0.5
    assert list(scores.to_dict()["labels"]) == sorted(scores.labels)


def test_unknown_cells_do_not_count(base: LinearModel) -> None:
    known = [r for r in records() if r.labels == ("mfn",)]
    open_ended = [
        ClauseRecord(r.id, r.text, "en", r.labels, document=r.document, known=("mfn",))
        for r in known
    ]
    scores = score_labeller(Labeller("en", base), open_ended)
    assert scores.labels["language"].given == 0
    assert scores.labels["language"].ap is None


def test_scores_count_hits() -> None:
    carried = np.array([[True], [True], [False], [False]])
    given = np.array([[True], [False], [True], [False]])
    ranking = np.array([[0.9], [0.2], [0.8], [0.1]], np.float32)
    scores = scores_of(["mfn"], carried, np.ones_like(carried), ranking, given)
    assert scores.micro.precision == scores.micro.recall == scores.micro.f1 == 0.5
    assert scores.micro.ap == pytest.approx((1 + 2 / 3) / 2)


@pytest.mark.parametrize(
    ("scores", "target", "expected"),
    [
        ([0.9, 0.8, 0.3, 0.1], [1, 1, 0, 0], 0.8),
        ([0.9, 0.8, 0.3, 0.1], [1, 0, 1, 0], 0.3),
        ([0.9, 0.1], [0, 0], 0.5),
        ([0.5, 0.5, 0.5], [1, 0, 1], 0.5),
    ],
)
def test_threshold_is_where_f1_is_best(
    scores: list[float], target: list[int], expected: float
) -> None:
    found = best_threshold(np.array(scores, np.float32), np.array(target, bool))
    assert found == pytest.approx(expected)


def test_folds_keep_groups_whole_and_even() -> None:
    groups = [name for name, size in zip("abcdef", (5, 4, 3, 3, 2, 1), strict=True)] * 3
    folds = folds_of(groups, 3)
    assert all(len(set(folds[[g == name for g in groups]])) == 1 for name in "abcdef")
    assert sorted(np.bincount(folds)) == [6, 6, 6]


def test_sure_and_right_scores_have_no_calibration_error() -> None:
    scores = np.array([1.0, 1.0, 0.0], np.float32)
    assert calibration_error(scores, np.array([True, True, False])) == 0
    assert calibration_error(scores, np.array([True, False, False])) == pytest.approx(0.5)
