"""Exclusivity without minimum, against CUAD's own labels.

A contract is positive when CUAD marks an Exclusivity clause and no Minimum Commitment in it;
predicted when EXCL_EFFORTS_ONLY or EXCL_NO_MIN is reported for any party. The nearest published
tool has precision .24 and recall .94 on this question.

    python benchmarks/exclusivity.py CUAD_FOLDER --imported FILE

asks each contract of a label model that has not seen its family: five folds, each trained on the
other four (`FILE` is the output of ``import-cuad``). Without ``--imported`` the shipped model is
asked, which has learned from these same contracts: that figure shows what parties, norms and rules
make of good labels, not how the whole does on a draft it has never seen.

``--curve`` prints precision and recall by the least confidence of a finding.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from clausescan.corpus import families, read_corpus
from clausescan.learning.fitting import folds_of
from clausescan.learning.shipping import corpus_records, shipped_model
from clausescan.pipeline import shipped
from clausescan.pipeline.labels import label_component
from clausescan.pipeline.linear import pruned
from clausescan.report import Report
from clausescan.scanner import scan_many
from clausescan.training import SMALLEST_WEIGHT

RULES = {"EXCL_EFFORTS_ONLY", "EXCL_NO_MIN"}
FOLDS = 5


def rounds(imported: Path | None, titles: set[str]) -> Iterator[set[str]]:
    """Titles to ask, each time of another model, which is in place when they are yielded."""
    if imported is None:
        yield titles
        return
    records = read_corpus(imported)
    own = corpus_records("corpus/clauses", "en")
    family = families(records)
    folds = folds_of([family[record.document] for record in records], FOLDS)
    for fold in range(FOLDS):
        kept = [record for record, own_fold in zip(records, folds, strict=True) if own_fold != fold]
        model = pruned(shipped_model([*kept, *own], "en"), smallest=SMALLEST_WEIGHT)
        label_component(shipped("en")).use(model)
        asked = zip(records, folds, strict=True)
        yield {record.document for record, own_fold in asked if own_fold == fold}


def ask(folder: Path, imported: Path | None) -> list[dict[str, Any]]:
    """For each contract what CUAD says and how sure the strongest finding is; 0 for none."""
    lines = folder.joinpath("spans.jsonl").read_text("utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    answers = []
    for titles in rounds(imported, {record["title"] for record in records}):
        chosen = [record for record in records if record["title"] in titles]
        paths = [folder / "txt" / record["txt"] for record in chosen]
        for record, result in zip(chosen, scan_many(paths), strict=True):
            found = result.findings if isinstance(result, Report) else ()
            labels = record["labels"]
            answers.append(
                {
                    "contract": record["txt"],
                    "failed": not isinstance(result, Report),
                    "exclusive": bool(labels.get("Exclusivity")),
                    "minimum": bool(labels.get("Minimum Commitment")),
                    "sure": max((f.confidence for f in found if f.rule in RULES), default=0.0),
                }
            )
    return answers


def figures(answers: list[dict[str, Any]], least: float = 0.0) -> dict[str, Any]:
    """Precision and recall of findings whose confidence is above `least`."""
    positive = [answer["exclusive"] and not answer["minimum"] for answer in answers]
    found = [answer["sure"] > least for answer in answers]
    right = sum(a and b for a, b in zip(positive, found, strict=True))
    return {
        "contracts": len(answers),
        "failed": sum(answer["failed"] for answer in answers),
        "positives": sum(positive),
        "found": sum(found),
        "precision": round(right / max(sum(found), 1), 4),
        "recall": round(right / max(sum(positive), 1), 4),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("cuad", type=Path)
    parser.add_argument("--imported", type=Path)
    parser.add_argument("--curve", action="store_true")
    parser.add_argument("--answers", type=Path, help="write what was found in each contract here")
    args = parser.parse_args()
    answers = ask(args.cuad, args.imported)
    print(json.dumps(figures(answers), indent=2))
    if args.curve:
        for least in (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4):
            print(least, json.dumps(figures(answers, least)))
    if args.answers:
        args.answers.write_text(json.dumps(answers, indent=1) + "\n", "utf-8")
