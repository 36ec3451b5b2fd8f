"""Are parties found, and on the right side, on the China contracts of CUAD's training set?

``python benchmarks/sides.py FOLDER`` with FOLDER the training set's ``txt``. The expectations in
``sides.toml`` were written down before the finder had run.
"""

from __future__ import annotations

import json
import sys
import tomllib
from dataclasses import asdict
from pathlib import Path

from clausescan.document import view
from clausescan.extract import read_document
from clausescan.pipeline.clauses import find_clauses
from clausescan.pipeline.parties import PartyRecord, find_parties

SURE = 0.6


def parties_of(path: Path) -> list[PartyRecord]:
    """The parties of one English contract."""
    text = view(read_document(path), "en", fallback=True)
    clauses, _ = find_clauses(text.text, text.blocks, "en")
    return find_parties(text.text, [asdict(clause) for clause in clauses])


def answer_of(parties: list[PartyRecord], name: str) -> str:
    """``CN``, ``other``, ``?`` for unsure, or ``missing``."""
    for party in parties:
        if any(name.casefold() in word.casefold() for word in (party.name, *party.aliases)):
            if party.confidence < SURE:
                return "?"
            return "CN" if party.nationality == "CN" else "other"
    return "missing"


def main(folder: Path) -> None:
    """Print the score and every difference as JSON."""
    contracts = tomllib.loads(Path(__file__).with_name("sides.toml").read_text("utf-8"))["contract"]
    right, wrong = 0, []
    for contract in contracts:
        path = next(p for p in sorted(folder.iterdir()) if p.name.startswith(contract["file"]))
        parties = parties_of(path)
        for name, expected in contract["parties"].items():
            answer = answer_of(parties, name)
            if answer == expected:
                right += 1
            else:
                wrong.append({"name": name, "expected": expected, "answer": answer})
    result = {"contracts": len(contracts), "parties": right + len(wrong), "right": right}
    print(json.dumps({**result, "wrong": wrong}, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
