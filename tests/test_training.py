"""Retraining on top of a base: what is learned, what is kept, what is reported."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest

from clausescan.corpus import ClauseRecord, read_corpus, write_corpus
from clausescan.errors import DataError, ModelError, UsageError
from clausescan.evaluation import calibration_error, evaluate, score_labeller, scores_of
from clausescan.learning.calibration import Settings, best_threshold
from clausescan.learning.examples import add_examples
from clausescan.learning.fitting import fit_model, folds_of
from clausescan.learning.trial import split
from clausescan.learning.updating import changed, fit_change, prepare
from clausescan.pipeline import blank, load_from
from clausescan.pipeline.examples import Example, read_examples, write_examples
from clausescan.pipeline.labeller import Labeller
from clausescan.pipeline.labels import label_component
from clausescan.pipeline.linear import PARTS, LinearModel, Scorer, pruned
from clausescan.training import save, train

SUBJECTS = ["Dealer", "Maker", "The shop", "Each side", "The works", "The agent"]
MFN = "{} always gets the cheapest lamp rate that any other house in Asia is given"
LANGUAGE = "{} reads the Finnish words of these pages first when the two pages differ"
PLAIN = "{} paints the gate of the yard in the colours of the house each summer"
HIDING = "{} hides the secret lamp recipe from the world at large, come rain or shine"
KINDS = [(MFN, ("mfn",)), (LANGUAGE, ("language",)), (PLAIN, ()), (HIDING, ())]


def records(
    kinds: list[tuple[str, tuple[str, ...]]] = KINDS, *, of: str = "d"
) -> list[ClauseRecord]:
    return [
        ClauseRecord(
            id=f"{of}{number}-{kind}",
            text=f"{pattern.format(subject)} and lot {number}.",
            language="en",
            labels=labels,
            document=f"{of}{number}",
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
    add_examples(records(), folder)
    return folder


def written(path: Path, rows: list[ClauseRecord]) -> Path:
    write_corpus(rows, path)
    return path


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A house that says in its own words what the base does not know as confidentiality."""
    own = records([(HIDING, ("confidentiality",)), (PLAIN, ())], of="u")
    return written(tmp_path / "own.jsonl", own)


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    """Sentences whose labels are mixed up."""
    own = records([(f"{MFN} again", ("language",)), (f"{LANGUAGE} again", ("mfn",))], of="w")
    return written(tmp_path / "wrong.jsonl", own)


def everything(
    base: LinearModel, own: list[ClauseRecord], known: list[ClauseRecord]
) -> LinearModel:
    lesson = prepare(base, own, known, {"confidentiality": "Keeps a secret."})
    return changed(lesson.start, fit_change(lesson, np.ones(len(own), bool), step=lambda: None))


def probabilities(model: LinearModel, label: str, texts: list[str]) -> list[float]:
    empty: list[list[str]] = [[] for _ in texts]
    blanks = [""] * len(texts)
    scorer = Scorer(model)
    margins = scorer.margins_apart(texts, blanks, empty, blanks, empty)
    return scorer.probabilities(margins)[:, model.labels.index(label)].tolist()


def test_labels_that_nobody_annotated_keep_their_weights(base: LinearModel) -> None:
    after = everything(base, records([(HIDING, ("confidentiality",)), (PLAIN, ())]), records())
    for label in base.labels:
        place = after.labels.index(label)
        assert after.bias[place] == base.bias[base.labels.index(label)]
        for part in PARTS:
            old = base.weights[part].dense()[:, base.labels.index(label)]
            assert np.array_equal(after.weights[part].dense()[:, place], old)


def test_terms_thresholds_and_calibration_stay_what_they_were(base: LinearModel) -> None:
    after = everything(base, records([(HIDING, ("mfn",))]), records())
    assert after.terms == base.terms
    for name in ("idf", "slope", "offset", "thresholds"):
        size = len(getattr(base, name))
        assert np.array_equal(getattr(after, name)[:size], getattr(base, name))


def test_one_sentence_alone_moves_no_label(base: LinearModel) -> None:
    own = [*records([(HIDING, ("mfn",))])[:2], *records([(PLAIN, ("language",))])[:1]]
    lesson = prepare(base, own, records(), {})
    change = fit_change(lesson, np.ones(3, bool), step=lambda: None)
    assert change.labels == ("mfn",)
    some = fit_change(lesson, np.array([True, False, True]), step=lambda: None)
    assert some.labels == ()


def test_new_label_is_learned(base: LinearModel) -> None:
    after = everything(base, records([(HIDING, ("confidentiality",)), (PLAIN, ())]), records([]))
    assert after.labels == (*base.labels, "confidentiality")
    texts = ["Nobody hides the secret lamp recipe.", "Nobody paints the gate of the yard."]
    secret, yard = probabilities(after, "confidentiality", texts)
    assert secret > 0.5 > yard


def test_own_words_for_a_known_label_are_learned(base: LinearModel) -> None:
    own = records([(HIDING, ("mfn",)), (PLAIN, ())])
    text = ["Nobody hides the secret lamp recipe from the world at large."]
    assert probabilities(base, "mfn", text)[0] < 0.5
    assert probabilities(everything(base, own, []), "mfn", text)[0] > 0.5


def test_what_is_rehearsed_resists(base: LinearModel) -> None:
    own = records([(MFN, ()), (LANGUAGE, ("mfn",))])[:4]
    text = [MFN.format("Nobody")]
    before, loose, held = (
        probabilities(model, "mfn", text)[0]
        for model in (base, everything(base, own, []), everything(base, own, records()))
    )
    assert loose < held < before


def test_unknown_cells_teach_nothing(base: LinearModel) -> None:
    sure = records([(HIDING, ("mfn",))])
    unsure = [replace(one, labels=(), known=("language",)) for one in records([(MFN, ())], of="k")]
    text = [MFN.format("Nobody")]
    alone = probabilities(everything(base, sure, []), "mfn", text)
    assert probabilities(everything(base, [*sure, *unsure], []), "mfn", text) == pytest.approx(
        alone, abs=1e-4
    )


def test_train_reports_before_and_after(corpus: Path, base_folder: Path, tmp_path: Path) -> None:
    meaning = {"confidentiality": "Keeps a secret."}
    scores = train(corpus, out=tmp_path / "models" / "new", base=base_folder, labels=meaning)
    assert scores.trained == scores.new == ("confidentiality",)
    assert scores.documents == 6
    assert scores.own is not None
    assert scores.general is not None
    assert scores.own.before.labels["confidentiality"].f1 == 0
    assert scores.own.after.labels["confidentiality"].f1 == 1
    assert scores.general.loss == 0
    assert not scores.worse
    model = label_component(load_from(tmp_path / "models" / "new")).model
    assert model is not None
    assert "confidentiality" in model.labels


def test_model_says_what_it_was_made_of(corpus: Path, base_folder: Path, tmp_path: Path) -> None:
    meaning = {"confidentiality": "Keeps a secret."}
    scores = train(corpus, out=tmp_path / "new", base=base_folder, labels=meaning)
    told = json.loads((tmp_path / "new" / "training.json").read_text("utf8"))
    assert told["schema"] == "clausescan.training/1"
    assert told["scores"] == json.loads(json.dumps(scores.to_dict()))
    assert told["corpus"] == {"sentences": 12, "documents": 6, "labels": {"confidentiality": 6}}
    assert told["split"]["by"] == "document"
    held = [name for part in told["split"]["held_out_in_turn"] for name in part]
    assert sorted(held) == [f"u{n}" for n in range(6)]
    assert told["versions"]["scikit-learn"] == version("scikit-learn")
    assert told["seeds"] == []
    card = (tmp_path / "new" / "README.md").read_text("utf8")
    assert card.startswith(f"# {told['model']}\n")
    assert "| confidentiality | 6 | 0.000 | 1.000 |" in card
    assert told["model"] == f"en-{load_from(tmp_path / 'new').meta['version']}"
    assert "+own." in told["model"]


def test_same_corpus_gives_same_bytes(corpus: Path, base_folder: Path, tmp_path: Path) -> None:
    meaning = {"confidentiality": "Keeps a secret."}
    for name in ("one", "two"):
        train(corpus, out=tmp_path / name, base=base_folder, labels=meaning)
    files = sorted(p.relative_to(tmp_path / "one") for p in (tmp_path / "one").rglob("*.*"))
    assert Path("training.json") in files
    for file in files:
        one, two = (tmp_path / name / file for name in ("one", "two"))
        assert one.is_dir() or one.read_bytes() == two.read_bytes(), file


def test_nothing_is_held_out_when_asked(corpus: Path, base_folder: Path, tmp_path: Path) -> None:
    meaning = {"confidentiality": "Keeps a secret."}
    new = tmp_path / "new"
    scores = train(corpus, out=new, base=base_folder, labels=meaning, held_out=0)
    assert scores.own is None
    assert scores.to_dict()["own"] is None
    assert json.loads((new / "training.json").read_text("utf8"))["split"] is None


def test_one_document_is_split_by_sentence() -> None:
    rows = [replace(one, document="only") for one in records()]
    parts = split(rows, 0.25)
    assert parts is not None
    assert parts.by == "sentence"
    assert [len(fold) for fold in parts.folds] == [6, 6, 6, 6]


def test_documents_stay_whole_when_they_are_held_out() -> None:
    parts = split(records(), 0.4)
    assert parts is not None
    assert parts.by == "document"
    assert sorted(name for fold in parts.folds for name in fold) == [
        f"d{number}" for number in range(6)
    ]


def test_a_worse_model_is_refused_and_nothing_is_left(
    wrong: Path, base: LinearModel, tmp_path: Path
) -> None:
    save_bare(base, tmp_path / "bare")
    before = sorted(tmp_path.rglob("*"))
    good = records(of="g")
    mixed = written(wrong, [*read_corpus(wrong), *good])
    with pytest.raises(
        UsageError, match=r"on your documents .* F1 falls from 0\.500 to 0\.000"
    ) as told:
        train(mixed, out=tmp_path / "new", base=tmp_path / "bare")
    assert "--force" in str(told.value)
    assert sorted(tmp_path.rglob("*")) == before


def save_bare(base: LinearModel, folder: Path) -> None:
    nlp = blank("en")
    label_component(nlp).use(pruned(base, smallest=0.0))
    save(nlp, folder)


def test_a_worse_model_is_written_when_told(wrong: Path, base: LinearModel, tmp_path: Path) -> None:
    save_bare(base, tmp_path / "bare")
    mixed = written(wrong, [*read_corpus(wrong), *records(of="g")])
    scores = train(mixed, out=tmp_path / "new", base=tmp_path / "bare", force=True)
    assert scores.worse
    card = (tmp_path / "new" / "README.md").read_text("utf8")
    assert f"Written although it is worse: {scores.worse[0]}." in card


def test_a_label_that_would_lose_in_general_stays_as_it_was(
    wrong: Path, base: LinearModel, base_folder: Path, tmp_path: Path
) -> None:
    many = [replace(one, id=f"{n}{one.id}") for n in range(30) for one in read_corpus(wrong)]
    scores = train(written(wrong, many), out=tmp_path / "new", base=base_folder, force=True)
    assert scores.kept == ("language", "mfn")
    assert scores.trained == ()
    assert scores.general is not None
    assert not scores.general.losers
    model = label_component(load_from(tmp_path / "new")).model
    assert model is not None
    assert np.allclose(model.bias, base.bias, atol=1e-4)


def test_old_model_is_replaced_only_by_a_whole_new_one(
    corpus: Path, base_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    meaning = {"confidentiality": "Keeps a secret."}
    out = tmp_path / "model"
    train(corpus, out=out, base=base_folder, labels=meaning)
    marker = out / "mine.txt"
    marker.write_text("old", "utf8")

    def broken(*_: object, **__: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr("clausescan.training.add_examples", broken)
        with pytest.raises(OSError, match="disk full"):
            train(corpus, out=out, base=base_folder, labels=meaning)
    assert marker.is_file()
    train(corpus, out=out, base=base_folder, labels=meaning)
    assert not marker.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model", "own.jsonl"]


def test_a_folder_with_something_else_is_left_alone(
    corpus: Path, base_folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "deals").mkdir()
    (tmp_path / "deals" / "draft.txt").write_text("draft", "utf8")
    with pytest.raises(UsageError, match="something else"):
        train(corpus, out=tmp_path / "deals", base=base_folder)
    with pytest.raises(UsageError, match="is a file"):
        train(corpus, out=corpus, base=base_folder)
    assert (tmp_path / "deals" / "draft.txt").is_file()


def test_a_label_that_nobody_declared_is_refused(base_folder: Path, tmp_path: Path) -> None:
    own = written(tmp_path / "own.jsonl", records([(HIDING, ("recipe.secret",)), (PLAIN, ())]))
    with pytest.raises(DataError, match=r"'recipe\.secret' is no label"):
        train(own, out=tmp_path / "new", base=base_folder)
    with pytest.raises(DataError, match="no id of a label"):
        train(own, out=tmp_path / "new", base=base_folder, labels={"Secret!": "A recipe."})
    with pytest.raises(DataError, match="has no definition"):
        train(own, out=tmp_path / "new", base=base_folder, labels={"recipe.secret": " "})


def test_a_new_label_needs_a_few_sentences(base_folder: Path, tmp_path: Path) -> None:
    rows = records([(HIDING, ("recipe.secret",)), (PLAIN, ())])[:8]
    own = written(tmp_path / "own.jsonl", rows)
    with pytest.raises(
        UsageError, match=r"4 sentences carry .*'recipe.secret'; annotate at least 5"
    ):
        train(own, out=tmp_path / "new", base=base_folder, labels={"recipe.secret": "A recipe."})


def test_a_declared_label_lives_on_in_the_next_model(base_folder: Path, tmp_path: Path) -> None:
    own = written(tmp_path / "own.jsonl", records([(HIDING, ("recipe.secret",)), (PLAIN, ())]))
    train(own, out=tmp_path / "one", base=base_folder, labels={"recipe.secret": "A recipe."})
    more = written(
        tmp_path / "more.jsonl", records([(HIDING, ("recipe.secret",)), (PLAIN, ())], of="m")
    )
    train(more, out=tmp_path / "two", base=tmp_path / "one")
    labeller = label_component(load_from(tmp_path / "two")).labeller
    assert labeller.taxonomy["recipe.secret"].definition == "A recipe."
    assert labeller.taxonomy["recipe.secret"].family == "recipe"
    found = evaluate(tmp_path / "two", more).labels["recipe.secret"]
    assert found.f1 == 1


def test_own_sentences_stand_behind_the_examples_of_the_base(
    corpus: Path, base_folder: Path, tmp_path: Path
) -> None:
    base = tmp_path / "base"
    shutil.copytree(base_folder, base)
    write_examples([Example("b", "Base.", ("mfn",), ()), Example("u1-0", "Old.", (), ())], base)
    train(corpus, out=tmp_path / "new", base=base, labels={"confidentiality": "Keeps a secret."})
    examples = read_examples(tmp_path / "new")
    assert [one.id for one in examples] == ["b", *(record.id for record in read_corpus(corpus))]
    assert "secret lamp recipe" in examples[1].text
    assert examples[1].labels == ("confidentiality",)


def test_progress_comes_to_its_end(corpus: Path, base_folder: Path, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    train(
        corpus,
        out=tmp_path / "new",
        base=base_folder,
        labels={"confidentiality": "Keeps a secret."},
        progress=lambda done, total: told.append((done, total)),
    )
    assert told == [(done, told[-1][1]) for done in range(1, told[-1][1] + 1)]


def test_two_languages_at_once_are_refused(base_folder: Path, tmp_path: Path) -> None:
    rows = [
        ClauseRecord("a", "The recipe is secret.", "en", ("confidentiality",), document="a"),
        ClauseRecord("b", "配方应予保密。", "zh", ("confidentiality",), document="b"),
    ]
    both = written(tmp_path / "both.jsonl", rows)
    with pytest.raises(UsageError, match="one language at a time"):
        train(both, out=tmp_path / "new", base=base_folder)


def test_too_little_is_refused(base_folder: Path, tmp_path: Path) -> None:
    few = written(tmp_path / "few.jsonl", records([(PLAIN, ())]))
    with pytest.raises(UsageError, match="annotate more"):
        train(few, out=tmp_path / "new", base=base_folder)


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
