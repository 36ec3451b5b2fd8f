"""Does retraining help a new house style, and does it harm the rest?

``python benchmarks/retraining.py --houses FILE... [--general FILE...] [--base FOLDER]``

Each house file holds sentences of one hand that the base has not learned from, in several
documents, each a drafting voice of its own. Two curves: a voice learns from 10 and 40 of its own
sentences and is scored on its others; a hand learns from 10, 50 and 200 and is scored on all its
others. Both are scored on the files that they did not learn from as well ("general"): micro F1,
and for each label the change of its F1, all runs together. "refused" counts the runs whose model
`clausescan train` would not have written. Without ``--base`` one is fitted on corpus/clauses
without the files' documents.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from clausescan.corpus import ClauseRecord, families, read_corpus
from clausescan.evaluation import Score, score_labeller
from clausescan.learning.fitting import fit_model
from clausescan.learning.shipping import SETTINGS
from clausescan.learning.trial import TOLERANCE, Compared, compare, split, try_out
from clausescan.learning.updating import prepare
from clausescan.pipeline import load_from
from clausescan.pipeline.examples import read_examples
from clausescan.pipeline.labeller import Labeller
from clausescan.pipeline.labels import label_component
from clausescan.pipeline.linear import LinearModel, pruned
from clausescan.pipeline.taxonomy import load_taxonomy
from clausescan.training import SMALLEST_WEIGHT, retrained

VOICE, HAND = (10, 40), (10, 50, 200)
SEEDS = 3


@dataclass(frozen=True, slots=True)
class Run:
    """One retraining: scores on the rest of the house and in general, and the trial's verdict."""

    own: Compared
    general: Compared
    is_refused: bool


def base_of(
    folder: Path | None, houses: Sequence[ClauseRecord]
) -> tuple[LinearModel, list[ClauseRecord]]:
    """A model that has not learned from the houses, and the sentences that it rehearses."""
    language = houses[0].language
    if folder is not None:
        nlp = load_from(folder)
        model = label_component(nlp).model
        examples = read_examples(folder)
        return model, [ClauseRecord(e.id, e.text, language, e.labels) for e in examples]
    new = {record.document for record in houses}
    old = [
        record
        for record in read_corpus("corpus/clauses")
        if record.language == language and record.document not in new
    ]
    settings = SETTINGS[language]
    model = fit_model(
        old, tuple(load_taxonomy()), families(old), language=language, settings=settings
    )
    rehearsed = [ClauseRecord(one.id, one.text, language, one.labels) for one in old]
    return pruned(model, smallest=SMALLEST_WEIGHT), rehearsed


def run(
    base: LinearModel,
    rehearsed: Sequence[ClauseRecord],
    taught: Sequence[ClauseRecord],
    rest: Sequence[ClauseRecord],
    general: Sequence[ClauseRecord],
) -> Run:
    """Teach a base and score it on the rest of the house and in general."""
    lesson = prepare(base, taught, rehearsed, {})
    trial = try_out(lesson, taught, split(taught, 0.2), lambda: None)
    model, *_ = retrained(lesson, rehearsed, lambda: None)
    own = compare(base, model, rest)
    return Run(own, compare(base, model, general), trial.loss > TOLERANCE)


def pooled(scores: Sequence[Score]) -> float:
    """F1 of several runs together."""
    total = sum(score.given + score.positives for score in scores)
    return 2 * sum(score.hits for score in scores) / total if total else 0.0


def gains(runs: Sequence[Run]) -> dict[str, float]:
    """What each label won in general, all runs together."""
    return {
        label: pooled([run.general.after.labels[label] for run in runs])
        - pooled([run.general.before.labels[label] for run in runs])
        for label in runs[0].general.before.labels
    }


def told(name: str, runs: Sequence[Run]) -> dict[str, object]:
    """A row of the table, from the runs of one kind."""
    before = pooled([run.own.before.micro for run in runs])
    after = pooled([run.own.after.micro for run in runs])
    labels = gains(runs)
    worst = min(labels, key=lambda label: labels[label])
    general = [-run.general.loss for run in runs]
    return {
        "annotations": name,
        "runs": len(runs),
        "own F1 before": f"{before:.3f}",
        "after": f"{after:.3f}",
        "change": f"{after - before:+.3f}",
        "general F1, mean change": f"{np.mean(general):+.4f}",
        "worst run": f"{min(general):+.4f}",
        "labels > .01 up": sum(gain > TOLERANCE for gain in labels.values()),
        "> .01 down": sum(gain < -TOLERANCE for gain in labels.values()),
        "worst label": f"{worst} {labels[worst]:+.3f}",
        "refused": sum(run.is_refused for run in runs),
    }


def curves(
    base: LinearModel,
    rehearsed: Sequence[ClauseRecord],
    houses: Sequence[Sequence[ClauseRecord]],
    further: Sequence[ClauseRecord],
) -> list[dict[str, object]]:
    """Both curves, a row for each number of annotations."""
    rows = []
    for title, sizes, spare, seeds in (
        ("voice", VOICE, max(VOICE), 1),
        ("hand", HAND, max(HAND), SEEDS),
    ):
        for size in sizes:
            runs = []
            for house in houses:
                general = [*further, *(r for other in houses if other is not house for r in other)]
                names = sorted({record.document for record in house})
                parts = [[r for r in house if r.document == n] for n in names]
                for number, part in enumerate(parts if title == "voice" else [house]):
                    for seed in range(seeds):
                        order = np.random.default_rng(100 * number + seed).permutation(len(part))
                        mixed = [part[int(place)] for place in order]
                        runs.append(run(base, rehearsed, mixed[:size], mixed[spare:], general))
            rows.append(told(f"{title}, {size}", runs))
            print(json.dumps(rows[-1]), flush=True)
    return rows


def main() -> None:
    """Print both curves, a line of JSON a row and then a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--houses", type=Path, nargs="+", required=True)
    parser.add_argument("--general", type=Path, nargs="*", default=[])
    parser.add_argument("--base", type=Path)
    options = parser.parse_args()
    houses = [read_corpus(path) for path in options.houses]
    further = [record for path in options.general for record in read_corpus(path)]
    base, rehearsed = base_of(options.base, [r for house in houses for r in house])
    whole = score_labeller(Labeller(base.language, base), [r for h in houses for r in h])
    print(f"base: micro F1 {whole.micro.f1:.3f} on the houses, {len(rehearsed)} rehearsed")
    rows = curves(base, rehearsed, houses, further)
    print("| " + " | ".join(rows[0]) + " |\n|" + "---|" * len(rows[0]))
    for row in rows:
        print("| " + " | ".join(map(str, row.values())) + " |")


if __name__ == "__main__":
    main()
