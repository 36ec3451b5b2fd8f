"""What a retrained model says of itself: ``README.md`` for people, ``training.json`` for programs.

Neither holds a date or a path: the same corpus and versions give the same bytes.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from clausescan.corpus import ClauseRecord
from clausescan.learning.trial import TOLERANCE, Compared, Split
from clausescan.learning.updating import RARE, STRENGTH
from clausescan.version import VERSION

SCHEMA = "clausescan.training/1"
TRAINING_FILE = "training.json"
CARD_FILE = "README.md"
_PACKAGES = ("numpy", "scikit-learn", "scipy", "spacy")
_NO_SEEDS = "Nothing is drawn by lot: there are no seeds, and the same corpus gives the same bytes."


def facts_of(
    records: Sequence[ClauseRecord], *, base: Mapping[str, Any], parts: Split | None
) -> dict[str, Any]:
    """What stood fixed before the training: base, corpus, split, settings, versions.

    Args:
        records: The annotated sentences.
        base: The ``meta`` of the pipeline it started from.
        parts: How the sentences were split to score them.
    """
    counts = Counter(label for record in records for label in record.labels)
    return {
        "base": f"{base['lang']}-{base['version']}",
        "corpus": {
            "sentences": len(records),
            "documents": len({record.document for record in records}),
            "labels": dict(sorted(counts.items())),
        },
        "split": parts and {"by": parts.by, "held_out_in_turn": [list(f) for f in parts.folds]},
        "settings": {"strength": STRENGTH, "rare": RARE, "tolerance": TOLERANCE},
        "seeds": [],
        "versions": {"clausescan": VERSION} | {name: version(name) for name in _PACKAGES},
    }


def write_card(
    folder: Path, name: str, facts: Mapping[str, Any], scores: Mapping[str, Any], tables: str
) -> None:
    """Write both files into the folder of a pipeline.

    Args:
        folder: The pipeline's.
        name: Language and version of the new model.
        facts: See `facts_of`.
        scores: The training's scores as a dict.
        tables: The same as Markdown.
    """
    data = {"schema": SCHEMA, "model": name, **facts, "scores": scores}
    text = json.dumps(data, indent=1, ensure_ascii=False) + "\n"
    folder.joinpath(TRAINING_FILE).write_text(text, encoding="utf8")
    folder.joinpath(CARD_FILE).write_text(_card(name, facts, tables), encoding="utf8")


def _card(name: str, facts: Mapping[str, Any], tables: str) -> str:
    corpus, split = facts["corpus"], facts["split"]
    versions = ", ".join(f"{key} {value}" for key, value in facts["versions"].items())
    parts = split["held_out_in_turn"] if split else []
    lines = [
        f"# {name}",
        "",
        f"A clausescan pipeline retrained from {facts['base']} on {corpus['sentences']:,} "
        f"annotated sentences of {corpus['documents']:,} documents.",
        "",
        "Holds the annotated sentences in `examples.jsonl`: whoever has the folder can read them.",
        "",
        "## Scores",
        "",
        tables,
        "",
        "## How",
        "",
        f"- {_NO_SEEDS}",
        f"- Versions: {versions}.",
        f"- Held out in turn, by {split['by']}: {len(parts)} parts, see `{TRAINING_FILE}`."
        if split
        else "- Nothing was held out.",
        "",
        "## Annotated",
        "",
    ]
    lines += [f"- {label}: {count}" for label, count in corpus["labels"].items()]
    lines += ["", "## Limits", ""]
    lines.append(
        "Labels say what a sentence is about, not that the clause is valid or enough. Scores on "
        "few sentences are rough. Not legal advice."
    )
    return "\n".join(lines) + "\n"


def markdown(compared: Compared) -> str:
    """A comparison as a table, labels with annotated sentences only."""
    rows = ["| label | n | F1 before | F1 after |", "|---|---|---|---|"]
    before, after = compared.before, compared.after
    pairs = [("all", before.micro, after.micro)]
    pairs += [(n, before.labels[n], s) for n, s in sorted(after.labels.items()) if s.positives]
    rows += [f"| {n} | {s.positives} | {old.f1:.3f} | {s.f1:.3f} |" for n, old, s in pairs]
    return "\n".join(rows)
