"""Score the whole pipeline on annotated drafts: clauses, parties, labels, norms and findings.

A gold file (``NAME.gold.json``) names its draft and says what a careful reader finds in it; see
``corpus/README.md``. Clauses are matched by number, norms by the words of their sentence.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from clausescan.contract import Clause, Norm
from clausescan.errors import DataError
from clausescan.report import Report
from clausescan.scanner import scan


@dataclass(slots=True)
class Tally:
    """Hits, misses and false alarms of one kind of answer."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, expected: Iterable[str], found: Iterable[str]) -> None:
        """Count one set of answers against the expected set."""
        wanted, got = set(expected), set(found)
        self.right += len(wanted & got)
        self.wrong += len(got - wanted)
        self.missed += len(wanted - got)

    def scores(self) -> dict[str, float]:
        """Precision, recall and F1."""
        precision = self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0
        recall = self.right / (self.right + self.missed) if self.right + self.missed else 1.0
        total = precision + recall
        return {
            "precision": round(precision, 4),
            "recall": round(recall, 4),
            "f1": round(2 * precision * recall / total, 4) if total else 0.0,
        }


@dataclass(slots=True)
class DraftScores:
    """How the pipeline did on a set of drafts."""

    clauses: Tally = field(default_factory=Tally)
    parties: Tally = field(default_factory=Tally)
    sides: Tally = field(default_factory=Tally)
    labels: Tally = field(default_factory=Tally)
    burdened: Tally = field(default_factory=Tally)
    bearers: Tally = field(default_factory=Tally)
    modalities: Tally = field(default_factory=Tally)
    findings: Tally = field(default_factory=Tally)
    lights: Tally = field(default_factory=Tally)
    drafts: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Plain figures, rounded to four places."""
        kinds = (
            "clauses", "parties", "sides", "labels", "burdened", "bearers", "modalities",
            "findings", "lights",
        )  # fmt: skip
        return {"drafts": self.drafts, **{kind: getattr(self, kind).scores() for kind in kinds}}


def read_gold(path: Path) -> dict[str, Any]:
    """One gold file.

    Raises:
        DataError: When it is not a gold file.
    """
    try:
        gold = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"{path.name} is not a readable gold file: {error}") from error
    missing = {"file", "parties", "clauses", "findings", "not_findings", "light"} - set(gold)
    if missing:
        raise DataError(f"{path.name} lacks {', '.join(sorted(missing))}.")
    return dict(gold)


def evaluate_drafts(paths: Sequence[Path]) -> DraftScores:
    """Scan the drafts of the given gold files and score the reports."""
    scores = DraftScores()
    for path in paths:
        gold = read_gold(path)
        score_report(scan(path.parent / gold["file"]), gold, scores)
    return scores


def score_report(report: Report, gold: Mapping[str, Any], scores: DraftScores) -> None:
    """Add one report's hits and misses to the scores."""
    scores.drafts += 1
    clauses = _by_number(report.clauses)
    wanted = {_key(item["number"]) for item in gold["clauses"]}
    leaves = {key for key, items in clauses.items() if any(_is_leaf(item) for item in items)}
    scores.clauses.add(wanted, {key for key in clauses if key in wanted or key in leaves})
    scores.parties.add(
        (_name(party["name"]) for party in gold["parties"]),
        (_name(party.name) for party in report.parties),
    )
    names = {party.id: {_name(party.name), *map(_name, party.aliases)} for party in report.parties}
    scores.sides.add(
        (f"{_name(party['name'])}={party['side']}" for party in gold["parties"]),
        (f"{_name(party.name)}={party.side}" for party in report.parties),
    )
    norms = {norm.id: norm for norm in report.norms}
    for item in gold["clauses"]:
        found = clauses.get(_key(item["number"]), [])
        _score_clause(item, found, norms, names, scores)
    fired = {finding.rule for finding in report.findings}
    known = {*gold["findings"], *gold["not_findings"]}
    scores.findings.add(gold["findings"], fired & known)
    scores.lights.add([gold["light"]], [report.summary.light])


def _score_clause(
    item: Mapping[str, Any],
    found: Sequence[Clause],
    norms: Mapping[str, Norm],
    names: Mapping[str, set[str]],
    scores: DraftScores,
) -> None:
    labels = {label.label for clause in found for label in clause.labels}
    scores.labels.add(item["labels"], labels)
    if found:
        burdened = {clause.burdened for clause in found} - {"none"} or {"none"}
        scores.burdened.add([item["burdened"]], [sorted(burdened)[0]])
    for norm in item["norms"]:
        quote = _plain(norm["quote"])
        matches = [
            norms[norm_id]
            for clause in found
            for sentence in clause.sentences
            if quote in _plain(sentence.text)
            for norm_id in sentence.norms
        ]
        modalities = {match.modality for match in matches}
        bearers = {match.bearer for match in matches if match.modality == norm["modality"]}
        bearers = bearers or {match.bearer for match in matches}
        hit = norm["modality"] in modalities
        found_modality = norm["modality"] if hit else next(iter(sorted(modalities)), None)
        scores.modalities.add([norm["modality"]], [found_modality] if found_modality else [])
        right = any(_is_bearer(bearer, norm["bearer"], names) for bearer in bearers)
        answer = norm["bearer"] if right else "wrong"
        scores.bearers.add([norm["bearer"]], [answer] if bearers - {"unknown"} or right else [])


def _is_bearer(bearer: str, expected: str, names: Mapping[str, set[str]]) -> bool:
    if bearer in ("both", "unknown"):
        return bearer == expected
    return _name(expected) in names.get(bearer, set())


def _by_number(clauses: Iterable[Clause]) -> dict[str, list[Clause]]:
    grouped: dict[str, list[Clause]] = {}
    for clause in clauses:
        if clause.number and clause.kind in ("clause", "annex"):
            grouped.setdefault(_key(clause.number), []).append(clause)
    return grouped


def _is_leaf(clause: Clause) -> bool:
    return clause.kind == "clause" and not clause.text.rstrip().endswith((":", "："))


def _key(number: str) -> str:
    table = str.maketrans("（）．", "().")
    return re.sub(r"\s+", "", number.translate(table)).rstrip(".").casefold()


def _name(name: str) -> str:
    return re.sub(r"[\s.,]+", "", name).casefold()


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", text.replace("’", "'")).casefold()
