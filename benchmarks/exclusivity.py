"""Exclusivity without minimum, against CUAD's own labels.

``python benchmarks/exclusivity.py CUAD_FOLDER``: a contract is positive when CUAD marks an
Exclusivity clause and no Minimum Commitment in it; predicted when EXCL_EFFORTS_ONLY or EXCL_NO_MIN
fires for any party with a confidence of at least .25. The nearest published tool has precision .24
and recall .94 on this question.

The shipped label model has learned from these same contracts: the figure shows what parties, norms
and rules make of good labels, not how the whole does on a draft it has never seen.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from clausescan.report import Report
from clausescan.scanner import scan_many

RULES = {"EXCL_EFFORTS_ONLY", "EXCL_NO_MIN"}
LEAST = 0.25


def main(folder: Path, *, errors: bool) -> None:
    """Print precision and recall as JSON."""
    records = [
        json.loads(line) for line in folder.joinpath("spans.jsonl").read_text("utf-8").splitlines()
    ]
    paths = [folder / "txt" / record["txt"] for record in records]
    right = wrong = missed = failed = 0
    for record, result in zip(records, scan_many(paths, jobs=2), strict=True):
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
    main(Path(sys.argv[1]), errors="--errors" in sys.argv)
