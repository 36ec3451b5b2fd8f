"""The commands that train label models and score them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

from clausescan.cli.options import Plain
from clausescan.cli.output import echo, say

if TYPE_CHECKING:
    from clausescan.evaluation import Scores
    from clausescan.training import TrainingScores


def train_cli(
    corpus: Annotated[Path, typer.Argument(help="Annotated clauses: a .jsonl file or a folder.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the new model.")],
    base: Annotated[
        Path | None, typer.Option("--base", help="Model to start from; default: the shipped one.")
    ] = None,
    label: Annotated[
        list[str] | None,
        typer.Option(
            "--label",
            metavar="ID=MEANING",
            help="A new label that the clauses carry, and what it means; may be given again.",
        ),
    ] = None,
    held_out: Annotated[
        float,
        typer.Option("--held-out", min=0, max=0.9, help="Share of documents to hold out at a time"),
    ] = 0.2,
    force: Annotated[
        bool, typer.Option("--force", help="Write the model even if it is worse than the old one.")
    ] = False,
    form: Annotated[Plain, typer.Option("--format", "-f", help="Of the scores.")] = Plain.text,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")] = False,
) -> None:
    """Retrain the labels on your own clauses; prints the scores before and after."""
    from clausescan.training import train

    start = monotonic()
    with _bar(quiet) as tell:
        scores = train(
            corpus,
            out=out,
            base=base,
            labels=_meanings(label or ()),
            held_out=held_out,
            force=force,
            progress=tell,
        )
    if not quiet:
        say(f"{out} written in {monotonic() - start:.0f} seconds.")
    echo(json.dumps(scores.to_dict(), indent=2) if form is Plain.json else _told(scores))


def _meanings(labels: Sequence[str]) -> dict[str, str]:
    pairs = [label.partition("=") for label in labels]
    if broken := [whole for whole, (_, mark, _) in zip(labels, pairs, strict=True) if not mark]:
        raise typer.BadParameter(f"--label is written ID=MEANING, not {broken[0]!r}.")
    return {name.strip(): meaning.strip() for name, _, meaning in pairs}


@contextmanager
def _bar(quiet: bool) -> Iterator[Callable[[int, int], None]]:
    from tqdm import tqdm

    # disable=None: a bar on a terminal only.
    with tqdm(unit="label", desc="training", leave=False, disable=quiet or None) as bar:

        def tell(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield tell


def _told(scores: TrainingScores) -> str:
    lines = [f"Trained {len(scores.trained)} labels on {scores.documents} documents."]
    if scores.kept:
        lines.append(f"Left as they were, to lose nothing in general: {', '.join(scores.kept)}.")
    if scores.own is not None:
        lines.append("On your sentences, each judged by a model that has not seen its document:")
        lines.append(_scores_table(scores.own.after, scores.own.before))
    if scores.general is not None:
        old, new = scores.general.before.micro.f1, scores.general.after.micro.f1
        lines.append(f"On the sentences that the old model came with: F1 {old:.3f} → {new:.3f}.")
    return "\n".join(lines)


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
        if score.positives or score.given
    ]
    for name, score, old in rows:
        line = f"{name:<26} {score.positives:>5} {score.precision:>6.3f} {score.recall:>6.3f}"
        line += f" {score.f1:>6.3f}" + (f" {old.f1:>10.3f}" if old else "")
        ends = drawn and (drawn.micro if name == "all" else drawn.labels.get(name))
        lines.append(line + (f"  {ends['f1'][0]:.3f}–{ends['f1'][1]:.3f}" if ends else ""))
    return "\n".join(lines)
