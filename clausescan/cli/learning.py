"""The commands that train label models and score them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from clausescan.cli.options import Plain
from clausescan.cli.output import echo

if TYPE_CHECKING:
    from clausescan.evaluation import Scores


def train_cli(
    corpus: Annotated[Path, typer.Argument(help="Annotated clauses: a .jsonl file or a folder.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the new model.")],
    base: Annotated[
        Path | None, typer.Option("--base", help="Model to start from; default: the shipped one.")
    ] = None,
    held_out: Annotated[
        float, typer.Option("--held-out", min=0, max=0.9, help="Share of documents to score on.")
    ] = 0.2,
    form: Annotated[Plain, typer.Option("--format", "-f", help="Of the scores.")] = Plain.text,
) -> None:
    """Retrain the labels on your own clauses; prints the scores before and after."""
    from clausescan.training import train

    scores = train(corpus, out=out, base=base, held_out=held_out)
    if form is Plain.json:
        echo(json.dumps(scores.to_dict(), indent=2))
        return
    echo(f"Trained {len(scores.trained)} labels on {scores.documents[0]} documents.")
    if scores.before and scores.after:
        echo(f"Scored on {scores.documents[1]} other documents, before → after:")
        echo(_scores_table(scores.after, scores.before))


def evaluate_cli(
    model: Annotated[Path, typer.Argument(help="Folder of a model.")],
    corpus: Annotated[Path, typer.Argument(help="Annotated clauses: a .jsonl file or a folder.")],
    form: Annotated[Plain, typer.Option("--format", "-f", help="Of the scores.")] = Plain.text,
) -> None:
    """Score a model on annotated clauses."""
    from clausescan.evaluation import evaluate

    scores = evaluate(model, corpus)
    if form is Plain.json:
        echo(json.dumps(scores.to_dict(), indent=2))
        return
    echo(_scores_table(scores))
    echo(_sureness(scores))


def _sureness(scores: Scores) -> str:
    """What to expect on other documents."""
    from clausescan.learning.intervals import FEWEST_DOCUMENTS

    if (drawn := scores.intervals) is None:
        return (
            f"No intervals: they need sentences of {FEWEST_DOCUMENTS} documents or more, "
            'named in the key "document".'
        )
    ends = {
        "P": drawn.micro["precision"],
        "R": drawn.micro["recall"],
        "F1": drawn.micro["f1"],
        "AP": drawn.micro["ap"],
        "macro F1": drawn.macro["f1"],
        "macro AP": drawn.macro["ap"],
    }
    told = ", ".join(f"{name} {low:.3f}–{high:.3f}" for name, (low, high) in ends.items())
    return f"95% intervals over {drawn.documents} {drawn.by}s: {told}."


def _scores_table(scores: Scores, before: Scores | None = None) -> str:
    drawn = scores.intervals
    head = f"{'label':<26} {'n':>5} {'P':>6} {'R':>6} {'F1':>6}"
    lines = [head + "  F1 before" * bool(before) + f"  {'F1, 95%':>11}" * bool(drawn)]
    rows = [("all", scores.micro, before.micro if before else None)]
    rows += [
        (name, score, before.labels.get(name) if before else None)
        for name, score in sorted(scores.labels.items())
    ]
    for name, score, old in rows:
        line = f"{name:<26} {score.positives:>5} {score.precision:>6.3f} {score.recall:>6.3f}"
        line += f" {score.f1:>6.3f}" + (f" {old.f1:>10.3f}" if old else "")
        ends = drawn and (drawn.micro if name == "all" else drawn.labels.get(name))
        lines.append(line + (f"  {ends['f1'][0]:.3f}–{ends['f1'][1]:.3f}" if ends else ""))
    return "\n".join(lines)
