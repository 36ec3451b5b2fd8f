"""Intervals by drawing documents anew, and curves: against plain counting."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from clausescan.errors import UsageError
from clausescan.evaluation import scores_of, with_intervals
from clausescan.learning.curves import Answers, reliability
from clausescan.learning.intervals import RESAMPLES, SEED, bootstrap

LABELS = ("mfn", "payment", "language")
DOCUMENTS = 12
SIZE = 240


@pytest.fixture(scope="module")
def answers() -> Answers:
    """Made-up answers: documents differ in how well they are read, and some cells are unknown."""
    random = np.random.default_rng(3)
    places = np.arange(SIZE) % DOCUMENTS
    carried = random.random((SIZE, 3)) < 0.2
    skill = random.random(DOCUMENTS)[places][:, None]
    scores = np.clip(random.random((SIZE, 3)) * 0.6 + carried * skill * 0.6, 0, 1)
    scores = scores.round(2).astype(np.float32)  # ties, as real scores have
    known = random.random((SIZE, 3)) < 0.9
    return Answers(LABELS, carried, known, scores, scores >= 0.5)


def groups() -> list[str]:
    return [f"d{place % DOCUMENTS:02}" for place in range(SIZE)]


def test_intervals_are_those_of_plain_counting(answers: Answers) -> None:
    drawn = bootstrap(LABELS, answers.carried, answers.known, answers.scores, answers.given,
                      groups())  # fmt: skip
    assert drawn is not None
    draws = np.random.default_rng(SEED).multinomial(
        DOCUMENTS, np.full(DOCUMENTS, 1 / DOCUMENTS), RESAMPLES
    )
    figures: dict[str, list[float]] = {"precision": [], "recall": [], "f1": [], "ap": []}
    macro = []
    for draw in draws:
        rows = np.repeat(np.arange(SIZE), draw[np.arange(SIZE) % DOCUMENTS])
        whole = scores_of(LABELS, *(
            matrix[rows]
            for matrix in (answers.carried, answers.known, answers.scores, answers.given)
        ))  # fmt: skip
        for name, values in figures.items():
            values.append(getattr(whole.micro, name))
        macro.append(whole.macro_ap)
    for name, values in figures.items():
        assert drawn.micro[name] == pytest.approx(np.quantile(values, [0.025, 0.975]), abs=1e-5)
    assert drawn.macro["ap"] == pytest.approx(np.quantile(macro, [0.025, 0.975]), abs=1e-5)


def test_the_figure_lies_in_its_interval(answers: Answers) -> None:
    whole = with_intervals(
        scores_of(LABELS, answers.carried, answers.known, answers.scores, answers.given), groups()
    )
    assert whole.intervals is not None
    for label, score in whole.labels.items():
        for name, (low, high) in whole.intervals.labels[label].items():
            assert low < getattr(score, name) < high
    told = whole.to_dict()["intervals"]
    assert (told["documents"], told["resamples"], told["seed"]) == (DOCUMENTS, RESAMPLES, SEED)
    assert list(told["labels"]) == sorted(LABELS)


def test_average_precision_with_many_positives_is_as_good_as_exact() -> None:
    random = np.random.default_rng(5)
    carried = random.random((9000, 1)) < 0.3
    scores = np.clip(random.normal(0.3, 0.15, (9000, 1)) + carried * 0.2, 0, 1).astype(np.float32)
    names = [str(place % 400) for place in range(9000)]
    drawn = bootstrap(("mfn",), carried, np.ones_like(carried), scores, scores > 0.5, names)
    assert drawn is not None
    low, high = drawn.micro["ap"]
    exact = average_precision_score(carried[:, 0], scores[:, 0])
    assert (low + high) / 2 == pytest.approx(exact, abs=0.003)


def test_sentences_that_stand_and_fall_together_widen_the_interval(answers: Answers) -> None:
    found = np.repeat(np.arange(10) % 2 == 0, 30)[:, None]
    carried, known = np.ones((300, 1), bool), np.ones((300, 1), bool)
    scores = found.astype(np.float32)
    together = [str(row // 30) for row in range(300)]
    alone = [str(row) for row in range(300)]
    ends = []
    for names in (together, alone):
        drawn = bootstrap(("mfn",), carried, known, scores, found, names)
        assert drawn is not None
        ends.append(drawn.micro["recall"])
    assert ends[0][1] - ends[0][0] > 3 * (ends[1][1] - ends[1][0])


def test_few_documents_have_no_interval(answers: Answers) -> None:
    four = [str(row % 4) for row in range(SIZE)]
    assert bootstrap(LABELS, answers.carried, answers.known, answers.scores, answers.given,
                     four) is None  # fmt: skip


def test_a_label_without_positives_has_none_and_does_not_count(answers: Answers) -> None:
    carried = answers.carried.copy()
    carried[:, 0] = False
    drawn = bootstrap(LABELS, carried, answers.known, answers.scores, answers.given, groups())
    rest = bootstrap(LABELS[1:], carried[:, 1:], answers.known[:, 1:], answers.scores[:, 1:],
                     answers.given[:, 1:], groups())  # fmt: skip
    assert drawn is not None
    assert rest is not None
    assert set(drawn.labels) == {"payment", "language"}
    assert drawn.macro == rest.macro


def test_a_curve_leads_through_the_figures_of_the_label(answers: Answers) -> None:
    curve = answers.precision_recall("payment")
    whole = scores_of(LABELS, answers.carried, answers.known, answers.scores, answers.given)
    place = int(np.searchsorted(curve.thresholds, 0.5))
    assert curve.precision[place] == pytest.approx(whole.labels["payment"].precision)
    assert curve.recall[place] == pytest.approx(whole.labels["payment"].recall)


def test_a_curve_of_no_label_or_no_positive_is_refused(answers: Answers) -> None:
    with pytest.raises(UsageError, match="no label 'paint'"):
        answers.precision_recall("paint")
    none = Answers(LABELS, ~answers.known, answers.known, answers.scores, answers.given)
    with pytest.raises(UsageError, match="no sentence of the corpus carries 'mfn'"):
        none.precision_recall("mfn")


def test_bins_tell_what_came_true() -> None:
    scores = np.array([0.01, 0.82, 0.84, 0.86, 0.88, 1.0], np.float32)
    carried = np.array([True, True, True, True, False, True])
    low, high = reliability(scores, carried)
    assert (low.count, low.share) == (4, 0.75)
    assert low.probability == pytest.approx(0.85)
    assert low.low < 0.75 < low.high
    assert (high.count, high.share, high.high) == (1, 1.0, 1.0)
