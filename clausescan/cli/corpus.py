"""The commands that move annotated clauses in and out, and say what to annotate next."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from clausescan.cli.output import DONE, say

if TYPE_CHECKING:
    from clausescan.annotation.exchange import Imported

corpus_app = typer.Typer(
    no_args_is_help=True, help="Annotated clauses: to and from other tools, and what to annotate."
)

_NAMED = 10
"""Disputed texts that are told one by one."""


class Tool(StrEnum):
    """Formats of annotated clauses."""

    jsonl = "jsonl"
    prodigy = "prodigy"
    doccano = "doccano"
    label_studio = "label-studio"
    csv = "csv"
    spacy = "spacy"
    cuad = "cuad"


@corpus_app.command("import")
def corpus_import_cli(
    source: Annotated[Path, typer.Argument(help="What an annotation tool exported.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Corpus file to write, .jsonl.")],
    form: Annotated[
        Tool | None, typer.Option("--format", "-f", help="Of the source; default: as it looks.")
    ] = None,
    renamed: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="OLD=NEW",
            help="A label's name here, or a .toml file of such lines; may be given again.",
        ),
    ] = None,
    new_labels: Annotated[
        bool, typer.Option("--new-labels", help="Keep labels that clausescan does not know.")
    ] = False,
    keep_empty: Annotated[
        bool,
        typer.Option(
            "--keep-empty",
            help="Take texts without labels for annotated where the file does not tell.",
        ),
    ] = False,
) -> None:
    """Read an annotation tool's file into a corpus; says what was left out."""
    from clausescan.annotation.exchange import import_corpus
    from clausescan.annotation.labels import label_map
    from clausescan.corpus import write_corpus
    from clausescan.errors import DataError

    imported = import_corpus(
        source,
        form=form.value if form else None,
        label_map=label_map(renamed or ()),
        new_labels=new_labels,
        keep_empty=keep_empty,
    )
    if not imported.records:
        raise DataError(f"{source}: nothing to import. {_left_out(imported) or 'It is empty.'}")
    write_corpus(imported.records, out)
    _tell(imported)


def _tell(imported: Imported) -> None:
    records = imported.records
    carried = {label for record in records for label in record.labels}
    say(f"{len(records)} records with {len(carried)} labels from {imported.form}.")
    if left_out := _left_out(imported):
        say(left_out)
    disputes = (*imported.clashes, *imported.doubtful)
    for dispute in disputes[:_NAMED]:
        say(f"warning: {dispute}")
    if len(disputes) > _NAMED:
        say(f"warning: {len(disputes) - _NAMED} more are disputed")
    if not any(record.document for record in records):
        say(
            "warning: no record names its document, so training cannot score itself on others; "
            "give each the key or column 'document'"
        )


def _left_out(imported: Imported) -> str:
    """What was not taken, as one line; "" for nothing."""
    counts = [f"{count} {reason}" for reason, count in sorted(imported.skipped.items())]
    if imported.clashes:
        counts.append(f"{len(imported.clashes)} disputed")
    if imported.repeated:
        counts.append(f"{imported.repeated} said the same as another")
    hint = " Take those without labels with --keep-empty." * ("without labels" in imported.skipped)
    return f"Left out: {', '.join(counts)}.{hint}" if counts else ""


@corpus_app.command("export")
def corpus_export_cli(
    corpus: Annotated[Path, typer.Argument(help="Annotated clauses: a .jsonl file or a folder.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="File to write.")],
    form: Annotated[
        Tool | None,
        typer.Option("--format", "-f", help="Default: as the suffix of -o says."),
    ] = None,
) -> None:
    """Write a corpus for an annotation tool."""
    from clausescan.annotation.exchange import export_corpus

    count = export_corpus(corpus, out, form=form.value if form else None)
    say(f"{count} records written to {out}.")
    raise typer.Exit(DONE)
