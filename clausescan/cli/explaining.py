"""The command that explains labels."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from clausescan.cli.options import Limit, Original, Password, Plain
from clausescan.cli.output import coloured, echo, terminal_width
from clausescan.cli.scanning import scanned

if TYPE_CHECKING:
    from clausescan.report import Report


def explain_cli(
    draft: Annotated[
        Path, typer.Argument(help="A draft, or its report in JSON, which saves reading it again.")
    ],
    clause: Annotated[str, typer.Argument(help="The clause's number in the draft, or its id.")],
    label: Annotated[
        str | None,
        typer.Option("--label", metavar="ID", help="Only this label, also one that was not given."),
    ] = None,
    form: Annotated[Plain, typer.Option("--format", "-f", help="Text, or all as JSON.")] = (
        Plain.text
    ),
    model: Annotated[
        Path | None,
        typer.Option("--model", metavar="FOLDER", help="Ask this model, not the installed one."),
    ] = None,
    original: Original = False,
    limit: Limit = None,
    password: Password = None,
) -> None:
    """Say why a clause carries its labels (rules, words, vetoes, examples) and its score."""
    report = _report_of(draft, model, original=original, limit=limit, password=password)
    explanation = report.explain(clause, label=label, model=model)
    if form is Plain.json:
        echo(explanation.to_json())
    else:
        echo(explanation.to_text(width=terminal_width(), colour=coloured()))


def _report_of(
    draft: Path,
    model: Path | None,
    *,
    original: bool,
    limit: list[str] | None,
    password: str | None,
) -> Report:
    if draft.suffix.lower() != ".json":
        return scanned(draft, model=model, original=original, limit=limit, password=password)
    from clausescan.report.schema import load_report

    return load_report(draft)
