"""Exclusivity without minimum, against CUAD's own labels.

``python benchmarks/exclusivity.py CUAD_FOLDER``: a contract is positive when CUAD marks an
Exclusivity clause and no Minimum Commitment in it; predicted when EXCL_EFFORTS_ONLY or EXCL_NO_MIN
fires for any party with a confidence of at least .25. The nearest published tool has precision .24
and recall .94 on this question.

The shipped label model has learned from these same contracts: the figure shows what parties, norms
and rules make of good labels, not how the whole does on a draft it has never seen. With
``--held-out IMPORTED`` (the output of ``import-cuad``) a model is trained without a quarter of the
contract families and asked about that quarter.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

from clausescan import scanner
from clausescan.corpus import families, read_corpus
from clausescan.evaluation import label_component
from clausescan.report import Report
from clausescan.scanner import scan_many
from clausescan.shipping import corpus_records, shipped_model

RULES = {"EXCL_EFFORTS_ONLY", "EXCL_NO_MIN"}
LEAST = 0.25


def held_out(imported: Path) -> set[str]:
    """Train without a quarter of the families, put that model in place, and name the quarter."""
    records = list(read_corpus(imported))
    family = families(records)

    def is_out(document: str) -> bool:
        return hashlib.md5(family[document].encode(), usedforsecurity=False).digest()[0] % 4 == 0

    kept = [record for record in records if not is_out(record.document)]
    model = shipped_model([*kept, *corpus_records("corpus/clauses", "en")], "en")
    label_component(scanner._pipeline("en")).use(model)
    return {document for document in family if is_out(document)}


def main(folder: Path, *, out: set[str] | None, errors: bool) -> None:
    """Print precision and recall as JSON."""
    lines = folder.joinpath("spans.jsonl").read_text("utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    if out is not None:
        records = [record for record in records if record["title"] in out]
    paths = [folder / "txt" / record["txt"] for record in records]
    right = wrong = missed = failed = 0
    for record, result in zip(records, scan_many(paths), strict=True):
        labels = record["labels"]
        expected = bool(labels.get("Exclusivity")) and not labels.get("Minimum Commitment")
        if not isinstance(result, Report):
            failed += 1
            missed += expected
            continue
        found = any(
            finding.rule in RULES and finding.confidence >= LEAST for finding in result.findings
        )
        right += expected and found
        wrong += found and not expected
        missed += expected and not found
        if errors and found != expected:
            has = "/".join(key for key in ("Exclusivity", "Minimum Commitment") if labels.get(key))
            print("false" if found else "missed", has, "|", record["txt"])
    precision = right / (right + wrong) if right + wrong else 0.0
    recall = right / (right + missed) if right + missed else 0.0
    figures = {
        "contracts": len(records),
        "failed": failed,
        "positives": right + missed,
        "precision": round(precision, 4),
        "recall": round(recall, 4),
    }
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("cuad", type=Path)
    parser.add_argument("--held-out", type=Path)
    parser.add_argument("--errors", action="store_true")
    args = parser.parse_args()
    quarter = held_out(args.held_out) if args.held_out else None
    main(args.cuad, out=quarter, errors=args.errors)
