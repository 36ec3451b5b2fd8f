"""Scores the sample drafts and holds them to the committed figures.

    python benchmarks/gate.py            compare with drafts.json; exit code 1 if anything fell
    python benchmarks/gate.py --write    write drafts.json anew

"tuned" are the drafts that rules and weights were made with, "blind" those (test-*) that were not.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from clausescan.drafts import evaluate_drafts

DRAFTS = Path(__file__).parents[1] / "corpus" / "drafts"
FIGURES = Path(__file__).parent / "drafts.json"
SLACK = 0.005
"""How far an F1 may fall unnoticed: less than one answer of a set of a hundred."""


def measure() -> dict[str, Any]:
    """F1 figures of both sets."""
    gold = sorted(DRAFTS.glob("*.gold.json"))
    blind = [path for path in gold if path.name.startswith("test-")]
    tuned = [path for path in gold if path not in blind]
    return {
        "tuned": evaluate_drafts(tuned).to_dict(),
        "blind": evaluate_drafts(blind).to_dict(),
    }


def compare(found: dict[str, Any], committed: dict[str, Any]) -> list[str]:
    """One line a figure; those that fell begin with "FELL"."""
    lines = []
    for group, figures in found.items():
        for name, score in figures.items():
            if not isinstance(score, dict):
                continue
            before = committed.get(group, {}).get(name, {}).get("f1", 0.0)
            fell = "FELL" if score["f1"] < before - SLACK else "    "
            lines.append(f"{fell} {group:<6} {name:<11} F1 {before:.4f} → {score['f1']:.4f}")
    return lines


def main() -> None:
    """Measure, then write or compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the figures anew")
    found = measure()
    if parser.parse_args().write:
        FIGURES.write_text(json.dumps(found, indent=2) + "\n", "utf-8")
        return
    lines = compare(found, json.loads(FIGURES.read_text("utf-8")))
    print("\n".join(lines))
    sys.exit(any(line.startswith("FELL") for line in lines))


if __name__ == "__main__":
    main()
