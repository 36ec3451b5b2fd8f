"""Names and aliases of parties against CUAD's category "Parties".

``python benchmarks/parties.py CUAD [--errors NUMBER] [--half dev|test]`` with CUAD a folder that
has ``spans.jsonl`` and ``txt``. A name counts as found if it is annotated but for case,
punctuation, blanks and the article; of names that stand in longer spans or lack their form (Inc.,
Ltd.) nine of ten letters must agree or one must be wholly in the other. Contracts are split in
halves by hash: misses are read, and the finder changed, on the dev half only.

How annotations are read:

* Of a span with quotes ("“FG” or “FibroGen”", "collectively, “Merchant”") each quoted term is a
  name, except those that name no single party.
* "doing business as" and "named above" belong to no name; "its debtors" without a name is none.
* Some annotators marked full names only. A term that the text puts in quotes or brackets right
  behind an annotated name, or as a label before it, is that party's, whether annotated or not;
  where it is not, finding it is neither right nor wrong ("unjudged"). ``strict`` counts it wrong.
* Two consortia with fifty signatories each weigh as much as fifty contracts: ``by_contract`` is
  the mean of the contracts' recalls.
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
QUOTED = re.compile(r"[\"“ʺ]\s*([^\"“”ʺ]{1,60}?)\s*[\"”ʺ']")
MUTUAL = re.compile(r"(?i)^\W*(?:and |together |collectively |the )*(?:part(?:y|ies)|together)\W*$")
NO_NAME = re.compile(r"^its\b")
AROUND = re.compile(
    r"(?i)^(?:doing business as|[dafn]?\W?[bk]\W?a\b\W?)\s*|\s+named (?:above|below)$"
)
ALIKE = 90
SHORTEST = 4
NEAR = 260
"""Characters behind a name in which its own term stands."""
NEXT_SENTENCE = re.compile(r"\w\.\s+(?:The|This|In|It|Whereas|Each)\b|\bWHEREAS\b|(?i:agreement)")


def words(name: str) -> str:
    """A name as it is compared: lower case, words only, no article."""
    plain = " ".join(re.findall(r"\w+", name.casefold().replace("_", " ").replace("\xad", "")))
    return re.sub(r"^(?:the|an?|hereinafter|referred to as) ", "", plain)


def same(left: str, right: str) -> bool:
    """Whether two names in plain words are of the same party."""
    if left.replace(" ", "") == right.replace(" ", "") or fuzz.ratio(left, right) >= ALIKE:
        return True
    short, long = sorted((left, right), key=len)
    return len(short) >= SHORTEST and f" {short} " in f" {long} "


def annotated(contract: dict[str, Any], text: str) -> list[str]:
    """What CUAD annotates of a contract's parties, in plain words."""
    names = set()
    for start, end, *_ in contract["labels"].get("Parties", ()):
        span = text[start:end].strip()
        quoted = QUOTED.findall(span)
        if quoted:
            names |= {words(term) for term in quoted if not MUTUAL.match(term)}
        elif not COLLECTIVE.search(span) and not NO_NAME.match(span):
            names.add(words(AROUND.sub("", span)))
    return sorted(name for name in names if name)


def terms_behind(gold: list[str], text: str) -> set[str]:
    """Terms that the text puts in quotes or brackets right behind an annotated name."""
    flat = " ".join(text.replace("\xad", "").split())
    terms = set()
    for name in gold:
        if len(name) < SHORTEST:
            continue
        spelled = r"\W{1,3}".join(map(re.escape, name.split()))
        for match in re.finditer(rf"(?<!\w)(?i:{spelled})(?!\w)", flat):
            behind = NEXT_SENTENCE.split(flat[match.end() : match.end() + NEAR])[0]
            found = re.findall(r"[\"“‘(（]\s*([^\"“”‘’()（）]{1,60}?)\s*[\"”’,)）]", behind)
            terms |= {words(term) for term in found}
            if label := re.search(r"([A-Z]\w*(?: \w+)?)\s*:\s*$", flat[: match.start()][-40:]):
                terms.add(words(label[1]))
    return terms


def contracts(folder: Path, half: str) -> Iterator[dict[str, Any]]:
    """Contracts with annotated parties of one half, or all."""
    for line in folder.joinpath("spans.jsonl").read_text("utf8").splitlines():
        contract = json.loads(line)
        side = "dev" if hashlib.sha256(contract["title"].encode()).digest()[0] % 2 else "test"
        if half in ("all", side) and contract["labels"].get("Parties"):
            yield contract


def judge(path: Path, contract: dict[str, Any]) -> dict[str, Any]:
    """What was found and missed in one contract."""
    text = path.read_bytes().decode("utf8").replace("\r\n", "\n")
    gold = annotated(contract, text)
    parties = parties_of(path)
    names = [words(party.name) for party in parties if words(party.name)]
    aliases = [words(alias) for party in parties for alias in party.aliases if words(alias)]
    every = list(dict.fromkeys([*names, *aliases]))
    wrong = [one for one in every if not any(same(one, other) for other in gold)]
    behind = terms_behind(gold, text) if wrong else set()
    unjudged = [one for one in wrong if one in behind]
    return {
        "file": contract["txt"],
        "gold": gold,
        "names": names,
        "every": every,
        "missed": [one for one in gold if not any(same(one, other) for other in every)],
        "wrong": [one for one in wrong if one not in unjudged],
        "unjudged": unjudged,
    }


def figures(results: list[dict[str, Any]]) -> dict[str, float]:
    """Recall and precision of all contracts together."""

    def total(key: str) -> int:
        return sum(len(result[key]) for result in results)

    judged = [
        (name, result["wrong"])
        for result in results
        for name in result["names"]
        if name not in result["unjudged"]
    ]
    right_names = sum(name not in wrong for name, wrong in judged)
    right = total("every") - total("wrong") - total("unjudged")
    recalls = [1 - len(r["missed"]) / len(r["gold"]) for r in results if r["gold"]]
    return {
        "recall": round(1 - total("missed") / total("gold"), 4),
        "recall_by_contract": round(sum(recalls) / len(recalls), 4),
        "precision": round(right / (right + total("wrong")), 4),
        "precision_names": round(right_names / len(judged), 4),
        "precision_strict": round(right / total("every"), 4),
        "gold": total("gold"),
        "missed": total("missed"),
        "found": total("every"),
        "wrong": total("wrong"),
        "unjudged": total("unjudged"),
        "contracts": len(results),
        "contracts_with_errors": sum(bool(r["missed"] or r["wrong"]) for r in results),
    }


def main() -> None:
    """Print precision and recall, and some errors."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cuad", type=Path)
    parser.add_argument("--half", choices=("dev", "test", "all"), default="all")
    parser.add_argument("--errors", type=int, default=0)
    options = parser.parse_args()
    results = [
        judge(options.cuad / "txt" / contract["txt"], contract)
        for contract in contracts(options.cuad, options.half)
    ]
    print(json.dumps(figures(results), indent=1))
    errors = [result for result in results if result["missed"] or result["wrong"]]
    for error in errors[: options.errors]:
        shown = {key: error[key] for key in ("file", "missed", "wrong")}
        print(json.dumps(shown, ensure_ascii=False))


if __name__ == "__main__":
    main()
