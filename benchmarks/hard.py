"""Precision on sentences that only look like the labels that matter most.

    python benchmarks/hard.py [--write]

``corpus/hard`` holds hard negatives and positives of four groups of labels, in both languages.
They were written apart from the training sentences by another hand and no rule, setting or weight
was ever chosen by them. Labels are given as in a contract. ``--write`` puts the figures into
``models/scores.json``.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from clausescan.corpus import ClauseRecord, read_corpus
from clausescan.pipeline import load
from clausescan.pipeline.labels import label_component

ROOT = Path(__file__).parents[1]
SCORES = ROOT / "models" / "scores.json"
GROUPS = {
    "exclusivity": ("exclusivity.grant", "exclusivity.covenant", "exclusivity.carveout"),
    "minimum": ("performance.minimum",),
    "ip.assignment": ("ip.assignment",),
    "termination": ("termination",),
}


def main() -> None:
    """Print a line a language and group."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write models/scores.json")
    options = parser.parse_args()
    records = read_corpus(ROOT / "corpus" / "hard")
    figures = {
        language: measured([r for r in records if r.language == language], language)
        for language in ("en", "zh")
    }
    for language, groups in figures.items():
        for name, one in groups.items():
            print(f"{language} {name:<14} P {one['precision']:.3f} R {one['recall']:.3f} {one}")
    if options.write:
        data = json.loads(SCORES.read_text("utf8")) | {"hard": figures}
        SCORES.write_text(json.dumps(data, indent=1, sort_keys=True) + "\n", "utf8")


def measured(records: Sequence[ClauseRecord], language: str) -> dict[str, Any]:
    """Hits and misses of each group of labels."""
    judged = label_component(load(language)).labeller.judge(
        [record.text for record in records],
        [record.heading for record in records],
        [record.previous for record in records],
    )
    result = {}
    for name, labels in GROUPS.items():
        columns = [judged.labels.index(label) for label in labels]
        # A sentence of a group counts once: which of its labels it carries is another question.
        carried = [bool({*labels} & {*record.labels}) for record in records]
        near = [bool({*labels} & {*record.near}) for record in records]
        given = judged.given[:, columns].any(axis=1).tolist()
        hits = sum(held and got for held, got in zip(carried, given, strict=True))
        result[name] = {
            "sentences": len(records),
            "positives": sum(carried),
            "hard_negatives": sum(near),
            "given": sum(given),
            "precision": round(hits / max(sum(given), 1), 4),
            "recall": round(hits / max(sum(carried), 1), 4),
        }
    return result


if __name__ == "__main__":
    main()
