"""The commands that move annotated clauses in and out, and say what to annotate next."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from clausescan.cli.output import UNREAD, echo, say

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


class Listing(StrEnum):
    """How labels are listed."""

    text = "text"
    label_studio = "label-studio"


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
    from clausescan.annotation.lines import write
    from clausescan.errors import DataError, UsageError

    if out.suffix.lower() != ".jsonl":
        raise UsageError(f"{out}: a corpus is JSON Lines; give it the suffix .jsonl.")
    imported = import_corpus(
        source,
        form=form.value if form else None,
        label_map=label_map(renamed or ()),
        new_labels=new_labels,
        keep_empty=keep_empty,
    )
    if not imported.records:
        raise DataError(f"{source}: nothing to import. {_left_out(imported) or 'It is empty.'}")
    write(imported.records, out)
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


@corpus_app.command("suggest")
def corpus_suggest_cli(
    drafts: Annotated[
        Path, typer.Argument(help="A folder of drafts, or a text file with one path a line.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="File to write.")],
    count: Annotated[int, typer.Option("--count", "-n", help="How many sentences.")] = 50,
    form: Annotated[
        Tool | None,
        typer.Option("--format", "-f", help="Default: as the suffix of -o says."),
    ] = None,
    annotated: Annotated[
        Path | None,
        typer.Option(
            "--annotated",
            metavar="CORPUS",
            help="What you have annotated: not again, and labels with few sentences first.",
        ),
    ] = None,
    base: Annotated[
        Path | None, typer.Option("--base", help="Model to retrain; default: the shipped one.")
    ] = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", help="Number of processes.")] = 1,
) -> None:
    """Pick the sentences of drafts most worth annotating, ready for an annotation tool."""
    from clausescan.annotation.exchange import read_any_labels
    from clausescan.annotation.formats import suggestion_writer
    from clausescan.annotation.suggest import suggest
    from clausescan.batch import find_drafts

    write = suggestion_writer(out, form.value if form else None)
    found = suggest(
        [draft.path for draft in find_drafts(drafts)],
        count=count,
        annotated=() if annotated is None else read_any_labels(annotated),
        model=base,
        jobs=jobs,
    )
    for failure in found.failures:
        say(f"clausescan: {failure}")
    if found.suggestions:
        write(found.suggestions, out)
    say(f"{len(found.suggestions)} sentences of {found.drafts} drafts written to {out}.")
    if found.failures:
        raise typer.Exit(UNREAD)


@corpus_app.command("labels")
def corpus_labels_cli(
    form: Annotated[
        Listing, typer.Option("--format", "-f", help="Text, or Label Studio's interface.")
    ] = Listing.text,
    model: Annotated[
        Path | None, typer.Option("--model", help="Own model: its own labels are listed as well.")
    ] = None,
) -> None:
    """List the labels and what they mean, or set up Label Studio for them."""
    from clausescan.annotation.label_studio import interface
    from clausescan.pipeline.labels import own_labels
    from clausescan.pipeline.taxonomy import with_own

    labels = with_own({} if model is None else own_labels(model))
    if form is Listing.label_studio:
        echo(interface(list(labels)))
        return
    for label in labels.values():
        echo(f"{label.id:<26} {label.definition}")
