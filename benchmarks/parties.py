"""Names and aliases of parties against CUAD's category "Parties".

``python benchmarks/parties.py CUAD [--errors NUMBER] [--half dev|test]`` with CUAD a folder that
has ``spans.jsonl`` and ``txt``. A name counts as found if it is annotated but for case,
punctuation and the article; of names that stand in longer spans or lack their form (Inc., Ltd.)
nine of ten letters must agree or one must be wholly in the other. Contracts are split in halves
by hash: misses are read, and the finder changed, on the dev half only.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz
from sides import parties_of

COLLECTIVE = re.compile(r"part(?:y|ies)\W*$|collectively|individually|each an? |referred to", re.I)
"""Annotated words that name no single party."""
ALIKE = 90
SHORTEST = 4


def words(name: str) -> str:
    """A name as it is compared: lower case, words only, no article."""
    plain = " ".join(re.findall(r"\w+", name.casefold().replace("_", " ")))
    return re.sub(r"^(?:the|an?|hereinafter|referred to as) ", "", plain)


def same(left: str, right: str) -> bool:
    """Whether two names in plain words are of the same party."""
    if left == right or fuzz.ratio(left, right) >= ALIKE:
        return True
    short, long = sorted((left, right), key=len)
    return len(short) >= SHORTEST and f" {short} " in f" {long} "


def annotated(contract: dict[str, Any], text: str) -> list[str]:
    """What CUAD annotates of a contract's parties, in plain words."""
    spans = [text[start:end].strip() for start, end, *_ in contract["labels"].get("Parties", ())]
    names = {words(span) for span in spans if not COLLECTIVE.search(span)}
    return sorted(name for name in names if name)


def contracts(folder: Path, half: str) -> Iterator[dict[str, Any]]:
    """Contracts with annotated parties of one half, or all."""
    for line in folder.joinpath("spans.jsonl").read_text("utf8").splitlines():
        contract = json.loads(line)
        side = "dev" if hashlib.sha256(contract["title"].encode()).digest()[0] % 2 else "test"
        if half in ("all", side) and contract["labels"].get("Parties"):
            yield contract


def main() -> None:
    """Print precision and recall, and some errors."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cuad", type=Path)
    parser.add_argument("--half", choices=("dev", "test", "all"), default="all")
    parser.add_argument("--errors", type=int, default=0)
    options = parser.parse_args()
    counts = dict.fromkeys(("gold", "found", "names", "true_names", "all", "true_all"), 0)
    errors = []
    for contract in contracts(options.cuad, options.half):
        path = options.cuad / "txt" / contract["txt"]
        gold = annotated(contract, path.read_bytes().decode("utf8").replace("\r\n", "\n"))
        parties = parties_of(path)
        names = [words(party.name) for party in parties if words(party.name)]
        aliases = [words(alias) for party in parties for alias in party.aliases if words(alias)]
        every = list(dict.fromkeys([*names, *aliases]))
        missed = [one for one in gold if not any(same(one, other) for other in every)]
        wrong = [one for one in every if not any(same(one, other) for other in gold)]
        counts["gold"] += len(gold)
        counts["found"] += len(gold) - len(missed)
        counts["names"] += len(names)
        counts["true_names"] += sum(one not in wrong for one in names)
        counts["all"] += len(every)
        counts["true_all"] += len(every) - len(wrong)
        if missed or wrong:
            errors.append({"file": contract["txt"], "missed": missed, "wrong": wrong})
    print(
        json.dumps(
            {
                "recall": round(counts["found"] / counts["gold"], 4),
                "precision_names": round(counts["true_names"] / counts["names"], 4),
                "precision": round(counts["true_all"] / counts["all"], 4),
                **counts,
                "contracts_with_errors": len(errors),
            },
            indent=1,
        )
    )
    for error in errors[: options.errors]:
        print(json.dumps(error, ensure_ascii=False))


if __name__ == "__main__":
    main()
